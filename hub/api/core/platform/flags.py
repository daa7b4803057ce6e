"""/api/admin/feature-flags: what is switched on, for this business or for all."""

from uuid import UUID

from hub.access import flags
from hub.access.callers import UserCaller
from hub.access.flags import Flag
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.schema import Out
from hub.api.kit.table import get, post
from hub.services.platform import flags as switches
from hub.web.schema import In


class FlagOut(Out):
    """A feature. `source` says who decides: environment, tenant, everybody or default."""

    name: str
    enabled: bool
    source: str


class ToggleIn(In):
    """On or off, for the business of that id; without one for all, as only administrators of the platform may."""

    enabled: bool
    tenant_id: UUID | None = None


def index(caller: UserCaller) -> list[FlagOut]:
    """List all features as they are for this business."""
    return [FlagOut.of(flags.state(flag, caller.tenant)) for flag in Flag]


def show(caller: UserCaller, name: str) -> FlagOut:
    """Show one feature as it is for this business."""
    return FlagOut.of(flags.state(switches.known(name), caller.tenant))


def check(caller: UserCaller, name: str) -> FlagOut:
    """Tell whether a feature is on for this business."""
    return show(caller, name)


def toggle(caller: UserCaller, name: str, body: ToggleIn) -> FlagOut:
    """Switch a feature for one business or for all. What the environment says goes before."""
    flag, tenant = switches.known(name), switches.check_reach(caller, body.tenant_id)
    switches.switch(caller, flag, tenant, body.enabled)
    return FlagOut.of(flags.state(flag, tenant))


core.table(
    "feature-flags",
    get("/api/admin/feature-flags", index, permission=Permission.VIEW_AUDIT_LOGS),
    get("/api/admin/feature-flags/<name>", show, permission=Permission.VIEW_AUDIT_LOGS),
    post("/api/admin/feature-flags/<name>/toggle", toggle, permission=Permission.MANAGE_TENANT_SETTINGS),
    get("/api/feature-flags/<name>/check", check, permission=Permission.VIEW_CONVERSATIONS),
)
