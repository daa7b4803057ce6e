"""What happens again and again: one list. Intervals in seconds; cron expressions would be UTC."""

from dataclasses import dataclass

from hub.queue import Job
from hub.settings import Settings


@dataclass(frozen=True)
class Periodic:
    job: Job
    seconds: int


def schedule(settings: Settings) -> list[Periodic]:
    return [Periodic(Job.SWEEP, settings.sweep_seconds), Periodic(Job.TIDY, 3600)]
