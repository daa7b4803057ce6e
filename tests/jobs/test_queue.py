"""Hints: every job has a lane and a function, waits there until its moment, and may be lost without harm."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from redis import ConnectionError as Away

from hub import queue
from hub.queue import LANES, Job
from tests.services import steps
from tests.waits import Watch

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize("job", Job)
def test_a_hint_waits_in_the_lane_of_its_job(job: Job) -> None:
    assert queue.later(job, 7) is True
    (waiting,) = queue.queues()[job.lane].get_jobs()
    assert (waiting.args, waiting.timeout) == ([str(job), 7], LANES[job.lane].timeout_s)
    assert queue.waiting(job) == 1


def test_a_hint_for_later_is_released_at_its_moment_and_not_before() -> None:
    """To a tenth of a second: RQ's own schedule rounds down to whole seconds, so hints came before the work was due."""
    began = datetime(2026, 2, 20, 12, 0, 0, 900_000, UTC)
    with time_machine.travel(began, tick=False):
        queue.later(Job.ANSWER, 7, after=0.4)
    for after_s, waiting in ((0.3, 0), (0.39, 0), (0.41, 1)):
        with time_machine.travel(began + timedelta(seconds=after_s), tick=False):
            queue.release_due()
        assert queue.waiting(Job.ANSWER) == waiting


def test_the_same_hint_twice_for_later_is_one() -> None:
    for _ in range(3):
        queue.later(Job.ANSWER, 7, after=0.01)
    steps.repeat(queue.release_due, lambda: queue.waiting(Job.ANSWER))
    queue.release_due()
    assert queue.waiting(Job.ANSWER) == 1


def test_hints_of_both_kinds_travel_together() -> None:
    queue.later_all([(Job.ANSWER, 1, 60), (Job.DELIVER, 2, 0), (Job.ANSWER, 3, 0.01), (Job.PROCESS_INBOUND, 4, 0)])
    steps.repeat(queue.release_due, lambda: queue.waiting(Job.ANSWER))
    assert [queue.waiting(job) for job in (Job.ANSWER, Job.DELIVER, Job.PROCESS_INBOUND)] == [1, 1, 1]


def test_many_that_are_due_are_released_in_portions() -> None:
    queue.later_all([(Job.ANSWER, number, 0.001) for number in range(700)])
    time.sleep(0.01)
    queue.release_due()
    assert queue.waiting(Job.ANSWER) == 500
    queue.release_due()
    assert queue.waiting(Job.ANSWER) == 700


def test_a_hint_of_another_release_does_not_stop_the_clock() -> None:
    queue.redis().zadd("parley:later", {"jobs.gone.away 1": 1.0, f"{Job.ANSWER} 2": 1.0})
    queue.release_due()
    assert queue.waiting(Job.ANSWER) == 1 and queue.redis().zcard("parley:later") == 0


def test_two_that_release_at_once_queue_a_hint_at_least_once_and_leave_none(app: Any) -> None:
    queue.later_all([(Job.ANSWER, number, 0.001) for number in range(50)])
    time.sleep(0.01)
    steps.good(steps.at_once(queue.release_due, queue.release_due))
    assert 50 <= queue.waiting(Job.ANSWER) <= 100 and queue.redis().zcard("parley:later") == 0


def test_without_redis_it_says_so_quickly_and_does_not_raise(settings: Any) -> None:
    try:
        queue.connect("redis://127.0.0.1:9/0")
        with Watch() as watch:
            assert queue.later(Job.ANSWER, 7) is False and queue.waiting(Job.ANSWER) == 0
        assert watch.seconds < 3
        with pytest.raises(Away):
            queue.release_due()
    finally:
        queue.connect(settings.redis_url)
