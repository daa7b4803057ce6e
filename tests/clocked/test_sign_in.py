"""Whether there is an account cannot be read off the time that a refusal takes: the work of a processor is compared."""

import statistics
import time
from typing import Any

import pytest

from hub.access import passwords, request_limits
from tests import factories
from tests.client import Client
from tests.waits import STUCK_S

PAIRS, SHARE, ROUNDS = 60, 0.03, 5


def work_s(client: Client, email: str) -> float:
    """Seconds of the processor that a refused sign-in takes; what other processes do is not among them."""
    began = time.thread_time()
    client.call("POST", "/auth/login", json={"email": email, "password": "Wrong-horse-7"}, expect=401)
    return time.thread_time() - began


@pytest.mark.slow
@pytest.mark.timeout(20 * STUCK_S)      # six hundred times bcrypt, when the medians lie apart
def test_a_wrong_password_takes_as_long_whether_there_is_an_account_or_not(
        app: Any, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """In turn, each pair the other way round. A machine has bad minutes, so more pairs are taken while the medians lie
    apart: of a real difference they would not come closer."""
    monkeypatch.setattr(passwords, "ROUNDS", 12)
    monkeypatch.setattr(request_limits, "count", lambda names, caller: None)
    tenant, right = factories.make_tenant(), passwords.hashed("Correct-horse-7")
    known: list[float] = []
    unknown: list[float] = []
    for number in range(PAIRS * ROUNDS):
        email = factories.make_user(tenant, password_hash=right).email
        turns = [(known, email), (unknown, f"nobody{number}@example.com")]
        for took, address in turns if number % 2 else reversed(turns):
            took.append(work_s(client, address))
        if len(known) % PAIRS == 0 and apart(known, unknown) <= SHARE:
            break
    assert apart(known, unknown) <= SHARE
    assert min(known + unknown) > 0.02, "that was no bcrypt of twelve rounds"


def apart(one: list[float], other: list[float]) -> float:
    """By which share the medians differ."""
    return abs(statistics.median(one) / statistics.median(other) - 1)
