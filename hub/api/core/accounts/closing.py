"""/api/tenant/closing: the end of a business, by its owner or by the platform."""

from uuid import UUID

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.core.platform.tenants import ActionOut, ReasonBody
from hub.api.kit.schema import Out
from hub.api.kit.table import delete, get, post
from hub.models.accounts.tenant import Tenant
from hub.services.accounts import closing
from hub.services.platform import tenants
from hub.web.people import OwnPasswordIn

_OWNER = Permission.MANAGE_USERS


class ClosingOut(Out, columns=(Tenant.closing_at,)):
    """When everything of the business will be erased; null: never."""


def show(caller: UserCaller) -> ClosingOut:
    """Show whether the business will be erased, and when."""
    return ClosingOut.of(caller.tenant)


def ask(caller: UserCaller, body: OwnPasswordIn) -> ClosingOut:
    """Erase everything of the business a week from now."""
    return ClosingOut.of(closing.ask(caller, body.password))


def take_back(caller: UserCaller) -> ClosingOut:
    """Keep the business after all."""
    return ClosingOut.of(closing.take_back(caller))


def ask_for(caller: UserCaller, tenant: UUID, body: ReasonBody) -> ActionOut:
    """Erase everything of a business a week from now."""
    return ActionOut(action_id=closing.ask_for(caller, tenants.found(tenant), body.reason))


def take_back_for(caller: UserCaller, tenant: UUID, body: ReasonBody) -> ActionOut:
    """Keep a business that was to be erased."""
    return ActionOut(action_id=closing.take_back_for(caller, tenants.found(tenant), body.reason))


core.table(
    "closing",
    get("/api/tenant/closing", show, permission=_OWNER),
    post("/api/tenant/closing", ask, permission=_OWNER, limit=("auth",)),
    delete("/api/tenant/closing", take_back, permission=_OWNER, status=200),
    post("/api/admin/tenants/<tenant>/closing", ask_for, permission=Permission.PLATFORM_OWNER),
    delete("/api/admin/tenants/<tenant>/closing", take_back_for, permission=Permission.PLATFORM_OWNER, status=200),
)
