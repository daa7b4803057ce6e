"""Switching a feature for one business or for all."""

from uuid import UUID

import structlog

from hub.access import flags
from hub.access.callers import Caller, UserCaller, tenant_id
from hub.access.flags import Flag
from hub.access.roles import Permission
from hub.errors import Forbidden, NotFound
from hub.lib.fields import N_
from hub.models.accounts.tenant import Tenant
from hub.models.base import transaction
from hub.models.platform.feature_flag import FeatureFlag
from hub.services import changes

log = structlog.get_logger(__name__)


def known(name: str) -> Flag:
    """The flag of that name, FEATURE_ before it or not; NotFound."""
    try:
        return Flag(name.upper().removeprefix("FEATURE_"))
    except ValueError:
        raise NotFound(message="There is no such feature flag.") from None


def check_reach(caller: UserCaller, tenant: UUID | None) -> Tenant | None:
    """The business that the caller may switch it for, None for all of them; Forbidden for what is not their own."""
    if tenant == caller.tenant.uuid:
        return caller.tenant
    if not caller.may(Permission.PLATFORM_ADMIN):
        raise Forbidden("platform_admin_only", N_("Only an administrator of the platform may do this for others."))
    found = None if tenant is None else Tenant.get_or_none(Tenant.uuid == tenant)
    if tenant is not None and found is None:
        raise NotFound(message="There is no such business.")
    return found


def switch(caller: Caller, flag: Flag, tenant: Tenant | None, enabled: bool) -> FeatureFlag:
    """Other processes follow within seconds. What concerns one business stands in its log, what concerns all in the
    log of who did it."""
    with transaction():
        row = FeatureFlag.get_or_none(FeatureFlag.name == flag,
                                      FeatureFlag.tenant.is_null() if tenant is None else FeatureFlag.tenant == tenant)
        is_told = tenant is not None or tenant_id(caller) is not None       # a command has no log of its own
        if row is None and is_told:
            row = changes.create(caller, FeatureFlag, {"tenant": tenant, "name": flag, "enabled": enabled})
        elif row is None:
            row = FeatureFlag.create(tenant=None, name=flag, enabled=enabled)
        elif is_told:
            changes.apply(caller, row, {"enabled": enabled})
        else:
            FeatureFlag.update(enabled=enabled).where(FeatureFlag.id == row.id).execute()
    flags.forget()
    log.info("flag.switched", flag=flag, tenant=tenant and tenant.id, enabled=enabled, by=caller.actor)
    return row
