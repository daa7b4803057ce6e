"""What all processes did and hold: each adds its counts in Redis every few seconds, and says what it holds itself.

Losing Redis loses pictures of the past and nothing else.
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass

import orjson
import structlog
from redis import RedisError

from hub import queue
from hub.lib import machine, meter
from hub.lib.meter import Counts, Done
from hub.models import base

log = structlog.get_logger(__name__)

# Pictures of the past are drawn of slots of so many seconds, which are kept for a day and a little more.
SLOT_S, _KEPT_S = 300, 26 * 3600
_EVERY_S = 5
# Who was silent for so long is gone; who was so for longer is forgotten.
_ALIVE_S, _FORGOTTEN_S = 20, 3600
_ALL, _HELD = "parley:meter", "parley:processes"
_BEGAN = time.time()


@dataclass(frozen=True)
class Process:
    """What one process of the hub holds. `kind`: web or worker; `at`, `began`: epoch seconds."""

    kind: str
    name: str
    at: float
    began: float
    rss: int
    cpu: float
    streams: int
    database_busy: int
    database_most: int


def own(kind: str, streams: int) -> Process:
    """This process, now."""
    busy, most = base.pool()
    return Process(kind, f"{os.uname().nodename}:{os.getpid()}", time.time(), _BEGAN, machine.rss_bytes(),
                   round(machine.cpu_seconds(), 2), streams, busy, most)


def forever(kind: str, streams: Callable[[], int] = lambda: 0) -> None:
    """Tell the others again and again what this process did and holds. `streams`: how many it has open."""
    while True:
        time.sleep(_EVERY_S)
        try:
            share(own(kind, streams()))
        except Exception:
            log.exception("traffic.not_shared")     # what is counted next is shared all the same


def share(process: Process) -> None:
    """Add what was counted since the last time, and say what the process holds."""
    counts = meter.taken()
    try:
        with queue.redis().pipeline(transaction=False) as pipe:
            for key in (_ALL, slot_key(time.time())):
                for name, count in counts.items():
                    pipe.hincrby(key, _field(name), count)
            pipe.expire(slot_key(time.time()), _KEPT_S)
            pipe.hset(_HELD, process.name, orjson.dumps(asdict(process)))
            pipe.execute()
    except RedisError as error:
        meter.put_back(counts)
        log.warning("traffic.redis_away", error=type(error).__name__)


def slot_key(moment: float) -> str:
    return f"{_ALL}:{int(moment) // SLOT_S * SLOT_S}"


def total() -> Counts:
    """What all processes did since Redis was empty. Raises RedisError."""
    return _counts(queue.fields(_ALL))


def past(seconds: int) -> list[tuple[int, Counts]]:
    """[(when a slot began, what was done in it)] of the last seconds, the present slot last. Raises RedisError."""
    now = int(time.time())
    begins = range((now - seconds) // SLOT_S * SLOT_S + SLOT_S, now + 1, SLOT_S)
    with queue.redis().pipeline(transaction=False) as pipe:
        for begin in begins:
            pipe.hgetall(slot_key(begin))
        return [(begin, _counts(said)) for begin, said in zip(begins, pipe.execute(), strict=True)]


def added(slots: Iterable[tuple[int, Counts]]) -> Counts:
    """Of several slots together."""
    found: dict[Done, int] = {}
    for _, counts in slots:
        for key, count in counts.items():
            found[key] = found.get(key, 0) + count
    return found


def processes() -> list[Process]:
    """Those that live now; what is left of the others is swept away. Raises RedisError."""
    said = queue.fields(_HELD)
    found, now = dict(_read(said.items())), time.time()
    gone = [name for name in said if name.decode() not in found or now - found[name.decode()].at > _FORGOTTEN_S]
    if gone:
        queue.redis().hdel(_HELD, *gone)
    return sorted((one for one in found.values() if now - one.at < _ALIVE_S), key=lambda one: (one.kind, one.name))


def _read(said: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[str, Process]]:
    for name, text in said:
        try:
            yield name.decode(), Process(**orjson.loads(text))
        except (TypeError, ValueError):     # of another release
            continue


def _field(key: Done) -> str:
    return f"{key.what}|{key.outcome}|{key.bucket}"


def _counts(said: Mapping[bytes, bytes]) -> Counts:
    parts = ((field.decode().split("|"), int(count)) for field, count in said.items())
    return {Done(what, outcome, int(bucket)): count for (what, outcome, bucket), count in parts}
