"""The parts that the hub stands on, each asked at this moment and within a deadline: database, Redis, Chroma."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import gevent
from peewee import SqliteDatabase
from redis import RedisError

from hub import queue
from hub.ai.store import VectorStore
from hub.lib import clock, machine
from hub.lib.json_types import JsonObject
from hub.models.base import Away, db, discard, release
from hub.models.conversations.turn import Turn
from hub.models.platform.file import File
from hub.services.platform import secrets, traffic
from hub.services.platform.traffic import Process
from hub.settings import current_settings

_DEADLINE_S = 2.0
# Of the model's latest answers so many, not older than an hour, say how it does.
_ANSWERS, _RECENT_S = 200, 3600


@dataclass(frozen=True)
class Part:
    """Does it answer, within how many milliseconds, and what it says of itself."""

    ok: bool
    ms: float
    facts: dict[str, float] = field(default_factory=dict)

    @property
    def status(self) -> str:
        return "healthy" if self.ok else "unhealthy"

    @property
    def took(self) -> str:
        return f"{self.ms:.0f}ms"

    @property
    def memory(self) -> str:
        """That Redis uses."""
        return machine.spelled(self.facts.get("used_memory", 0))


def database() -> Part:
    """One round trip, and on Postgres how many connections there are to it."""
    part = _asked(_ask_database)
    if not part.ok:
        discard()           # it may be waiting still
    return part


def _ask_database() -> dict[str, float]:
    if isinstance(db.obj, SqliteDatabase):
        pages, size = (db.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
        return {"bytes": pages * size}
    found = db.execute_sql("SELECT pg_database_size(current_database()), (SELECT count(*) FROM pg_stat_activity "
                           "WHERE datname = current_database())").fetchone()
    return {"bytes": found[0], "connections": found[1]}


def redis() -> Part:
    """One round trip, with what Redis holds."""
    return _asked(lambda: {name: float(value) for name, value in queue.redis().info().items()
                           if name in ("used_memory", "connected_clients", "maxmemory")})


def chroma() -> Part:
    """One round trip."""
    return _asked(lambda: {} if VectorStore(current_settings().chroma_url, _DEADLINE_S).ping() else None)


def _asked(ask: Callable[[], dict[str, float] | None]) -> Part:
    """What does not answer in time is as good as away. Nobody holds the database meanwhile."""
    release()
    began, facts = time.perf_counter(), None
    with suppress(*Away, TimeoutError, RedisError), gevent.Timeout(_DEADLINE_S, TimeoutError()):
        facts = ask()
    return Part(facts is not None, round((time.perf_counter() - began) * 1000, 2), facts or {})


@dataclass(frozen=True)
class Model:
    """How the model did lately: seconds of an answer on average, and the share that came."""

    name: str
    ms: float | None
    success: float | None

    @property
    def status(self) -> str:
        if self.success is None or self.success >= 0.9:
            return "healthy"
        return "degraded" if self.success >= 0.5 else "unhealthy"

    @property
    def told(self) -> JsonObject:
        """In the words of the documented API."""
        return {"status": self.status, "response_time": None if self.ms is None else f"{self.ms:.0f}ms",
                "success_rate": None if self.success is None else f"{self.success * 100:.1f}%"}


def models() -> list[Model]:
    """The model that is configured, if any."""
    if not secrets.model_key(None):
        return []
    since = clock.ahead(-_RECENT_S)
    latest = Turn.select(Turn.model_ms, Turn.error, Turn.created_at).where(
        (Turn.model_ms > 0) | (Turn.error != "")).order_by(Turn.id.desc()).limit(_ANSWERS)
    found = [turn for turn in latest if turn.created_at > since]
    good = [turn.model_ms for turn in found if not turn.error]
    host = urlsplit(current_settings().openai_base_url).hostname or ""
    return [Model("openai" if host == "api.openai.com" else host, round(sum(good) / len(good), 1) if good else None,
                  len(good) / len(found) if found else None)]


@dataclass(frozen=True)
class Whole:
    """Everything at one moment; without Redis no process is known but the one that was asked."""

    database: Part
    redis: Part
    chroma: Part
    processes: list[Process]

    @property
    def status(self) -> str:
        """Without the database nothing goes; without the others it goes less well."""
        if not self.database.ok:
            return "unhealthy"
        return "healthy" if self.redis.ok and self.chroma.ok else "degraded"

    def with_models(self, models: list[Model]) -> str:
        """The same with those that answer."""
        is_worse = self.status == "healthy" and any(model.status != "healthy" for model in models)
        return "degraded" if is_worse else self.status

    @property
    def began(self) -> float:
        """Since when the hub runs without a break of all of its processes, in epoch seconds."""
        return min(one.began for one in self.processes)

    @property
    def database_busy(self) -> int:
        """Connections in use, or on Postgres all that there are."""
        return int(self.database.facts.get("connections", sum(one.database_busy for one in self.processes)))

    @property
    def database_most(self) -> int:
        return sum(one.database_most for one in self.processes)

    @property
    def streams(self) -> int:
        return sum(one.streams for one in self.processes)


def whole() -> Whole:
    """Ask every part."""
    redis_part = redis()
    return Whole(database(), redis_part, chroma(), _processes() if redis_part.ok else [traffic.own("web", 0)])


def _processes() -> list[Process]:
    try:
        return traffic.processes() or [traffic.own("web", 0)]
    except RedisError:
        return [traffic.own("web", 0)]


def disk() -> dict[str, int]:
    """Bytes of uploads, of our own log files, and what is free where the data lies."""
    folder = current_settings().data_dir
    return {"uploads": int(File.total_size()), "logs": machine.folder_bytes(f"{folder}/logs"),
            "available": machine.disk_bytes(folder)[1]}

