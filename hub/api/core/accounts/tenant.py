"""/api/tenant: the business's own profile."""

from typing import Annotated, Literal

from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.schema import Out
from hub.api.kit.table import get, patch
from hub.models.accounts.tenant import Tenant
from hub.services.accounts import tenants
from hub.web.schema import CleanText, In, OneLine

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Name = Annotated[OneLine, Field(min_length=1, max_length=255)]
Long = Annotated[CleanText, Field(max_length=5000)]


class TenantOut(Out, columns=(
        Tenant.id, Tenant.name, Tenant.language, Tenant.tone, Tenant.address_style, Tenant.currency, Tenant.timezone,
        Tenant.working_hours_start, Tenant.working_hours_end, Tenant.auto_reply_outside_hours, Tenant.escalation_email,
        Tenant.allow_discounts, Tenant.max_discount_percent, Tenant.delivery_options, Tenant.return_policy,
        Tenant.status, Tenant.created_at, Tenant.updated_at)):
    """The business's own profile; hours in its time zone."""


class TenantPatch(In):
    """What of the profile can be changed; what is not sent stays as it is."""

    name: Name = ""
    language: Literal["ru", "en"] = "ru"
    tone: Literal["formal", "friendly"] = "friendly"
    address_style: Literal["vy", "ty"] = "vy"
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "RUB"
    timezone: str = "Europe/Moscow"
    working_hours_start: Clock = "09:00"
    working_hours_end: Clock = "18:00"
    auto_reply_outside_hours: bool = True
    escalation_email: Annotated[OneLine, Field(max_length=255)] | None = None
    allow_discounts: bool = False
    max_discount_percent: Annotated[int, Field(ge=0, le=100)] = 0
    delivery_options: Long | None = None
    return_policy: Long | None = None


def show(caller: UserCaller) -> TenantOut:
    """Show the business's profile."""
    return TenantOut.of(caller.tenant)


def update(caller: UserCaller, body: TenantPatch) -> TenantOut:
    """Change the given fields of the business's profile."""
    return TenantOut.of(tenants.change(caller, caller.tenant, **body.given()))


core.table(
    "tenant",
    get("/api/tenant", show, permission=Permission.VIEW_CONVERSATIONS),
    patch("/api/tenant", update, permission=Permission.MANAGE_TENANT_SETTINGS),
)
