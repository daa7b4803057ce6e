"""The @job decorator: what every job does around its one step."""

from collections.abc import Callable
from functools import wraps

import structlog

from hub.models.base import connection

log = structlog.get_logger(__name__)


def job(step: Callable[[int], object]) -> Callable[[int], None]:
    """Run `step(row id)` with a database connection of its own and the job's name in every log line.

    An exception is logged and ends the job: the row still says what is due, and the sweeper asks again.
    """
    @wraps(step)
    def run(row_id: int) -> None:
        with structlog.contextvars.bound_contextvars(job=step.__name__, row=row_id), connection():
            try:
                step(row_id)
            except Exception:
                log.exception("job.failed")
                raise

    return run
