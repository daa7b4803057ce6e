"""/api/settings/answer-timing: who sees it, who changes it, and what is refused."""

from typing import Any

from tests.client import Client

PATH = "/api/settings/answer-timing"


def test_what_is_changed_is_shown_and_the_rest_stays(alice: Client, carol: Client) -> None:
    assert alice.get(PATH) == {"pauseSeconds": 1.0, "burstSeconds": 20.0}
    assert alice.patch(PATH, {"pauseSeconds": 2.5}) == {"pauseSeconds": 2.5, "burstSeconds": 20.0}
    assert alice.patch(PATH, {"burst_seconds": 5}) == {"pauseSeconds": 2.5, "burstSeconds": 5.0}
    assert alice.patch(PATH, {}) == carol.get(PATH) == {"pauseSeconds": 2.5, "burstSeconds": 5.0}


def test_another_business_sees_its_own(alice: Client, dave: Client) -> None:
    alice.patch(PATH, {"pauseSeconds": 9})
    assert dave.get(PATH) == {"pauseSeconds": 1.0, "burstSeconds": 20.0}


def test_whoever_may_not_decide_what_the_ai_sends_changes_nothing(alice: Client, bob: Client) -> None:
    bob.refused("PATCH", PATH, {"pauseSeconds": 9}, status=403, code="INSUFFICIENT_PERMISSIONS")
    assert alice.get(PATH)["pauseSeconds"] == 1.0


def test_what_does_not_fit_is_refused_with_its_field(alice: Client) -> None:
    wrongs: tuple[Any, ...] = (11, -0.1, "x", None, [])
    for wrong in wrongs:
        alice.refused("PATCH", PATH, {"pauseSeconds": wrong}, status=400, field="pauseSeconds")
    assert alice.get(PATH)["pauseSeconds"] == 1.0
