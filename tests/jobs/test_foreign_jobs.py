"""Whoever can write to Redis runs no code of theirs: jobs are JSON with a name, never pickles."""

import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from rq import Callback, Queue
from rq.exceptions import DeserializationError
from rq.serializers import JSONSerializer
from rq.timeouts import BaseDeathPenalty

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
    with pytest.raises(DeserializationError):
        spoilt.perform()
    assert not (tmp_path / "evil").exists()


def test_a_job_that_names_another_function_is_refused(app: Any, tmp_path: Path) -> None:
    ours = queue.queues()[Job.SWEEP.lane]
    theirs = Queue(ours.name, connection=queue.redis(), serializer=JSONSerializer)
    mark, after = Callback("tests.jobs.test_foreign_jobs.leave_a_mark"), str(tmp_path / "evil")
    calls: dict[str, Any] = {"on_success": mark, "on_failure": mark, "meta": {"at": after}}
    for function, more in (("os.mkdir", {}), (queue.RUN, calls)):
        job = theirs.enqueue_call(function, args=(after,), **more)
        found = ours.fetch_job(job.id)
        assert found is not None
        with pytest.raises((ValueError, TypeError)):
            found.perform()
        found.execute_failure_callback(NoTime, ValueError, ValueError(), None)
        found.execute_success_callback(NoTime, None)
    assert not (tmp_path / "evil").exists()


class NoTime(BaseDeathPenalty):
    """Ends no call, however long it takes."""

    def setup_death_penalty(self) -> None: ...

    def cancel_death_penalty(self) -> None: ...


def leave_a_mark(job: Any, *_: object) -> None:
    os.mkdir(job.meta["at"])
