"""How late the clock is."""

import time

from hub import queue
from hub.queue import Job
from tests.jobs.conftest import Start
from tests.waits import slowness, until


def test_it_releases_hints_at_their_moment(start: Start) -> None:
    start("jobs.clock")
    slow = slowness()
    began = time.time()
    queue.later(Job.ANSWER, 7, after=0.7)
    until(lambda: queue.waiting(Job.ANSWER))
    took = time.time() - began
    assert 0.7 <= took < 0.7 + max(slow, slowness())
