"""What a provider posts: verified, stored raw, made into messages once; what cannot be understood stays to be seen."""

from typing import Any

import orjson
import pytest
import time_machine

from hub import queue
from hub.channels.base import Hook
from hub.errors import BadInput, Conflict, Forbidden, HubError, NotFound
from hub.lib import clock
from hub.models.agents.agent import Agent
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.channels.inbound_event import InboundEvent
from hub.models.conversations.message import Message
from hub.queue import Job
from hub.services import work
from hub.services.channels import inbound_events, webhooks
from tests import factories
from tests.factories import People
from tests.fakes import signed
from tests.services import steps
from tests.there import there


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
    return webhooks.accept("custom", str(shop.token), hook(shop, body, **headers)).is_new


def process_all() -> list[InboundEvent]:
    """Process every stored event that is due; all events."""
    for (number,) in list(InboundEvent.select(InboundEvent.id).where(InboundEvent.state == "received").tuples()):
        webhooks.process(number)
    return list(InboundEvent.select().order_by(InboundEvent.id))


def test_an_event_is_stored_first_and_becomes_a_message(people: People, shop: Channel) -> None:
    assert post(shop, line(1, "How much?", chat={"id": "chat-9"})) is True
    assert queue.waiting(Job.PROCESS_INBOUND) == 1 and Message.select().count() == 0
    (event,) = process_all()
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
    assert [event.state for event in process_all()] == ["done", "done"]
    assert [message.text for message in Message.select().order_by(Message.id)] == ["Hello", "more"]


BAD = [b"", b"{", b"[]{", b"\xff\xfe", b"null", b"17", b'"text"', b"[[]]", {}, {"id": "m-1"},
       {"id": "", "from": {"id": "a"}, "text": "x"}, {"id": "m-1", "from": {"id": "a" * 201}, "text": "x"},
       {"id": "m-1", "from": {"id": "a"}, "text": None}, {"id": "m-1", "from": [], "text": "x"},
       b'{"id": "m-1", "text": "\\ud800"}', line(2, ""), line(2, "x" * 10_001), line(2, "x" * 200_000),
       line(2, "\x00"), line(2, "\u200b"), {"type": "edit", "id": "m-1", "from": {"id": "a"}, "text": " "}]


@pytest.mark.parametrize("body", BAD)
def test_what_cannot_be_used_is_refused_at_once_and_names_the_field(shop: Channel, body: Any) -> None:
    with pytest.raises(BadInput) as refused:
        post(shop, body)
    assert refused.value.status == 400 and "field" in refused.value.details
    assert InboundEvent.select().count() == 0


@pytest.mark.parametrize("body", BAD)
def test_where_the_sender_may_not_be_refused_it_stays_as_a_failed_event(shop: Channel, body: Any) -> None:
    Channel.update(config={**shop.config, "refuse": False}).where(Channel.id == shop.id).execute()
    assert post(shop, body) is True, "it would stop posting, or repeat it for days"
    (event,) = process_all()
    assert (event.state, bytes(event.body)) == ("failed", body if isinstance(body, bytes) else orjson.dumps(body))
    assert event.error and Message.select().count() == 0


@pytest.mark.parametrize("bad", [line(2, ""), line(2, "x" * 10_001), {"id": "m-2", "text": "no sender"}, 17, None,
                                 {"type": "unheard", "id": "m-2"}])
def test_the_good_items_of_a_list_are_taken_and_the_bad_ones_reported(shop: Channel, bad: Any) -> None:
    accepted = webhooks.accept("custom", str(shop.token), hook(shop, [line(1, "one"), bad, line(3, "three")]))
    assert accepted.is_new and [problem.index for problem in accepted.problems] == [1]
    (event,) = process_all()
    assert event.state == "failed" and accepted.problems[0].message in event.error
    assert [message.text for message in Message.select().order_by(Message.id)] == ["one", "three"]


def test_another_body_under_the_same_key_is_refused(shop: Channel) -> None:
    key = {"idempotency-key": "my-flow"}
    assert post(shop, line(1), **key) is True and post(shop, line(1), **key) is False
    for body in (line(2, "lost?"), [line(1)]):
        with pytest.raises(HubError) as refused:
            post(shop, body, **key)
        assert (refused.value.status, refused.value.code) == (422, "idempotency_key_reused")
    InboundEvent.update(digest="").execute()        # stored by an earlier release
    assert post(shop, line(1), **key) is False
    with pytest.raises(HubError):
        post(shop, line(2), **key)


def test_useful_headers_and_the_query_stay_with_the_event(shop: Channel) -> None:
    given = hook(shop, line(1), cookie="a=b", authorization="Bearer x", **{"user-agent": "Shop/1"})
    webhooks.accept("custom", str(shop.token), Hook(given.headers, given.body, {"source": "crm", "token": "t"}))
    event = InboundEvent.get()
    assert event.headers == {"content-type": "application/json", "user-agent": "Shop/1"}
    assert event.query == {"source": "crm"}


def test_a_failed_event_is_done_again_and_makes_nothing_twice(shop: Channel) -> None:
    post(shop, [line(1, "one"), {"type": "edit", "id": "m-2", "from": {"id": "anna"}, "text": "later"}])
    InboundEvent.update(attempts=2).execute()       # it has waited long enough for that line
    (event,) = process_all()
    assert (event.state, event.error) == ("failed", "There is no such line.")
    post(shop, line(2, "two"))
    process_all()
    with pytest.raises(Conflict):
        inbound_events.replay(factories.SOMEBODY, InboundEvent.select().order_by(InboundEvent.id.desc()).get())
    queue.redis().flushall()
    assert inbound_events.replay(factories.SOMEBODY, event).state == "received"
    assert queue.waiting(Job.PROCESS_INBOUND) == 1
    assert [event.state for event in process_all()] == ["done", "done"]
    assert [message.text for message in Message.select().order_by(Message.id)] == ["one", "later"]


def test_long_names_and_odd_contacts_do_not_lose_the_line(shop: Channel) -> None:
    person = {"id": "anna", "name": "N" * 5_000, "email": "e\x00" * 400, "phone": "\u202e" + "7" * 300}
    post(shop, {"id": "m-1", "from": person, "text": "Hello"})
    assert [event.state for event in process_all()] == ["done"]
    customer = Conversation.get().customer
    assert (len(customer.name), len(there(customer.email)), len(there(customer.phone))) == (255, 255, 255)


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
    assert work.claim(webhooks.EVENTS, number) is not None          # and here the process is killed
    webhooks.process(number)
    assert Message.select().count() == 0, "its claim still holds"
    with time_machine.travel(clock.ahead(20), tick=True):
        webhooks.process(number)
    assert (InboundEvent.get().state, Message.select().count()) == ("done", 1)


def test_an_event_that_kills_its_worker_again_and_again_is_given_up(shop: Channel) -> None:
    post(shop, line(1))
    InboundEvent.update(attempts=6).execute()
    (event,) = process_all()
    assert (event.state, event.error) == ("failed", "It failed too often.") and Message.select().count() == 0


def test_a_channel_that_was_deleted_leaves_nothing_to_do(shop: Channel) -> None:
    post(shop, line(1))
    number = InboundEvent.get().id
    shop.delete_instance()
    webhooks.process(number)
    assert InboundEvent.select().count() == Message.select().count() == 0
