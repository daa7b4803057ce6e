"""Redis wiped and frozen, and the whole stack restarted, in the middle of the traffic."""

import os
import signal
import time

import pytest

from tests.faults.conftest import Run
from tests.faults.stack import Stack
from tests.faults.traffic import Traffic

# On Postgres only: which database it is makes a difference where processes are killed (tests/faults/kills).
pytestmark = [pytest.mark.slow, pytest.mark.postgres]
_FROZEN_S = 12.0


def test_a_redis_that_is_wiped_five_times_costs_nothing(stack: Stack, under_load: Run) -> None:
    def wipe(traffic: Traffic) -> None:
        for count in (20, 55, 90, 125, 160):
            traffic.after(count, lambda: stack.redis().flushall())

    under_load(wipe)


def test_a_redis_that_is_frozen_for_a_while_costs_nothing(stack: Stack, under_load: Run) -> None:
    def freeze(traffic: Traffic) -> None:
        traffic.after(60, lambda: os.kill(victim, signal.SIGSTOP))
        time.sleep(_FROZEN_S)
        os.kill(victim, signal.SIGCONT)

    victim = stack.pids("redis")[0]
    slowest = max(line.took_s for line in under_load(freeze).lines)
    assert slowest < _FROZEN_S - 2, "a line waits for its own few attempts, not for Redis"


def test_a_restart_of_everything_in_the_middle_costs_nothing(stack: Stack, under_load: Run) -> None:
    def restart() -> None:
        stack.stop()
        stack.start()

    under_load(lambda traffic: traffic.after(60, restart))
