"""kill -9 of every part in mid-traffic: the supervisor brings it back, and the rows say what is left to do."""

import pytest

from tests.faults.conftest import Run
from tests.faults.stack import Stack, wait
from tests.faults.traffic import Traffic

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("victim", ["worker", "one web process", "web", "redis", "chroma"])
def test_a_killed_part_costs_no_line_and_no_second_answer(stack: Stack, under_load: Run, victim: str) -> None:
    def kill(traffic: Traffic) -> None:
        traffic.after(60, lambda: stack.kill(victim))
        # Again at the end: now no newer line takes over what the dead owed.
        wait(stack.is_up, stack.tree.text)
        traffic.after(195, lambda: stack.kill(victim))

    under_load(kill)
