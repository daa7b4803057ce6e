"""What a provider posts: verified, stored raw, made into messages once; what cannot be understood stays to be seen."""

from typing import Any

import orjson
import pytest
import time_machine

from hub import queue
from hub.channels.base import Hook
from hub.errors import Forbidden, NotFound
from hub.lib import clock
from hub.models.agents.agent import Agent
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.channels.inbound_event import InboundEvent
from hub.models.conversations.message import Message
from hub.queue import Job
from hub.services.channels import webhooks
from tests import factories
from tests.factories import People
from tests.fakes import signed
from tests.services import steps


@pytest.fixture
def shop(people: People, agent: Agent) -> Channel:
    return factories.make_custom(people.tenant, "http://127.0.0.1:9/")


def hook(shop: Channel, body: Any, **headers: str) -> Hook:
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    given = {name.lower(): value for name, value in signed(shop.secret.reveal(), raw).items()}
    return Hook({**given, **headers}, raw)


def line(number: int, text: str = "Hello", **values: Any) -> dict[str, Any]:
    return {"id": f"m-{number}", "from": {"id": "anna", "name": "Anna"}, "text": text, **values}


def post(shop: Channel, body: Any, **headers: str) -> bool:
    return webhooks.accept("custom", str(shop.token), hook(shop, body, **headers))


def work() -> list[InboundEvent]:
    """Process every stored event that is due; all events."""
    for (number,) in list(InboundEvent.select(InboundEvent.id).where(InboundEvent.state == "received").tuples()):
        webhooks.process(number)
    return list(InboundEvent.select().order_by(InboundEvent.id))


def test_an_event_is_stored_first_and_becomes_a_message(people: People, shop: Channel) -> None:
    assert post(shop, line(1, "How much?", chat={"id": "chat-9"})) is True
    assert queue.waiting(Job.PROCESS_INBOUND) == 1 and Message.select().count() == 0
    (event,) = work()
    message, conversation = Message.get(), Conversation.get()
    assert (event.state, event.error, event.attempts) == ("done", "", 1)
    assert (message.text, message.name, conversation.external_id,
            conversation.customer.name) == ("How much?", "Anna", "chat-9", "Anna")


@pytest.mark.parametrize("header", [{}, {"idempotency-key": "evt-1"}])
def test_the_same_event_fifty_times_in_parallel_is_one_message(shop: Channel, header: dict[str, str]) -> None:
    got = steps.good(steps.at_once(*[lambda: post(shop, line(1), **header)] * 16))
    got += [post(shop, line(1), **header) for _ in range(34)]
    assert sum(got) == 1 and InboundEvent.select().count() == 1
    number = InboundEvent.get().id
    steps.good(steps.at_once(*[lambda: webhooks.process(number)] * 8))
    assert Message.select().count() == 1 and queue.waiting(Job.ANSWER) == 1


def test_the_same_line_in_another_event_is_the_same_message(shop: Channel) -> None:
    post(shop, line(1))
    post(shop, [line(1), line(2, "more")])
    assert [event.state for event in work()] == ["done", "done"]
    assert [message.text for message in Message.select().order_by(Message.id)] == ["Hello", "more"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]{", b"\xff\xfe", b"null", b"17", b'"text"', b"[[]]",
                                  {}, {"id": "m-1"}, {"id": "", "from": {"id": "a"}, "text": "x"},
                                  {"id": "m-1", "from": {"id": "a" * 201}, "text": "x"},
                                  {"id": "m-1", "from": {"id": "a"}, "text": None},
                                  {"id": "m-1", "from": [], "text": "x"}, b'{"id": "m-1", "text": "\\ud800"}'])
def test_what_cannot_be_understood_stays_as_a_failed_event(shop: Channel, body: Any) -> None:
    assert post(shop, body) is True, "the provider is told that it arrived, or it would repeat it for days"
    (event,) = work()
    assert (event.state, bytes(event.body)) == ("failed", body if isinstance(body, bytes) else orjson.dumps(body))
    assert event.error and Message.select().count() == 0


@pytest.mark.parametrize("bad", [line(2, ""), line(2, "x" * 10_001), line(2, "\x00")])
def test_the_good_lines_of_an_event_are_stored_whatever_the_others_are_like(shop: Channel, bad: Any) -> None:
    post(shop, [line(1, "one"), bad, line(3, "three")])
    (event,) = work()
    assert event.state == "failed" and event.error
    assert [message.text for message in Message.select().order_by(Message.id)] == ["one", "three"]


def test_long_names_and_odd_contacts_do_not_lose_the_line(shop: Channel) -> None:
    person = {"id": "anna", "name": "N" * 5_000, "email": "e\x00" * 400, "phone": "\u202e" + "7" * 300}
    post(shop, {"id": "m-1", "from": person, "text": "Hello"})
    assert [event.state for event in work()] == ["done"]
    customer = Conversation.get().customer
    assert (len(customer.name), len(customer.email), len(customer.phone)) == (255, 255, 255)


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=" + "0" * 64, "sha1=abc", "é"])
def test_an_event_that_is_not_signed_is_refused(shop: Channel, signature: str) -> None:
    with pytest.raises(Forbidden, match="signature"):
        webhooks.accept("custom", str(shop.token), Hook({"x-parley-signature": signature}, b"{}"))
    assert InboundEvent.select().count() == 0


def test_a_signature_is_for_one_body_and_one_channel(people: People, shop: Channel) -> None:
    other = factories.make_custom(people.tenant, "http://127.0.0.1:9/")
    good = hook(shop, line(1))
    for token, body in ((shop.token, good.body + b" "), (other.token, good.body)):
        with pytest.raises(Forbidden):
            webhooks.accept("custom", str(token), Hook(good.headers, body))


@pytest.mark.parametrize("kind", ["website", "nothing", "custom"])
def test_an_address_that_there_is_not_is_not_found(people: People, shop: Channel, kind: str) -> None:
    site = factories.make_site(people.tenant)
    shop.is_active = False
    shop.save()
    with pytest.raises(NotFound):
        webhooks.accept(kind, str(site.token if kind == "website" else shop.token), hook(shop, line(1)))


def test_an_event_whose_worker_died_is_taken_again(shop: Channel) -> None:
    post(shop, line(1))
    number = InboundEvent.get().id
    assert webhooks._claim(number) is not None          # and here the process is killed
    webhooks.process(number)
    assert Message.select().count() == 0, "its claim still holds"
    with time_machine.travel(clock.ahead(20), tick=True):
        webhooks.process(number)
    assert (InboundEvent.get().state, Message.select().count()) == ("done", 1)


def test_an_event_that_kills_its_worker_again_and_again_is_given_up(shop: Channel) -> None:
    post(shop, line(1))
    InboundEvent.update(attempts=6).execute()
    (event,) = work()
    assert (event.state, event.error) == ("failed", "It failed too often.") and Message.select().count() == 0


def test_a_channel_that_was_deleted_leaves_nothing_to_do(shop: Channel) -> None:
    post(shop, line(1))
    number = InboundEvent.get().id
    shop.delete_instance()
    webhooks.process(number)
    assert InboundEvent.select().count() == Message.select().count() == 0
