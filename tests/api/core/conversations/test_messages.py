"""Lines of a conversation: reading them by change, and sending as an operator."""

from functools import partial
from typing import Any

import pytest

from hub import queue
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.delivery import Delivery
from hub.models.conversations.message import Message
from tests import factories
from tests.api.noun import Wrong
from tests.client import Client
from tests.factories import People
from tests.services.steps import at_once

LINE = "/api/conversations/<conversation>/messages"
READ = Wrong(f"GET {LINE}", {"since": [-1, "x", 10**20], "before": ["x", 10**23], "limit": [0, 101]})
SENT = Wrong(f"POST {LINE}", {"content": [None, ["a"], "x" * 100_001], "role": ["system"], "clientId": [
    "a b", "", "x" * 65]})
EMPTY = Wrong(f"POST {LINE}", {"content": ["", " \n\x07\u202e ", "\u200b\u00ad\u2800"]}, code="text_empty")


@pytest.fixture
def hook(people: People) -> Channel:
    factories.make_agent(people.tenant)
    return factories.make_custom(people.tenant, "http://127.0.0.1:9/")


@pytest.fixture
def conversation(people: People, hook: Channel) -> Conversation:
    return factories.make_conversation(hook, "Where is my cake?", name="Vera")


def lines(conversation: Conversation) -> str:
    return f"/api/conversations/{conversation.uuid}/messages"


def say(client: Client, conversation: Conversation, content: str = "On its way.", expect: int = 201,
        **more: Any) -> Any:
    return client.post(lines(conversation), {"content": content, **more}, expect=expect)


def test_an_operators_line_is_stored_takes_the_floor_and_waits_for_its_channel(bob: Client,
                                                                               conversation: Conversation) -> None:
    result = say(bob, conversation)
    assert (result["role"], result["senderName"], result["content"], result["status"]) == (
        "operator", "Bob", "On its way.", "queued")
    assert result["conversationId"] == str(conversation.uuid)
    delivery = Delivery.get()
    assert (str(delivery.message.uuid), delivery.state) == (result["id"], "queued")
    assert len(queue.queues()["deliveries"]) == 1
    fresh = bob.get(f"/api/conversations/{conversation.uuid}")
    assert (fresh["floor"], fresh["operatorName"], fresh["unread"]) == ("operator", "Bob", 0)
    assert Message.select().where(Message.answer_at.is_null(False)).count() == 0


def test_a_line_for_the_widget_is_there_at_once(bob: Client, people: People) -> None:
    conversation = factories.make_conversation(factories.make_site(people.tenant), "Hello")
    assert say(bob, conversation)["status"] == "sent"
    assert Delivery.select().count() == 0


def test_the_same_client_id_is_the_same_line(bob: Client, conversation: Conversation) -> None:
    first = say(bob, conversation, clientId="key-1")
    assert [say(bob, conversation, client_id="key-1")["id"] for _ in range(3)] == [first["id"]] * 3
    assert first["clientId"] == "key-1"
    assert Delivery.select().count() == 1
    assert say(bob, conversation, clientId="key-2")["id"] != first["id"]


def test_two_operators_may_use_the_same_client_id(alice: Client, bob: Client, conversation: Conversation) -> None:
    assert say(bob, conversation, clientId="key-1")["id"] != say(alice, conversation, "Me too.", clientId="key-1")["id"]


def test_a_colleague_may_write_into_a_conversation_without_taking_it(
        alice: Client, bob: Client, conversation: Conversation) -> None:
    say(bob, conversation)
    assert say(alice, conversation, "And with candles.")["senderName"] == "Alice"
    assert bob.get(f"/api/conversations/{conversation.uuid}")["operatorName"] == "Bob"


def test_a_line_as_the_customer_tries_the_ai_and_sends_nothing(bob: Client, conversation: Conversation) -> None:
    result = say(bob, conversation, "Do you bake at night?", role="customer", clientId="try-1")
    assert (result["role"], result["status"]) == ("customer", "received")
    assert say(bob, conversation, "Do you bake at night?", role="customer", clientId="try-1")["id"] == result["id"]
    assert Delivery.select().count() == 0
    assert Message.get(Message.uuid == result["id"]).answer_at is not None


def test_lines_come_by_change_or_from_the_end(bob: Client, conversation: Conversation) -> None:
    result = [say(bob, conversation, f"Line {number}") for number in range(5)]
    everything = bob.get(lines(conversation))
    assert [line["content"] for line in everything][-5:] == [f"Line {number}" for number in range(5)]
    since = result[2]["change"]
    assert [line["id"] for line in bob.get(f"{lines(conversation)}?since={since}")] == [line["id"]
                                                                                        for line in result[3:]]
    assert bob.get(f"{lines(conversation)}?since={result[4]['change']}") == []
    older = bob.get(f"{lines(conversation)}?before={result[3]['number']}&limit=2")
    assert [line["id"] for line in older] == [line["id"] for line in result[1:3]]


def test_a_line_that_changed_comes_again(bob: Client, conversation: Conversation) -> None:
    change = bob.get(f"/api/conversations/{conversation.uuid}")["change"]
    bob.post(f"/api/conversations/{conversation.uuid}/read")
    seen, = bob.get(f"{lines(conversation)}?since={change}")
    assert (seen["content"], seen["status"]) == ("Where is my cake?", "read")


def test_changes_come_page_by_page_without_gaps(bob: Client, conversation: Conversation) -> None:
    for number in range(7):
        say(bob, conversation, f"Line {number}")
    seen: list[str] = []
    since = 0
    while page := bob.get(f"{lines(conversation)}?since={since}&limit=3"):
        seen, since = seen + [line["id"] for line in page], page[-1]["change"]
    assert sorted(seen) == sorted({line["id"] for line in bob.get(lines(conversation))})


def test_a_line_longer_than_a_channel_takes_is_refused_and_nothing_is_stored(
        bob: Client, conversation: Conversation) -> None:
    bob.refused("POST", lines(conversation), {"content": "x" * 10_001}, status=413, code="text_too_long")
    assert (Message.select().count(), Delivery.select().count()) == (1, 0)


@pytest.mark.parametrize(("sent", "kept"), [
    ("a\x00b", "ab"), ("Ночь \U0001f319\U0001f468\u200d\U0001f469\u200d\U0001f467", None), ("a\u202eb", "ab"),
    ("line\r\nline\rline", "line\nline\nline"), ("e\u0301", "\u00e9"), ("<script>alert(1)</script>", None),
    ("{{7*7}} %s {0}", None), ("x" * 10_000, None), ("\U0001f382" * 10_000, None)])
def test_text_arrives_as_it_was_written_without_what_breaks_pages(
        bob: Client, conversation: Conversation, sent: str, kept: str | None) -> None:
    result = say(bob, conversation, sent)
    assert result["content"] == (sent if kept is None else kept)
    assert bob.get(lines(conversation))[-1]["content"] == result["content"]


def test_who_sends_and_where_to_is_not_the_bodys_business(
        bob: Client, people: People, conversation: Conversation) -> None:
    result = say(bob, conversation, tenant_id=people.other.id, tenantId=str(people.other.uuid),
                 userId=people.alice.id, id=7,
               status="read", senderName="Alice", conversationId="x", change=99, created_at="2020-01-01T00:00:00Z")
    row = Message.get(Message.uuid == result["id"])
    assert (row.tenant_id, row.user_id, row.name, row.status) == (people.tenant.id, people.bob.id, "Bob", "queued")
    assert row.created_at.year > 2020


@pytest.mark.parametrize("query", ["since=9223372036854775807", "before=9223372036854775807", "before=0"])
def test_a_place_far_away_is_no_error(bob: Client, conversation: Conversation, query: str) -> None:
    bob.get(f"{lines(conversation)}?{query}")


def test_a_double_click_is_one_line(app: Any, people: People, conversation: Conversation) -> None:
    clients = [Client(app, people.bob) for _ in range(6)]
    found = at_once(*(partial(say, client, conversation, "Once.", clientId="key-1") for client in clients))
    assert len({line["id"] for line in found}) == 1
    assert (Message.select().where(Message.role == "operator").count(), Delivery.select().count()) == (1, 1)
