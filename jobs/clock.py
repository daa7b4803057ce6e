"""Releases what waits and starts periodic jobs. Every worker has a clock, `python -m jobs.clock` is one alone; of all
clocks only one ticks."""

import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from datetime import datetime

import structlog
from redis import RedisError

from hub import queue
from hub.lib import clock
from hub.models.base import Away, connection
from hub.queue import Job
from hub.services.platform import scheduled
from hub.services.start import program
from jobs import heartbeat
from jobs.schedule import Often, Once, schedule

log = structlog.get_logger(__name__)

_TICK_S = 0.25
_LOCK, _LOCK_S = "parley:clock", 5


def main() -> int:
    settings = program(os.environ)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
    threading.Thread(target=heartbeat.forever, args=("clock",), daemon=True).start()
    run(schedule(settings))
    return 0


def run(entries: list[Often | Once]) -> None:
    """Tick for ever, whenever no other clock does."""
    me, last = f"{os.uname().nodename}:{os.getpid()}", _Last({}, {})
    while True:
        try:
            if _leading(me):
                queue.release_due()
                _tick(entries, last, time.monotonic())
        except RedisError as error:
            log.warning("clock.redis_away", error=type(error).__name__)
            time.sleep(1)
        except Away as error:
            log.warning("clock.database_away", error=type(error).__name__)
            time.sleep(1)
        except Exception:
            log.exception("clock.failed")         # it must go on: nobody would notice that it stands still
            time.sleep(1)
        time.sleep(_TICK_S)


def _leading(me: str) -> bool:
    """Two clocks would do everything twice; the lock passes on five seconds after its holder is gone."""
    redis = queue.redis()
    if redis.set(_LOCK, me, nx=True, ex=_LOCK_S):
        return True
    if redis.get(_LOCK) != me.encode():
        return False
    redis.expire(_LOCK, _LOCK_S)
    return True


@dataclass
class _Last:
    """What this clock asked for last: by its own time, and by the moment of the schedule."""

    asked: dict[Job, float]
    slots: dict[Job, datetime]


def _tick(entries: list[Often | Once], last: _Last, moment: float) -> None:
    for entry in entries:
        if isinstance(entry, Often):
            is_due = entry.job not in last.asked or moment - last.asked[entry.job] >= entry.seconds
            if is_due and queue.later(entry.job, 0):
                last.asked[entry.job] = moment
        elif last.slots.get(entry.job) != (slot := entry.slot(clock.now())):
            with connection():
                scheduled.begin(entry.job, slot, entry.period)
            last.slots[entry.job] = slot


if __name__ == "__main__":
    sys.exit(main())
