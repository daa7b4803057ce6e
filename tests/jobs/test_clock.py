"""The clock: hints at their moment, the periodic jobs again and again, and only one of several that ticks."""

import os
import signal
import time
from typing import Any

import pytest

from hub import queue
from hub.queue import Job
from jobs import clock, heartbeat
from tests.jobs.conftest import Start
from tests.services import steps
from tests.waits import STUCK_S


def test_it_releases_hints_at_their_moment(start: Start) -> None:
    start("jobs.clock")
    """That it is not late either is seen where nothing runs beside it (tests/clocked)."""
    began = time.time()
    queue.later(Job.ANSWER, 7, after=0.7)
    steps.until(lambda: queue.waiting(Job.ANSWER))
    assert time.time() - began >= 0.7


def test_it_asks_for_the_periodic_jobs_at_once_and_again(start: Start) -> None:
    start("jobs.clock", SWEEP_SECONDS="1")
    steps.until(lambda: _sweeps() >= 3)
    assert sum(job.args[0] == Job.TIDY for job in queue.queues()["maintenance"].get_jobs()) == 1


def _sweeps() -> int:
    return sum(job.args[0] == Job.SWEEP for job in queue.queues()["maintenance"].get_jobs())


@pytest.mark.slow
def test_of_two_clocks_one_ticks_and_the_other_takes_over(start: Start) -> None:
    first = start("jobs.clock", SWEEP_SECONDS="1")
    steps.until(lambda: _sweeps() >= 1)
    start("jobs.clock", SWEEP_SECONDS="1")
    before, began = _sweeps(), time.monotonic()
    steps.until(lambda: _sweeps() >= before + 3)
    assert time.monotonic() - began > 1.5, "two that tick would be twice as fast"
    first.kill()
    first.wait(STUCK_S)
    assert queue.redis().ttl("parley:clock") <= 5, "the other one ticks five seconds later"
    queue.later(Job.ANSWER, 7, after=0.01)
    steps.until(lambda: queue.waiting(Job.ANSWER))


def test_a_worker_has_a_clock_of_its_own(start: Start) -> None:
    worker = start("jobs.worker")
    steps.until(lambda: queue.redis().exists(f"parley:beat:worker:{worker.pid}"))
    queue.redis().zadd("parley:later", {"jobs.of_another_release 1": 1})
    steps.until(lambda: not queue.redis().zcard("parley:later"))


def test_an_error_in_one_tick_is_not_the_end(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Enough(BaseException):
        pass

    turns = iter([ValueError("one hint is nonsense"), Enough()])

    def release() -> None:
        raise next(turns)

    monkeypatch.setattr(queue, "release_due", release)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    with pytest.raises(Enough):
        clock.run([])


def test_it_ends_when_told(start: Start) -> None:
    process = start("jobs.clock")
    process.send_signal(signal.SIGTERM)
    assert process.wait(STUCK_S) == 0


def test_a_heartbeat_is_a_key_that_goes_away_by_itself(app: Any) -> None:
    heartbeat.once("test")
    assert 0 < queue.redis().ttl(f"parley:beat:test:{os.getpid()}") <= 30
