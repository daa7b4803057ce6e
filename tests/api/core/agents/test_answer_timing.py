"""/api/settings/answer-timing: who sees it, who changes it, and what is refused."""

from tests.api.noun import One
from tests.api.one import walks_of
from tests.client import Client

TIMING = One("/api/settings/answer-timing", updates="admin", change={"pause_seconds": 2.5, "burst_seconds": 5.0},
             wrong={"pause_seconds": [11, -0.1, "x", None, []], "burst_seconds": [-1, None]})
globals().update(walks_of(TIMING))


def test_who_has_set_nothing_waits_a_second_and_twenty_at_the_most(carol: Client) -> None:
    assert carol.get(TIMING.path) == {"pauseSeconds": 1.0, "burstSeconds": 20.0}
