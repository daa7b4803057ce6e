"""What waits to be done: hints in the queues, rows that are due, and what has failed for good."""

from dataclasses import dataclass

from hub import queue
from hub.lib import clock
from hub.queue import LANES
from hub.services import work
from hub.services.platform import sweep

# More than so many rows are not counted: whoever looks knows enough.
_MOST = 10_000


@dataclass(frozen=True)
class Backlog:
    """Of one kind of work: rows that are due, for how many seconds the oldest of them, and those that failed."""

    name: str
    due: int
    oldest_s: float
    failed: int


def queues() -> dict[str, int]:
    """How many hints wait in each lane, and under `later` those whose moment has not come. Raises RedisError."""
    with queue.redis().pipeline(transaction=False) as pipe:
        for name in LANES:
            pipe.llen(queue.queues()[name].key)
        pipe.zcard(queue.LATER)
        return dict(zip((*LANES, "later"), map(int, pipe.execute()), strict=True))


def of_all() -> list[Backlog]:
    """Of every kind of work."""
    return [_of(kind) for kind in sweep.kinds()]


def _of(kind: work.Kind) -> Backlog:
    due, oldest = work.overdue(kind, _MOST)
    waits_s = (clock.now() - oldest).total_seconds() if oldest else 0.0
    return Backlog(kind.model._meta.table_name, due, round(max(0.0, waits_s), 1), work.failed(kind, _MOST))
