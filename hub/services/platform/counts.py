"""What the installation holds and does in numbers, for its owner."""

from collections.abc import Callable

from peewee import fn
from redis import RedisError

from hub.lib import clock, meter
from hub.lib.json_types import JsonObject
from hub.models.accounts.session import UserSession
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.conversations.conversation import Conversation
from hub.models.customers.customer import Customer
from hub.services.platform import traffic
from hub.services.platform.health import Whole
from hub.settings import current_settings

_MB = 1024 * 1024
_DAY_S, _LATELY_S = 86_400, 3600


def kept(ask: Callable[[], object], missing: object) -> object:
    """What Redis keeps, or nothing while it is away."""
    try:
        return ask()
    except RedisError:
        return missing


def mb(count: float) -> float:
    """Bytes as megabytes."""
    return round(count / _MB, 1)


def database(whole: Whole) -> JsonObject:
    """The database and what is in it."""
    kind = "sqlite" if current_settings().sqlite else "postgres"
    return {"kind": kind, "sizeMb": mb(whole.database.facts.get("bytes", 0)), "roundTripMs": whole.database.ms,
            "connections": whole.database_busy, "poolSize": whole.database_most,
            "conversations": Conversation.select().count(), "customers": Customer.select().count()}


def people() -> JsonObject:
    """People, businesses and their conversations, of the last day where it says active."""
    day = clock.ahead(-_DAY_S)
    sessions = UserSession.select(fn.COUNT(UserSession.user.distinct())).where(UserSession.expires_at > clock.now())
    return {"total": User.select().count(), "active": User.select().where(User.last_login_at > day).count(),
            "signedIn": int(sessions.scalar()), "disabled": User.select().where(~User.is_active).count(),
            "tenants": Tenant.select().count(),
            "activeConversations": Conversation.select().where(Conversation.last_message_at > day).count()}


def requests() -> JsonObject:
    """What was asked in the last hour. Raises RedisError."""
    done = traffic.added(traffic.past(_LATELY_S))
    whole, failed = meter.histogram(done, "http "), meter.histogram(done, "http ", "5")
    within = whole.within(0.95)
    return {"count": whole.times, "perSecond": round(whole.times / _LATELY_S, 3), "failed": failed.times,
            "errorRate": round(failed.times / whole.times, 4) if whole.times else 0.0,
            "averageMs": round(whole.seconds / whole.times * 1000, 2) if whole.times else None,
            "p95Ms": within * 1000 if within else None}


def opened() -> int:
    """Streams that were opened so far. Raises RedisError."""
    return meter.histogram(traffic.total(), "stream").times
