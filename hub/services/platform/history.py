"""The hub over the last hours: what it held is measured every minute, what it did is counted (traffic.py)."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from redis import RedisError

from hub import queue
from hub.lib import meter
from hub.services.platform import backlog, health, traffic

_KEY, _KEPT_S = "parley:held", 26 * 3600
# A picture has about so many points.
_POINTS = 48


def measure(_: int = 0) -> None:
    """Keep the most of each figure for the present slot of time. Only one clock asks at a time."""
    found = _figures()
    key = f"{_KEY}:{int(time.time()) // traffic.SLOT_S * traffic.SLOT_S}"
    before = queue.fields(key)
    with queue.redis().pipeline(transaction=False) as pipe:
        for name, value in found.items():
            pipe.hset(key, name, str(max(value, float(before.get(name.encode(), value)))))
        pipe.expire(key, _KEPT_S)
        pipe.execute()


def _figures() -> dict[str, float]:
    whole, work = health.whole(), backlog.of_all()
    return {"queued": sum(backlog.queues().values()), "due": sum(one.due for one in work),
            "oldest_s": max(one.oldest_s for one in work), "failed": sum(one.failed for one in work),
            "streams": whole.streams, "rss": sum(one.rss for one in whole.processes),
            "database_ms": whole.database.ms, "redis_ms": whole.redis.ms, "chroma_ms": whole.chroma.ms}


@dataclass(frozen=True)
class Point:
    """A while of the past that ends the slots it is made of: requests, those that failed, and what was held at most."""

    begins: float
    requests: int
    failed: int
    p95_ms: float | None
    jobs: int
    held: Mapping[str, float]


def of_last(hours: int) -> list[Point]:
    """The last hours as points, the present one last; none while Redis is away."""
    try:
        done = traffic.past(hours * 3600)
        held = _held([begin for begin, _ in done])
    except RedisError:
        return []
    step = max(1, -(-len(done) // _POINTS))
    return [_point(done[start:start + step], held[start:start + step]) for start in range(0, len(done), step)]


def _held(begins: list[int]) -> list[dict[str, float]]:
    with queue.redis().pipeline(transaction=False) as pipe:
        for begin in begins:
            pipe.hgetall(f"{_KEY}:{begin}")
        return [{name.decode(): float(value) for name, value in said.items()} for said in pipe.execute()]


def _point(done: list[tuple[int, meter.Counts]], held: list[dict[str, float]]) -> Point:
    counts = traffic.added(done)
    whole = meter.histogram(counts, "http ")
    most = {name: max(one.get(name, 0.0) for one in held) for name in {name for one in held for name in one}}
    within = whole.within(0.95)
    return Point(done[0][0], whole.times, meter.histogram(counts, "http ", "5").times,
                 None if within is None else within * 1000, meter.histogram(counts, "job ").times, most)
