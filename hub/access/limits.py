"""How often somebody may do something: one table, windows kept in Redis so that all processes count together."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from limits import RateLimitItem, RateLimitItemPerMinute, parse
from redis import Redis, RedisError

from hub.errors import TooMany
from hub.lib.group_commit import GroupCommit
from hub.settings import Settings


class Per(StrEnum):
    """What a limit counts. `path:<name>` and `body:<field>`: a key of the request, within the caller's tenant."""

    CALLER = "caller"
    TENANT = "tenant"
    ADDRESS = "address"
    PATH = "path"
    BODY = "body"


@dataclass(frozen=True)
class Limit:
    """`production` and `development` as "100/minute"; `per` as Per has it; `code` of the refusal."""

    production: str
    development: str
    per: str = Per.CALLER
    code: str = TooMany.code


RATE_LIMITS: dict[str, Limit] = {
    "api": Limit("100/minute", "500/minute"),
    "ai": Limit("20/minute", "100/minute"),
    "ai-tenant": Limit("30/minute", "300/minute", Per.TENANT),
    "send": Limit("100/minute", "300/minute"),
    "send-tenant": Limit("50/minute", "300/minute", Per.TENANT),
    "login": Limit("5/15 minutes", "100/15 minutes", Per.ADDRESS),
    "api-login": Limit("5/5 minutes", "100/5 minutes", Per.ADDRESS),
    # The step after the password: whoever gets so far knows it.
    "second-step": Limit("10/15 minutes", "100/15 minutes", Per.ADDRESS),
    "auth": Limit("30/minute", "100/minute", Per.ADDRESS),
    "onboarding": Limit("30/minute", "100/minute"),
    "sign-up": Limit("3/hour", "100/hour", Per.ADDRESS),
    "forgot-password": Limit("5/15 minutes", "100/15 minutes", Per.ADDRESS),
    # Letters to one address, whoever asks for them.
    "letter-address": Limit("5/15 minutes", "100/15 minutes", f"{Per.BODY}:email"),
    "letter-resend": Limit("1/minute", "100/minute", f"{Per.BODY}:email"),
    # Six digits can be guessed: so often for one address, whoever tries.
    "confirm-code": Limit("10/hour", "200/hour", f"{Per.BODY}:email"),
    "invite": Limit("30/hour", "300/hour", Per.TENANT),
    "letter": Limit("5/15 minutes", "100/15 minutes"),
    "contact-form": Limit("5/hour", "100/hour", Per.ADDRESS),
    "upload": Limit("10/5 minutes", "100/5 minutes"),
    # Whoever posts to a channel is the caller: the channel, where there is one, else the address.
    "webhook": Limit("500/minute", "500/minute"),
    "widget-socket": Limit("120/minute", "100000/minute", Per.ADDRESS),
    "widget-session": Limit("60/minute", "1000/minute", Per.ADDRESS),
    "widget-send": Limit("30/minute", "120/minute"),
    "widget-call": Limit("240/minute", "1200/minute"),
    "handoff": Limit("3/minute", "60/minute", code="HANDOFF_RATE_LIMIT"),
}


# Limits up to this are counted exactly. Of the others a process shares its counts that often, in seconds, if they have
# grown by that part of the limit. How many windows it keeps before it looks which have ended.
_EXACT, _SHARE_S, _PART, _MANY = 20, 0.25, 32, 10_000


@dataclass(frozen=True)
class Left:
    """What the X-RateLimit-* headers say; `reset` is epoch seconds."""

    limit: int
    remaining: int
    reset: int


class Exceeded(TooMany):
    """Nothing is left of a limit."""

    def __init__(self, left: Left, code: str) -> None:
        super().__init__(code, message="Too many requests; please wait a moment.",
                         retry_after=max(1, left.reset - int(time.time()) + 1))
        self.left = left


@dataclass
class _Window:
    """What this process knows of one caller's present window. `unsent`: hits that the others do not know of yet."""

    used: int
    ends: float                     # epoch seconds
    few: int                        # only more `unsent` than this are worth a round trip
    unsent: int = 0


class Limiter:
    """Counts hits, together with all processes that use the same Redis.

    Small limits, such as tries of a password, are counted in Redis at every hit. For the others a process counts by
    itself and shares its count several times a second, so that nobody waits for Redis at every line. When Redis is
    away each process counts alone: a limit is a courtesy, an outage is not one.
    """

    def __init__(self, settings: Settings, redis: Redis,
                 own: Callable[[str, int], int | None] = lambda name, tenant_id: None) -> None:
        """`own(name, tenant id)`: how many a minute one business may, where that differs from the table."""
        self._items = {name: _item(settings, name, limit) for name, limit in RATE_LIMITS.items()}
        self._redis, self._own = redis, own
        self._windows: dict[str, _Window] = {}
        self._many = _MANY
        self._shared = 0.0
        self._count = GroupCommit(self._count_all)

    def hit(self, name: str, key: str, tenant_id: int | None = None) -> Left:
        """Count one use of the limit `name` by `key`; Exceeded when there is none left."""
        item, moment = self._allowed(name, tenant_id), time.time()
        window_key = f"parley:limit:{name}:{key}"
        window = self._windows.get(window_key)
        if window is None or window.ends <= moment:
            window = self._windows[window_key] = _Window(0, moment + item.get_expiry(), item.amount // _PART)
        window.used += 1
        window.unsent += 1
        if item.amount <= _EXACT or window.used == 1 or moment - self._shared > _SHARE_S:
            self._count(window_key)
        left = Left(item.amount, max(0, item.amount - window.used), int(window.ends))
        if window.used > item.amount:
            raise Exceeded(left, RATE_LIMITS[name].code)
        return left

    def forget(self) -> None:
        """What this process counted, as if its Redis had just been emptied."""
        self._windows.clear()

    def _allowed(self, name: str, tenant_id: int | None) -> RateLimitItem:
        may = None if tenant_id is None else self._own(name, tenant_id)
        return self._items[name] if may is None else RateLimitItemPerMinute(may)

    def _count_all(self, asked: list[str]) -> list[None]:
        """Share what is asked for, and from time to time everything, in one round trip."""
        moment = time.time()
        window_keys = dict.fromkeys(asked)
        if moment - self._shared > _SHARE_S:
            self._shared = moment
            self._forget(moment)
            window_keys.update((window_key, None) for window_key, window in self._windows.items()
                          if window.unsent > window.few)
        sent = {window_key: window for window_key in window_keys
                if (window := self._windows.get(window_key)) and window.unsent and window.ends > moment}
        with suppress(RedisError):
            self._share(sent)
        return [None] * len(asked)

    def _share(self, windows: dict[str, _Window]) -> None:
        counts = {window_key: window.unsent for window_key, window in windows.items()}
        with self._redis.pipeline(transaction=False) as pipe:
            for window_key, count in counts.items():
                pipe.incrby(window_key, count)
                pipe.pttl(window_key)
            said, moment = pipe.execute(), time.time()
            for (window_key, window), used, left_ms in zip(windows.items(), said[::2], said[1::2], strict=True):
                window.unsent -= counts[window_key]
                window.used = int(used) + window.unsent
                if left_ms < 0:         # the first of its window, or the first one was stopped before this statement
                    pipe.expire(window_key, max(1, round(window.ends - moment)))
                else:
                    window.ends = moment + left_ms / 1000
            pipe.execute()

    def _forget(self, moment: float) -> None:
        if len(self._windows) > self._many:
            self._windows = {window_key: window for window_key, window in self._windows.items() if window.ends > moment}
            self._many = max(_MANY, 2 * len(self._windows))


def _item(settings: Settings, name: str, limit: Limit) -> RateLimitItem:
    override = {"api": settings.rate_limit_max, "ai": settings.rate_limit_ai_max}.get(name, 0)
    text = limit.production if settings.production else limit.development
    return parse(f"{override}/minute" if override else text)
