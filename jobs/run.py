"""What RQ calls for every job: its function, with a database connection and the job's name in every log line."""

import time
from collections.abc import Callable
from importlib import import_module
from typing import cast

import structlog

from hub.lib import meter
from hub.models.base import connection
from hub.queue import JOBS, Job

log = structlog.get_logger(__name__)


def run(job: str, row_id: int) -> None:
    """Do the job of that name for a row.

    An exception is logged and ends the job: the row still says what is due, and the sweeper asks again.
    """
    began, outcome = time.perf_counter(), "failed"
    with structlog.contextvars.bound_contextvars(job=job, row=row_id), connection():
        try:
            function(JOBS[job])(row_id)
            outcome = "done"
        except Exception:
            log.exception("job.failed")
            raise
        finally:
            meter.took(f"job {JOBS[job].lane}", outcome, time.perf_counter() - began)


def function(job: Job) -> Callable[[int], object]:
    """The function that does the job."""
    module, _, name = job.rpartition(".")
    return cast(Callable[[int], object], getattr(import_module(f"hub.services.{module}"), name))
