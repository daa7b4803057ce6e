"""The secret of forms: of one session, for as long as it lives, and in other bytes each time it is sent."""

import time
from typing import Any

import pytest

from hub.access.identity import COOKIE
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.services.accounts import accounts
from tests import factories
from tests.api.callers import browser
from tests.client import Client
from tests.factories import People
from tests.pages.forms import secret


@pytest.fixture
def conversation(people: People) -> Conversation:
    factories.make_agent(people.tenant)
    return factories.make_conversation(factories.make_site(people.tenant), "Where is my cake?")


def reply(page: Client, conversation: Conversation, token: str, expect: int, **more: Any) -> Any:
    return page.call("POST", f"/inbox/{conversation.uuid}/reply", data={"text": "Hi", "csrf_token": token},
                     expect=expect, **more)


@pytest.mark.parametrize("hours", [1, 2, 23, 24 * 6])
def test_a_page_that_was_open_for_long_still_sends(app: Any, people: People, conversation: Conversation, hours: int,
                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    page = browser(app, people.bob)
    token = secret(page, "/inbox")
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + hours * 3600)
    reply(page, conversation, token, 302)
    assert Message.select().where(Message.role == "operator").count() == 1


def test_a_restart_of_the_browser_changes_nothing(app: Any, people: People, conversation: Conversation) -> None:
    page = browser(app, people.bob)
    token = secret(page, "/inbox")
    page.http.delete_cookie("session")      # what a browser forgets when it is closed
    reply(page, conversation, token, 302)


def test_no_two_answers_hold_the_same_bytes(app: Any, people: People, conversation: Conversation) -> None:
    page = browser(app, people.bob)
    seen = {secret(page, path) for path in ("/inbox", "/inbox", "/theme", "/api-docs")}
    assert len(seen) == 4
    halves = {token[half:half + 40] for token in seen for half in (0, 43)}
    assert len(halves) == 8                 # nothing of it repeats, neither the mask nor the masked
    for token in seen:
        reply(page, conversation, token, 302)


def test_the_secret_of_a_session_that_ended_is_refused_and_a_fresh_one_comes_along(
        app: Any, people: People, conversation: Conversation) -> None:
    page = browser(app, people.bob)
    old = secret(page, "/inbox")
    page.http.set_cookie(COOKIE, accounts.open_session(people.bob, "127.0.0.1", "tests"))
    answer = reply(page, conversation, old, 400, headers={"HX-Request": "true"})
    reply(page, conversation, answer.headers["X-CSRF-Token"], 302)


@pytest.mark.parametrize("token", ["", "A" * 86, "é" * 86, "=" * 5, "%00", "A" * 85, "A" * 10_000])
def test_a_made_up_secret_is_refused(app: Any, people: People, conversation: Conversation, token: str) -> None:
    page = browser(app, people.bob)
    secret(page, "/inbox")
    reply(page, conversation, token, 400)
    page.call("POST", f"/inbox/{conversation.uuid}/close", headers={"X-CSRFToken": token.encode().hex()}, expect=400)
    assert Conversation.get_by_id(conversation.id).is_open
