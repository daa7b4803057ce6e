"""A customer of a business's own system: signed in, answered once, delivered in order."""

from typing import Any

import orjson
import pytest
import time_machine

from hub.lib import clock
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.delivery import Delivery
from hub.models.conversations.message import Message
from tests import factories
from tests.client import Client
from tests.factories import People
from tests.fakes import FakeServer, signed
from tests.flow.conftest import Work
from tests.services import steps

_FACT = "Delivery to Kazan costs 300 rubles and takes two days."


@pytest.fixture
def shop(business: People, fake: FakeServer) -> Channel:
    channel = factories.make_custom(business.tenant, fake.channel_url("shop"))
    fake.options("channel", "shop", secret=channel.secret.reveal())
    return channel


def post(client: Client, shop: Channel, body: Any, expect: int = 200) -> Any:
    raw = orjson.dumps(body)
    return client.call("POST", f"/webhooks/custom/{shop.token}", data=raw, headers=signed(shop.secret.reveal(), raw),
                       expect=expect).get_json()


def line(number: int, text: str, who: str = "anna") -> dict[str, Any]:
    return {"id": f"m-{number}", "from": {"id": who, "name": who.title()}, "text": text, "chat": {"id": f"chat-{who}"}}


def arrived(fake: FakeServer) -> list[tuple[str, str]]:
    return [(call.body["to"], call.body["text"]) for call in fake.calls("channel") if call.is_accepted]


def test_an_event_is_answered_once_at_its_sender(client: Client, shop: Channel, fake: FakeServer, work: Work) -> None:
    for duplicate in (False, True):
        assert post(client, shop, line(1, "How much is delivery to Kazan?")) == {
            "ok": True, "duplicate": duplicate, "problems": []}
    work()
    assert arrived(fake) == [("chat-anna", _FACT)] and fake.calls("channel")[0].note["signature"] == "valid"
    assert [message.status for message in Message.select().order_by(Message.id)] == ["received", "sent"]


def test_the_same_event_fifty_times_in_parallel_is_answered_once(client: Client, shop: Channel, fake: FakeServer,
                                                                 work: Work) -> None:
    results = [one for _ in range(5) for one in
               steps.good(steps.at_once(*[lambda: post(client, shop, line(1, "How much is delivery to Kazan?"))] * 10))]
    work()
    assert sum(not one["duplicate"] for one in results) == 1
    assert arrived(fake) == [("chat-anna", _FACT)] and len(fake.calls("openai")) == 1


def test_shuffled_events_of_many_customers_reach_the_right_ones(client: Client, shop: Channel, fake: FakeServer,
                                                                work: Work) -> None:
    people = ["anna", "boris", "clara", "dmitri"]
    for number, who in enumerate([*people, *reversed(people)]):
        post(client, shop, line(number, "How much is delivery to Kazan?", who))
    work()
    assert sorted(arrived(fake)) == [(f"chat-{who}", _FACT) for who in people], "two quick lines, one answer each"


def test_a_wrong_signature_is_refused_and_nothing_is_stored(client: Client, shop: Channel) -> None:
    raw = orjson.dumps(line(1, "Hello"))
    answer = client.call("POST", f"/webhooks/custom/{shop.token}", data=raw, headers=signed("wrong", raw), expect=403)
    assert answer.get_json()["error"]["code"] == "WEBHOOK_SIGNATURE_INVALID"
    assert Conversation.select().count() == 0


def test_a_receiver_that_stumbles_gets_everything_in_order(client: Client, bob: Client, shop: Channel, fake: FakeServer,
                                                           work: Work) -> None:
    fake.mode("channel", "500", times=1)
    post(client, shop, line(1, "How much is delivery to Kazan?"))
    work()
    (conversation,) = bob.get("/api/conversations")
    for number in (1, 2):
        bob.post(f"/api/conversations/{conversation['id']}/messages", {"content": f"By the way {number}"}, expect=201)
    work()
    assert arrived(fake) == []
    with time_machine.travel(clock.ahead(3), tick=True):
        work()
    assert [text for _, text in arrived(fake)] == [_FACT, "By the way 1", "By the way 2"]
    lines = bob.get(f"/api/conversations/{conversation['id']}/messages")
    assert [line["status"] for line in lines if line["role"] in ("assistant", "operator")] == ["sent"] * 3


def test_a_line_in_doubt_is_shown_as_such(client: Client, bob: Client, shop: Channel, fake: FakeServer,
                                          work: Work) -> None:
    Channel.update(config={**shop.config, "idempotent": False}).where(Channel.id == shop.id).execute()
    fake.mode("channel", "drop_after_accept", times=1)
    post(client, shop, line(1, "How much is delivery to Kazan?"))
    work()
    (conversation,) = bob.get("/api/conversations")
    assert bob.get(f"/api/conversations/{conversation['id']}/messages")[-1]["status"] == "unknown"
    with time_machine.travel(clock.ahead(7200), tick=True):
        work()
    assert len(arrived(fake)) == 1 and Delivery.get().state == "unknown", "never sent again by itself"


@pytest.mark.parametrize("text", ["\u202eevil", "🧁" * 3_000, "e\u0301" * 4_000, "\u200fمرحبا", "a\x00b", "x" * 10_000])
def test_any_script_comes_in_and_its_answer_goes_out(client: Client, shop: Channel, fake: FakeServer, work: Work,
                                                     text: str) -> None:
    post(client, shop, line(1, f"How much is delivery to Kazan? {text}"[:10_000]))
    work()
    assert len(fake.calls("channel")) == 1 and Message.select().where(Message.role == "customer").count() == 1
