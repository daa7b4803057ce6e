"""Runs of the schedule's jobs: each moment becomes a row, which is claimed, repeated and ended like all work."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from hub import queue
from hub.models.platform.scheduled_run import ScheduledRun
from hub.queue import Job
from hub.services import work

RUNS = work.Kind(ScheduledRun, ScheduledRun.job)


def begin(job: Job, slot: datetime, period: timedelta) -> bool:
    """Ask for the job once for this moment; False when somebody did."""
    run = ScheduledRun.begin(str(job), slot, period)
    if run is not None:
        queue.later(job, run.id)
    return run is not None


@contextmanager
def taken(run_id: int) -> Iterator[bool]:
    """True once for each run, until the block has ended well; after an error it is tried again later."""
    with work.taken(RUNS, run_id) as run:
        try:
            yield run is not None
        except Exception as error:
            if run is not None:
                work.retry(RUNS, run, str(error) or type(error).__name__)
            raise
        if run is not None:
            work.finish(RUNS, run, "done")
