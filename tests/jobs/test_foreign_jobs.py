"""Whoever can write to Redis runs no code of theirs: jobs are JSON with a name, never pickles."""

import os
import pickle
from pathlib import Path
from typing import Any

from rq.serializers import JSONSerializer

from hub import queue
from hub.queue import Job


class Evil:
    """Runs a command when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.mark),)


def test_a_pickle_in_a_queue_is_not_run(app: Any, tmp_path: Path) -> None:
    queue.later(Job.SWEEP, 1)
    waiting = queue.queues()[Job.SWEEP.lane]
    job = waiting.jobs[0]
    assert job.serializer is JSONSerializer
    queue.redis().hset(job.key, "data", pickle.dumps(("os.getcwd", None, (Evil(tmp_path / "evil"),), {})))
    spoilt = waiting.fetch_job(job.id)
    assert spoilt is not None
    try:
        spoilt.perform()
    except Exception as error:
        assert error
    assert not (tmp_path / "evil").exists()
