"""May a business go on using what is paid for: by its plan, its trial, or a grant of the platform.

Who runs a hub for themselves pays nobody, so nothing is refused unless SUBSCRIPTION_REQUIRED is set.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hub.access.callers import Caller, tenant_id
from hub.errors import HubError
from hub.lib import clock
from hub.lib.fields import N_
from hub.models.accounts.tenant import Plan, Tenant
from hub.models.platform.grant import Grant
from hub.settings import current_settings


def is_active(tenant: Tenant, grants: Iterable[Grant], moment: datetime) -> bool:
    """Has the business access at this moment? By a plan that is paid for, a trial that runs, or one of the grants."""
    if tenant.plan != Plan.TRIAL or tenant.trial_until > moment:
        return True
    return any(grant.starts_at <= moment < grant.ends_at and grant.revoked_at is None for grant in grants)


@dataclass(frozen=True)
class Access:
    """`status`: active | expired; `ends_at`: of the last grant that runs, None where access rests on no grant."""

    status: str
    ends_at: datetime | None


def of(tenant: Tenant) -> Access:
    """How a business stands now."""
    moment = clock.now()
    grants = list(Grant.live(tenant, moment))
    ends_at = max((grant.ends_at for grant in grants), default=None)
    return Access("active" if is_active(tenant, grants, moment) else "expired", ends_at)


def require_active_subscription(caller: Caller) -> None:
    """Refuse the callers of a business without access: HubError 402 SUBSCRIPTION_REQUIRED."""
    if not current_settings().subscription_required:
        return
    moment, number = clock.now(), tenant_id(caller)
    tenant = caller.tenant if isinstance(caller.tenant, Tenant) else Tenant.get_or_none(Tenant.id == number)
    if tenant is None or is_active(tenant, Grant.live(tenant, moment), moment):
        return
    raise HubError("SUBSCRIPTION_REQUIRED", N_("The trial is over. Choose a plan to go on."),
                   {"plan": tenant.plan, "trialEndsAt": clock.iso(tenant.trial_until)}, status=402)
