"""Operator pages as a person uses them: forms with their secret, the inbox's moves, refusals, files."""

import re
from typing import Any

import pytest

from hub.access.roles import Permission
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.pages.conversations import inbox_view
from hub.pages.kit import PAGES
from tests import factories
from tests.api import world as worlds
from tests.api.callers import browser
from tests.client import Client
from tests.factories import People
from tests.pages.forms import secret, submit


@pytest.fixture
def conversation(site: Channel) -> Conversation:
    return factories.make_conversation(site, "Where is my cake?", name="Vera Ivanova")


WRITES = [path for method, path, _ in PAGES if method == "POST"]


@pytest.mark.parametrize("path", WRITES)
@pytest.mark.parametrize("sent", [{}, {"csrf_token": ""}, {"csrf_token": "nonsense"}], ids=["none", "empty", "wrong"])
def test_a_form_without_its_secret_is_refused_and_changes_nothing(
        page: Client, conversation: Conversation, path: str, sent: dict[str, str]) -> None:
    before = worlds.picture()
    where = path.replace("<conversation>", str(conversation.uuid))
    answer = page.call("POST", where, data={"text": "Hi", "email": "x", **sent}, expect=400)
    assert answer.mimetype == "text/html"
    assert worlds.picture() == before


def test_a_secret_of_another_browser_is_refused(app: Any, page: Client, conversation: Conversation) -> None:
    foreign = secret(Client(app))
    secret(page, "/inbox")
    page.call("POST", f"/inbox/{conversation.uuid}/close", data={"csrf_token": foreign}, expect=400)
    assert Conversation.get_by_id(conversation.id).is_open


def test_a_form_of_ours_sent_from_another_site_is_refused(page: Client, conversation: Conversation) -> None:
    token = secret(page, "/inbox")
    page.call("POST", f"/inbox/{conversation.uuid}/close", data={"csrf_token": token}, expect=401,
              headers={"Origin": "https://evil.example"})
    assert Conversation.get_by_id(conversation.id).is_open


def test_every_post_of_a_page_asks_for_a_permission_or_stands_in_this_list() -> None:
    free = [path for method, path, permission in PAGES if method == "POST" and permission is Permission.ANYBODY]
    assert set(free) == {
        "/platform/exit", "/auth/sign-in", "/auth/sign-out", "/account/preferences", "/auth/sign-up", "/auth/forgot",
        "/auth/reset", "/auth/verify", "/auth/second-step/check", "/auth/email-change/confirm"}


def test_an_operator_answers_and_sees_the_line(page: Client, conversation: Conversation) -> None:
    answer = submit(page, f"/inbox/{conversation.uuid}/reply", 302, text="On its way.", client_id="key-1")
    assert answer.location == f"/inbox/{conversation.uuid}"
    assert "On its way." in page.call("GET", f"/inbox/{conversation.uuid}", expect=200).text
    submit(page, f"/inbox/{conversation.uuid}/reply", 302, text="On its way.", client_id="key-1")
    assert Message.select().where(Message.role == "operator").count() == 1


def test_an_answer_without_a_key_is_sent_each_time(page: Client, conversation: Conversation) -> None:
    for text in ("One", "Two"):
        submit(page, f"/inbox/{conversation.uuid}/reply", 302, text=text)
    ours = Message.select().where(Message.role == "operator").order_by(Message.id)
    assert [line.text for line in ours] == ["One", "Two"]


@pytest.mark.parametrize(("text", "status"), [("", 400), (" \u202e ", 400), ("x" * 10_001, 413)])
def test_an_answer_that_cannot_be_sent_is_refused_in_words(
        page: Client, conversation: Conversation, text: str, status: int) -> None:
    answer = submit(page, f"/inbox/{conversation.uuid}/reply", status, text=text)
    assert answer.mimetype == "text/html" and answer.headers["X-Request-Id"] in answer.text
    assert Message.select().count() == 1


def test_the_floor_moves_by_buttons(page: Client, conversation: Conversation) -> None:
    for move, state in (("take-over", ("operator", 1)), ("release", ("ai", 1)), ("close", ("nobody", 0)),
                        ("reopen", ("operator", 1))):
        submit(page, f"/inbox/{conversation.uuid}/{move}", 302)
        fresh = Conversation.get_by_id(conversation.id)
        assert (fresh.floor, fresh.is_open) == state, move


def test_a_colleague_who_was_faster_is_named(app: Any, page: Client, people: People,
                                             conversation: Conversation) -> None:
    submit(page, f"/inbox/{conversation.uuid}/take-over", 302)
    other = browser(app, people.alice)
    assert "Error 409" in submit(other, f"/inbox/{conversation.uuid}/take-over", 409).text
    assert Conversation.get_by_id(conversation.id).floor_user == people.bob


def test_a_part_is_the_same_template_alone(page: Client, conversation: Conversation) -> None:
    part = {"HX-Request": "true"}
    for path in (f"/inbox/{conversation.uuid}", "/inbox/rows", f"/inbox/{conversation.uuid}/messages"):
        text = page.call("GET", path, headers=part, expect=200).text
        assert "<html" not in text and "Where is my cake?" in text
    assert "<html" in page.call("GET", f"/inbox/{conversation.uuid}", expect=200).text
    restored = page.call("GET", f"/inbox/{conversation.uuid}",
                         headers={**part, "HX-History-Restore-Request": "true"}, expect=200).text
    assert "<html" in restored
    token = secret(page, "/inbox")
    answer = page.call("POST", f"/inbox/{conversation.uuid}/reply", data={"text": "Hi"}, expect=200,
                       headers={**part, "X-CSRFToken": token})
    assert "<html" not in answer.text and "Hi" in answer.text


def test_new_lines_come_by_change(page: Client, conversation: Conversation) -> None:
    submit(page, f"/inbox/{conversation.uuid}/reply", 302, text="On its way.")
    seen = Message.get(Message.role == "operator").change - 1
    text = page.call("GET", f"/inbox/{conversation.uuid}/messages?since={seen}", expect=200).text
    assert "On its way." in text and "Where is my cake?" not in text
    for odd in ("x", "-1", "", "9" * 40, "²", "１"):
        page.call("GET", f"/inbox/{conversation.uuid}/messages", query_string={"since": odd}, expect=200)


def test_a_line_that_comes_while_an_answer_is_made_is_in_the_next_one(
        page: Client, site: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = factories.make_conversation(site, "Where is my cake?", who="vera")
    url, since = f"/inbox/{conversation.uuid}/messages", Message.since

    def interrupted(*arguments: Any) -> list[Message]:
        found = since(*arguments)
        factories.make_line(site, "And my candles?", who="vera")
        return found

    def place(text: str) -> str:
        return re.search(r'data-change="(\d+)"', text)[1]      # type: ignore[index]

    seen = place(page.call("GET", f"/inbox/{conversation.uuid}", expect=200).text)
    monkeypatch.setattr(Message, "since", interrupted)
    answer = page.call("GET", f"{url}?since={seen}", expect=200).text
    monkeypatch.undo()
    assert "And my candles?" not in answer
    assert "And my candles?" in page.call("GET", f"{url}?since={place(answer)}", expect=200).text


def test_a_page_that_missed_too_much_is_loaded_anew(page: Client, conversation: Conversation,
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_view, "_CHANGED", 1)
    url = f"/inbox/{conversation.uuid}/messages?since=0"
    submit(page, f"/inbox/{conversation.uuid}/reply", 302, text="On its way.")
    answer = page.call("GET", url, expect=200)
    assert answer.headers["HX-Refresh"] == "true" and answer.text == ""


@pytest.mark.parametrize("query", ["filter=everything", "filter=", "q=%00", "q=" + "x" * 5000, "q=%25", "q='",
                                   "after=x", "after=", "q=\U0001f382", "count=²", "count=-1", "selected=x"])
def test_odd_questions_to_the_inbox_break_nothing(page: Client, conversation: Conversation, query: str) -> None:
    for path in ("/inbox", "/inbox/rows"):
        assert page.call("GET", f"{path}?{query}").status_code in (200, 400)


def test_the_filters_show_what_they_say(page: Client, site: Channel, people: People) -> None:
    lines = {name: factories.make_conversation(site, f"Line of {name}")
             for name in ("mine", "waiting", "resolved", "ai")}
    submit(page, f"/inbox/{lines['mine'].uuid}/take-over", 302)
    submit(page, f"/inbox/{lines['resolved'].uuid}/close", 302)
    Conversation.update(floor="nobody").where(Conversation.id == lines["waiting"].id).execute()
    shown = {"open": {"mine", "waiting", "ai"}, "mine": {"mine"}, "waiting": {"waiting"}, "resolved": {"resolved"},
             "all": set(lines)}
    for chosen, names in shown.items():
        text = page.call("GET", f"/inbox/rows?filter={chosen}", expect=200).text
        assert {name for name in lines if f"Line of {name}" in text} == names, chosen


def test_the_search_finds_names_and_words(page: Client, site: Channel) -> None:
    factories.make_conversation(site, "Where is my cake?", name="Vera Ivanova")
    factories.make_conversation(site, "Do you sell bread?", name="Adam")
    for words, found in (("cake", "cake"), ("Vera", "cake"), ("bread", "bread"), ("Adam", "bread")):
        text = page.call("GET", "/inbox/rows", query_string={"q": words}, expect=200).text
        assert ("Where is my cake?" in text, "Do you sell bread?" in text) == (found == "cake", found == "bread")


def test_long_lists_come_in_parts_without_gaps(page: Client, site: Channel) -> None:
    names = [f"Line number {number:03d}" for number in range(45)]
    for name in names:
        factories.make_conversation(site, name)
    first = page.call("GET", "/inbox/rows", expect=200).text
    key = re.search(r"after=([\w-]+)", first)
    assert key is not None
    second = page.call("GET", f"/inbox/rows?after={key[1]}", expect=200).text
    found = [set(re.findall(r"Line number \d{3}", text)) for text in (first, second)]
    assert found[0] | found[1] == set(names) and not found[0] & found[1]


def test_opening_a_conversation_takes_the_badge_away_for_those_who_answer(
        app: Any, page: Client, people: People, conversation: Conversation) -> None:
    browser(app, people.carol).call("GET", f"/inbox/{conversation.uuid}", expect=200)
    assert Conversation.get_by_id(conversation.id).unread == 1
    page.call("GET", f"/inbox/{conversation.uuid}", expect=200)
    assert Conversation.get_by_id(conversation.id).unread == 0


def test_a_viewer_reads_and_moves_nothing(app: Any, people: People, conversation: Conversation) -> None:
    viewer = browser(app, people.carol)
    viewer.call("GET", f"/inbox/{conversation.uuid}", expect=200)
    before = worlds.picture()
    for move in ("reply", "take-over", "release", "close", "reopen"):
        submit(viewer, f"/inbox/{conversation.uuid}/{move}", 403, text="Hi")
    submit(viewer, f"/inbox/{conversation.uuid}/read", 204)
    assert worlds.picture() == before


@pytest.mark.parametrize("path", ["/inbox/nonsense", "/inbox/%00", "/nothing", "/inbox/turns/x", "/static/nothing.css",
                                  "/static/../hub/settings.py", "/static/%2e%2e/hub/settings.py",
                                  "/static/..%2fhub/settings.py", "/static/theme", "/static/"])
def test_what_is_not_there_is_said_in_words(page: Client, path: str) -> None:
    answer = page.call("GET", path, expect=404)
    assert answer.mimetype == "text/html" and "Error 404" in answer.text
    assert "SESSION_SECRET" not in answer.text


def test_a_stranger_is_told_that_it_is_not_open_to_him(app: Any, people: People, conversation: Conversation) -> None:
    text = browser(app, people.dave).call("GET", f"/inbox/{conversation.uuid}", expect=403).text
    assert "Where is my cake?" not in text and "Vera Ivanova" not in text


@pytest.mark.parametrize("path", ["/auth/login", "/inbox", "/theme", "/api-docs", "/nothing"])
def test_pages_run_nothing_inline_and_stand_in_no_frame(page: Client, client: Client, path: str) -> None:
    for who in (page, client):
        answer = who.call("GET", path)
        if answer.status_code == 302:
            continue
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy and answer.headers["X-Frame-Options"] == "DENY"


def test_pages_of_signed_in_people_are_not_kept_by_proxies(page: Client) -> None:
    assert page.call("GET", "/inbox").headers["Cache-Control"] == "no-store"


def test_files_are_kept_for_ever_under_the_name_of_their_content(client: Client) -> None:
    text = client.call("GET", "/auth/login", expect=200).text
    sheet = re.search(r'href="(/static/theme/theme\.css\?v=\w+)"', text)
    assert sheet is not None
    answer = client.call("GET", sheet[1], expect=200)
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Vary" not in answer.headers
    assert "immutable" not in client.call("GET", "/static/theme/theme.css?v=old").headers["Cache-Control"]
    client.call("GET", sheet[1], headers={"If-None-Match": answer.headers["ETag"]}, expect=304)


def test_the_bare_address_leads_to_the_inbox(client: Client) -> None:
    assert client.call("GET", "/", expect=302).location == "/inbox"
