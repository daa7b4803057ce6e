"""Whether an address has an account is told by nothing that is done while somebody asks for a letter to it."""

import re

import pytest

from tests.api import plans
from tests.client import Client
from tests.factories import People


@pytest.mark.parametrize("path", [
    "/auth/forgot-password", "/api/auth/forgot-password", "/api/email/resend_confirmation"])
def test_asking_for_a_letter_is_the_same_work_whether_there_is_an_account_or_not(
        client: Client, people: People, path: str) -> None:
    """The same statements in the same order, so the same time: the letter is a row, and its job finds out later."""
    answers, work = [], []
    for email in ("warm@bakery.example", people.bob.email, "no@bakery.example"):
        with plans.statements(("",)) as seen:
            answers.append(client.call("POST", path, json={"email": email}, expect=200).get_json())
        work.append([re.sub(r"\d+", "0", sql) for sql, *_ in seen])
    assert work[1] == work[2] and any("INSERT" in sql for sql in work[1]) and answers[1] == answers[2]
