"""What happens again and again: one list. Moments are UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.queue import Job
from hub.settings import Settings

# A Sunday, 00:00: periods are counted from here, so that a week begins on Sunday and a day at midnight.
_FROM = datetime.fromisoformat("2026-01-04")


@dataclass(frozen=True)
class Often:
    """Every so many seconds, and once when the clock starts: one that is missed does no harm."""

    job: Job
    seconds: int


@dataclass(frozen=True)
class Once:
    """Once in every period, whatever restarts: hub/models/platform/scheduled_run.py remembers the last one."""

    job: Job
    period: timedelta

    def slot(self, moment: datetime) -> datetime:
        """The beginning of the period that `moment` is in."""
        return _FROM + (moment - _FROM) // self.period * self.period


def schedule(settings: Settings) -> list[Often | Once]:
    return [
        Often(Job.SWEEP, settings.sweep_seconds),
        Often(Job.RESUME, 300),
        Often(Job.MEASURE, 60),
        Once(Job.TIDY, timedelta(hours=1)),
        Once(Job.CHECK_INDEXES, timedelta(hours=6)),
        Once(Job.CLEAN, timedelta(days=1)),
    ]
