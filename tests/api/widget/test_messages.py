"""/widget/messages: a visitor's lines, stored once however often they are sent, and read page by page."""

from functools import partial
from typing import Any

import pytest

from hub import queue
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.customers.customer import Customer
from hub.models.conversations.message import Message
from hub.services.conversations import outbox
from tests import factories
from tests.api.callers import bearer, code
from tests.client import Client, Visitor
from tests.factories import People
from tests.services import steps

SHOWN = {"id", "clientId", "change", "role", "name", "text", "contentType", "sources", "attachments", "replyTo",
         "status", "turn", "event", "reactions", "createdAt", "editedAt", "deletedAt"}

# Nobody who reads these sees anything.
INVISIBLE = ["\u200b\u200b", "\u2060", "\u3164", "\u2800", "\ufeff", "\u00ad", "\u200e", "\u115f \u1160",
             "\u200d\ufe0f", "\U000e0041", "\u2003\u00a0\n"]


def answer(site: Channel, text: str, people: People) -> Message:
    """A line of bob's, in the only conversation there is."""
    conversation = Conversation.with_people(site.tenant_id).get()
    return outbox.reply(factories.caller(people.bob), conversation, text, f"bob-{text}")


def test_the_first_line_makes_customer_and_conversation_and_is_owed_an_answer(visitor: Visitor, site: Channel) -> None:
    result = visitor.say("Where is my cake?", "client-0001")
    assert set(result) == {"message", "conversation"}
    assert set(result["message"]) == SHOWN
    assert (result["message"]["role"], result["message"]["clientId"], result["message"]["status"]) == (
        "customer", "client-0001", "received")
    assert (result["conversation"]["floor"], result["conversation"]["status"]) == ("ai", "active")
    assert (Customer.select().count(), Conversation.select().count(), Message.select().count()) == (1, 1, 1)
    assert Message.get().answer_at is not None
    assert len(queue.queues()["ai-generation"]) == 1


def test_the_same_line_ten_times_is_one_message(visitor: Visitor) -> None:
    result = [visitor.say("Where is my cake?", "client-0001") for _ in range(10)]
    assert len({answer["message"]["id"] for answer in result}) == 1
    assert (Message.select().count(), Conversation.get().messages_count, Conversation.get().unread) == (1, 1, 1)
    assert len(queue.queues()["ai-generation"]) == 1


def test_the_same_line_again_with_other_words_keeps_the_first_words(visitor: Visitor) -> None:
    visitor.say("First", "client-0001")
    assert visitor.say("Second", "client-0001")["message"]["text"] == "First"


def test_two_tabs_that_send_the_same_line_at_once_make_one_message(app: Any, site: Channel, visitor: Visitor) -> None:
    tabs = [bearer(app, visitor.session["visitorToken"]) for _ in range(6)]
    found = steps.good(steps.at_once(*[
        partial(tab.post, "/widget/messages", {"clientId": "client-0001", "text": "Hello"}, expect=201)
        for tab in tabs]))
    assert len({answer["message"]["id"] for answer in found}) == 1
    assert (Customer.select().count(), Conversation.select().count(), Message.select().count()) == (1, 1, 1)


def test_two_visitors_with_the_same_client_id_do_not_meet(app: Any, site: Channel, visitor: Visitor) -> None:
    other = Visitor(app, str(site.token))
    first, second = visitor.say("Mine", "client-0001"), other.say("Not yours", "client-0001")
    assert first["message"]["id"] != second["message"]["id"]
    assert first["conversation"]["id"] != second["conversation"]["id"]
    assert [line["text"] for line in visitor.lines()] == ["Mine"]
    assert [line["text"] for line in other.lines()] == ["Not yours"]


def test_a_pre_chat_form_names_the_customer(visitor: Visitor) -> None:
    visitor.post("/widget/messages", {
        "clientId": "client-0001", "text": "Hello", "visitor": {"name": " Ve\x00ra ", "email": "vera@example.com\n",
                                                                "phone": "+7 900 123-45-67"},
        "page": {"url": "https://shop.example/cakes", "title": "Cakes\u202e", "referrer": "javascript:alert(1)"}},
        expect=201)
    customer = Customer.get()
    assert (customer.name, customer.email, customer.phone) == ("Vera", "vera@example.com", "+7 900 123-45-67")
    assert customer.page == {"url": "https://shop.example/cakes", "title": "Cakes", "referrer": ""}


def test_what_a_visitor_is_stays_what_the_token_says(visitor: Visitor, people: People) -> None:
    result = visitor.post("/widget/messages", {
        "clientId": "client-0001", "text": "Hello", "role": "operator", "status": "read", "tenant": people.other.id,
        "conversation": 1, "conversationId": "x", "userId": people.alice.id, "agent": 1, "id": 5, "change": 99,
        "createdAt": "2020-01-01T00:00:00Z"}, expect=201)["message"]
    row = Message.get()
    assert (row.role, row.status, row.tenant_id, row.user_id, row.change) == (
        "customer", "received", people.tenant.id, None, 1)
    assert result["createdAt"] > "2021"


@pytest.mark.parametrize(("text", "status", "expect"), [
    ("", 400, "text_empty"), (" \n\t ", 400, "text_empty"), ("\u202e\x00", 400, "text_empty"),
    *((line, 400, "text_empty") for line in INVISIBLE),
    ("x" * 10_001, 413, "text_too_long"), ("x" * 200_001, 400, "VALIDATION_ERROR"),
    ("x" * 1_000_001, 400, "VALIDATION_ERROR"), ("x" * 1_300_000, 413, "too_large"), (None, 400, "VALIDATION_ERROR"),
    (7, 400, "VALIDATION_ERROR")])
def test_a_line_has_limits(visitor: Visitor, text: Any, status: int, expect: str) -> None:
    found = visitor.post("/widget/messages", {"clientId": "client-0001", "text": text}, expect=status)
    assert code(found) == expect
    assert (Message.select().count(), Conversation.select().count()) == (0, 0)


@pytest.mark.parametrize(("sent", "kept"), [
    ("x" * 10_000, None), ("\U0001f382" * 10_000, None), ("a\x00b", "ab"), ("e\u0301", "\u00e9"),
    ("a\u202eb", "ab"), ("<img src=x onerror=alert(1)>", None), ("[a](javascript:alert(1))", None), ("  a  ", "a"),
    ("e" + "\u0301" * 9_000, "\u00e9" + "\u0301" * 29), ("\U0001f468\u200d\U0001f469\u200d\U0001f467", None)])
def test_text_is_kept_as_text(visitor: Visitor, sent: str, kept: str | None) -> None:
    assert visitor.say(sent)["message"]["text"] == (sent if kept is None else kept)
    assert visitor.lines()[0]["text"] == (sent if kept is None else kept)


def test_a_lone_half_of_a_character_is_no_json(visitor: Visitor) -> None:
    answer = visitor.call("POST", "/widget/messages", data=b'{"clientId": "client-1", "text": "\\ud83c"}', expect=400,
                       content_type="application/json")
    assert code(answer) == "invalid_json"


@pytest.mark.parametrize("client_id", ["", "short", "x" * 65, "with space", "a:b:c:d:e", "кириллица",
                                       "a\x00b\x00cde", None, 12345678])
def test_a_client_id_is_eight_to_sixty_four_plain_signs(visitor: Visitor, client_id: Any) -> None:
    visitor.refused("POST", "/widget/messages", {"clientId": client_id, "text": "Hello"}, status=400, field="clientId")


def test_before_the_first_line_there_is_nothing_to_read(visitor: Visitor) -> None:
    assert visitor.get("/widget/messages") == {"messages": [], "conversation": None, "change": 0, "hasMore": False}
    assert visitor.get("/widget/messages?since=5")["messages"] == []


def test_history_comes_from_the_end_page_by_page(visitor: Visitor) -> None:
    sent = [visitor.say(f"Line {number}")["message"]["id"] for number in range(7)]
    seen: list[str] = []
    before = ""
    for more in (True, True, False):
        page = visitor.get(f"/widget/messages?limit=3{before}")
        assert page["hasMore"] is more
        ids = [line["id"] for line in page["messages"]]
        seen = ids + seen
        before = f"&before={ids[0]}"
    assert seen == sent


def test_changes_come_from_where_the_page_was(visitor: Visitor, site: Channel, people: People) -> None:
    since = visitor.say("Hello")["message"]["change"]
    answer(site, "Good morning", people)
    found = visitor.get(f"/widget/messages?since={since}")
    assert [line["role"] for line in found["messages"]] == ["system", "operator"]
    assert found["change"] == max(line["change"] for line in found["messages"]) == found["conversation"]["change"]
    assert found["conversation"]["operator"] == {"name": "Bob"}
    assert visitor.get(f"/widget/messages?since={found['change']}")["messages"] == []


def test_many_changes_come_in_pages_without_gaps(visitor: Visitor, site: Channel) -> None:
    visitor.say("Hello")
    conversation = Conversation.get()
    Message.insert_many([{"tenant": conversation.tenant_id, "conversation": conversation.id, "channel": site.id,
                          "change": number,
                          "role": "assistant", "text": f"Line {number}"} for number in range(2, 252)]).execute()
    seen: list[int] = []
    since, more = 0, True
    while more:
        page = visitor.get(f"/widget/messages?since={since}")
        seen += [line["change"] for line in page["messages"]]
        since, more = seen[-1], page["hasMore"]
    assert seen == list(range(1, 252))


def test_what_is_internal_is_not_shown(visitor: Visitor, site: Channel, people: People) -> None:
    visitor.say("Hello")
    answer(site, "Good morning", people)
    text = visitor.call("GET", "/widget/messages", expect=200).text
    for private in (people.bob.email, str(people.bob.uuid), site.secret.reveal(), "confidence", "floorReason",
                    "tenant"):
        assert private not in text


def test_a_strangers_message_is_no_place_in_the_own_history(
        app: Any, site: Channel, visitor: Visitor, people: People) -> None:
    visitor.say("Hello")
    for place in (site, factories.make_site(people.other)):
        foreign = Visitor(app, str(place.token)).say("A secret")["message"]["id"]
        found = visitor.call("GET", f"/widget/messages?before={foreign}", expect=400)
        assert code(found) == "before_invalid"
        assert "secret" not in found.text


@pytest.mark.parametrize("query", ["since=-1", "since=x", "since=99999999999999999999", "limit=0", "limit=101",
                                   "before=x", "before=" + "x" * 37, "before=%00", "limit=1e3"])
def test_a_wrong_place_is_refused(visitor: Visitor, query: str) -> None:
    visitor.say("Hello")
    visitor.get(f"/widget/messages?{query}", expect=400)


def test_a_line_to_a_closed_conversation_opens_it_again(visitor: Visitor, bob: Client, site: Channel) -> None:
    first = visitor.say("Hello")["conversation"]
    bob.patch(f"/api/conversations/{first['id']}", {"status": "resolved"})
    again = visitor.say("One more thing")["conversation"]
    assert (again["id"], again["status"], again["floor"]) == (first["id"], "active", "ai")
    assert Message.select().where(Message.answer_at.is_null(False)).count() == 1


def test_lines_come_while_redis_is_away(visitor: Visitor, settings: Any) -> None:
    queue.connect("redis://127.0.0.1:1/0")
    try:
        visitor.say("Still here")
    finally:
        queue.connect(settings.redis_url)
    assert Message.get().answer_at is not None
