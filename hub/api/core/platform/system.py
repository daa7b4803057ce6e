"""/api/admin/system and /api/system/health: how the installation does, in full for those who look after it."""

from pydantic import Field

from hub.access import identity
from hub.access.callers import Caller, UserCaller
from hub.access.roles import Permission
from hub.api.core import PLATFORM, core
from hub.api.kit.schema import Moment, Out
from hub.api.kit.table import get
from hub.errors import HubError
from hub.lib import clock
from hub.lib.cache import Cache
from hub.lib.json_types import JsonObject
from hub.services.platform import figures
from hub.services.platform.health_shapes import SystemHealthOut

# Anybody may ask, as often as they like; every part of the hub is asked once in so many seconds.
_latest: Cache[None, tuple[str, JsonObject]] = Cache(5.0)


class SystemMetricsOut(Out):
    """Figures of all processes together: seconds, megabytes, and shares of a processor."""

    cpu: JsonObject
    memory: JsonObject
    uptime: int
    load_average: list[float]
    db_stats: JsonObject
    user_stats: JsonObject
    queues: dict[str, int]
    work: list[JsonObject]
    requests: JsonObject
    processes: list[JsonObject]


class HealthOfAllOut(Out):
    """Whether the hub does well; `services`, part by part, is for the platform's administrators."""

    status: str
    timestamp: Moment
    services: JsonObject = Field(default_factory=dict)


def metrics(caller: UserCaller) -> SystemMetricsOut:
    """Show what the processes of the hub use and do."""
    return SystemMetricsOut.model_validate(figures.metrics())


def health(caller: UserCaller) -> SystemHealthOut:
    """Show whether database, Redis and disk are well."""
    return figures.health_of_parts()


def public(caller: Caller) -> HealthOfAllOut:
    """Tell whether the hub does well."""
    status, parts = _latest.of(None, figures.services)
    return HealthOfAllOut(status=status, timestamp=clock.now(), services=parts if _is_administrator() else {})


def _is_administrator() -> bool:
    try:
        caller = identity.user()
    except HubError:
        return False
    return caller is not None and caller.may(Permission.PLATFORM_ADMIN)


core.table(
    "installation",
    get("/api/admin/system/metrics", metrics, permission=Permission.PLATFORM_OWNER),
    get("/api/admin/system/health", health, permission=Permission.PLATFORM_ADMIN, dialect=PLATFORM),
    get("/api/system/health", public, permission=Permission.ANYBODY, dialect=PLATFORM),
)
