"""Lines go out over a channel: once, in their order, and what is in doubt is said to be in doubt."""

from typing import Any

import pytest
import time_machine

from hub import queue
from hub.lib import clock
from hub.models import base
from hub.models.agents.agent import Agent
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.delivery import Delivery
from hub.queue import Job
from hub.services import work
from hub.services.conversations import deliver, outbox
from hub.services.platform import sweep
from tests import factories
from tests.factories import People
from tests.fakes import Call, FakeServer
from tests.services import steps


def wrote(people: People, shop: Channel, *texts: str) -> list[Delivery]:
    """An operator wrote these lines to one customer; their deliveries, oldest first."""
    conversation = factories.make_conversation(shop, "Hello", who="anna")
    for number, text in enumerate(texts):
        outbox.reply(factories.caller(people.bob), conversation, text, f"client-{number}")
        conversation = Conversation.with_people(people.tenant.id).where(Conversation.id == conversation.id).get()
    return list(Delivery.select().order_by(Delivery.id))


def later(seconds: float) -> Any:
    return time_machine.travel(clock.ahead(seconds), tick=True)


def received(fake: FakeServer) -> list[Call]:
    return [call for call in fake.calls("channel") if call.is_accepted]


def words(calls: list[Call]) -> list[str]:
    return [call.body["text"] for call in calls]


def test_it_sends_a_signed_line_once(people: People, shop: Channel, fake: FakeServer) -> None:
    (delivery,) = wrote(people, shop, "300 rubles")
    assert steps.fresh(delivery.message).status == "queued" and queue.waiting(Job.DELIVER) == 1
    with steps.listening() as heard:
        deliver.deliver(delivery.id)
        deliver.deliver(delivery.id)
    (call,) = fake.calls("channel")
    message = steps.fresh(delivery.message)
    assert call.note["signature"] == "valid" and call.headers["idempotency-key"] == str(message.uuid)
    assert call.body == {"id": str(message.uuid), "to": "anna", "text": "300 rubles",
                         "conversation": {"id": str(message.conversation.uuid)},
                         "createdAt": clock.iso(message.created_at)}
    now = steps.fresh(delivery)
    assert (now.state, now.external_id, now.attempts, message.status) == ("sent", "ext-1", 1, "sent")
    (told,) = heard.of("message.changed")
    assert told["data"]["message"]["status"] == "sent" and told["seq"] == message.change


def test_many_workers_at_once_send_it_once(people: People, shop: Channel, fake: FakeServer) -> None:
    for delivery in wrote(people, shop, *"abcde"):
        steps.good(steps.at_once(*[lambda: deliver.deliver(delivery.id)] * 6))
    assert words(fake.calls("channel")) == list("abcde")


@pytest.mark.parametrize(("mode", "wait_s"), [("500", 2), ("503", 7), ("429", 7), ("404", None)])
def test_it_tries_again_when_that_may_help(people: People, shop: Channel, fake: FakeServer, mode: str,
                                           wait_s: float | None) -> None:
    (delivery,) = wrote(people, shop, "300 rubles")
    fake.mode("channel", mode, times=1, retry_after_s=7)
    deliver.deliver(delivery.id)
    now = steps.fresh(delivery)
    if wait_s is None:
        assert (now.state, steps.fresh(delivery.message).status) == ("failed", "failed") and "404" in now.error
        return
    assert (now.state, steps.fresh(delivery.message).status) == ("queued", "queued") and mode in now.error
    assert abs((now.due_at - clock.now()).total_seconds() - wait_s) < 1
    deliver.deliver(delivery.id)
    assert len(fake.calls("channel")) == 1, "not before it is due, whoever asks"
    with later(wait_s):
        deliver.deliver(delivery.id)
    assert (steps.fresh(delivery).state, steps.fresh(delivery).attempts) == ("sent", 2)
    assert len(received(fake)) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 422])
def test_what_cannot_be_mended_is_not_tried_again(people: People, shop: Channel, fake: FakeServer,
                                                  status: int) -> None:
    (delivery,) = wrote(people, shop, "300 rubles")
    fake.answer("channel", {"error": "no"}, status=status)
    deliver.deliver(delivery.id)
    assert steps.fresh(delivery).state == "failed" and steps.fresh(delivery.message).status == "failed"
    with later(3600):
        deliver.deliver(delivery.id)
    assert len(fake.calls("channel")) == 1


@pytest.mark.parametrize("asked", ["1e300", "inf", "nan", "-5", "tomorrow", "999999999"])
def test_a_receiver_cannot_put_us_off_for_ever(people: People, shop: Channel, asked: str,
                                               monkeypatch: pytest.MonkeyPatch) -> None:
    from hub.lib import http
    monkeypatch.setattr(http, "call", lambda *_, **__: http.Response(429, {"retry-after": asked}, b""))
    (delivery,) = wrote(people, shop, "300 rubles")
    deliver.deliver(delivery.id)
    now = steps.fresh(delivery)
    assert now.state == "queued" and 0 < (now.due_at - clock.now()).total_seconds() <= 3600


def test_after_eight_tries_it_has_failed(people: People, shop: Channel, fake: FakeServer) -> None:
    (delivery,) = wrote(people, shop, "300 rubles")
    fake.mode("channel", "500")
    ahead = 0.0
    for _ in range(9):
        with later(ahead):
            deliver.deliver(delivery.id)
        ahead += 3601
    assert (steps.fresh(delivery).state, len(fake.calls("channel"))) == ("failed", 8)


def test_a_receiver_that_is_not_there_is_tried_again(people: People, agent: Agent) -> None:
    channel = factories.make_custom(people.tenant, "http://127.0.0.1:9/", idempotent=False)
    (delivery,) = wrote(people, channel, "300 rubles")
    deliver.deliver(delivery.id)
    assert steps.fresh(delivery).state == "queued", "nothing was sent, so there is no doubt"


# In doubt

@pytest.mark.parametrize("mode", ["drop", "reset", "drop_after_accept", "cut_stream"])
def test_an_idempotent_receiver_is_asked_again_and_takes_it_once(people: People, shop: Channel, fake: FakeServer,
                                                                mode: str) -> None:
    (delivery,) = wrote(people, shop, "300 rubles")
    fake.mode("channel", mode, times=1)
    deliver.deliver(delivery.id)
    with later(3):
        deliver.deliver(delivery.id)
    assert steps.fresh(delivery).state == "sent" == steps.fresh(delivery.message).status
    assert len({call.note["id"] for call in received(fake)}) == 1, "one message arrived, however often it was posted"


@pytest.mark.parametrize("mode", ["drop", "drop_after_accept"])
def test_without_idempotency_a_line_in_doubt_is_never_sent_again(people: People, shop: Channel, fake: FakeServer,
                                                                 mode: str) -> None:
    Channel.update(config={**shop.config, "idempotent": False}).where(Channel.id == shop.id).execute()
    first, second = wrote(people, shop, "300 rubles", "and two days")
    fake.mode("channel", mode, times=1)
    deliver.deliver(first.id)
    assert (steps.fresh(first).state, steps.fresh(first.message).status) == ("unknown", "unknown")
    with later(3600):
        deliver.deliver(first.id)
        deliver.deliver(second.id)
    assert words(fake.calls("channel")) == ["300 rubles", "and two days"], "the next one is not held up by it"


@pytest.mark.parametrize(("idempotent", "state"), [(True, "sent"), (False, "unknown")])
def test_a_sender_that_died_in_the_middle(people: People, shop: Channel, fake: FakeServer, idempotent: bool,
                                          state: str) -> None:
    """Claimed, perhaps sent, and then nothing: found when the claim has run out."""
    Channel.update(config={**shop.config, "idempotent": idempotent}).where(Channel.id == shop.id).execute()
    (delivery,) = wrote(people, shop, "300 rubles")
    assert work.claim(deliver.DELIVERIES, delivery.id) is not None      # and here the process is killed
    assert steps.fresh(delivery).state == "sending"
    deliver.deliver(delivery.id)
    assert fake.calls("channel") == [], "its claim still holds"
    with later(work.LASTS_S + 6):
        sweep.sweep()
        assert queue.waiting(Job.DELIVER) >= 1
        deliver.deliver(delivery.id)
        steps.send_all()
    assert steps.fresh(delivery).state == state == steps.fresh(delivery.message).status
    assert len(fake.calls("channel")) == (1 if idempotent else 0)


def test_what_kills_its_sender_again_and_again_ends(people: People, shop: Channel, fake: FakeServer) -> None:
    (delivery,) = wrote(people, shop, "300 rubles")
    Delivery.update(state="sending", attempts=8, lease_until=clock.ahead(-1)).execute()
    deliver.deliver(delivery.id)
    assert steps.fresh(delivery).state == "unknown" and fake.calls("channel") == []


def test_a_result_that_comes_too_late_changes_nothing(people: People, shop: Channel, fake: FakeServer) -> None:
    Channel.update(config={**shop.config, "idempotent": False}).where(Channel.id == shop.id).execute()
    (delivery,) = wrote(people, shop, "300 rubles")
    frozen = work.claim(deliver.DELIVERIES, delivery.id)
    assert frozen is not None
    with later(work.LASTS_S + 1):
        deliver.deliver(delivery.id)
        deliver._send(frozen)
    assert steps.fresh(delivery).state == "unknown", "what a person was told about stays told"


# Order

def test_lines_of_one_conversation_arrive_in_their_order(people: People, shop: Channel, fake: FakeServer) -> None:
    first, second, third = wrote(people, shop, "one", "two", "three")
    fake.mode("channel", "500", times=1)
    for delivery in (third, second, first, second, third):
        deliver.deliver(delivery.id)
    assert received(fake) == [] and steps.fresh(second).attempts == 0, "the first is tried again before them"
    with later(3):
        deliver.deliver(third.id)
        deliver.deliver(first.id)
        deliver.deliver(third.id)
        deliver.deliver(second.id)
        deliver.deliver(third.id)
    assert words(received(fake)) == ["one", "two", "three"]


def test_a_line_that_failed_for_good_lets_the_next_one_go(people: People, shop: Channel, fake: FakeServer) -> None:
    first, second = wrote(people, shop, "one", "two")
    fake.mode("channel", "410", times=1)
    queue.redis().flushall()
    deliver.deliver(first.id)
    assert queue.waiting(Job.DELIVER) == 1, "the next one was told that it is its turn"
    deliver.deliver(second.id)
    assert [steps.fresh(one).state for one in (first, second)] == ["failed", "sent"]


def test_other_conversations_do_not_wait(people: People, shop: Channel, fake: FakeServer) -> None:
    (slow,) = wrote(people, shop, "one")
    fake.mode("channel", "500", times=1)
    deliver.deliver(slow.id)
    other = factories.make_conversation(shop, "Hello", who="boris")
    outbox.reply(factories.caller(people.bob), other, "hello Boris", "client-1")
    steps.send_all()
    assert [(call.body["to"], call.body["text"]) for call in received(fake)] == [("boris", "hello Boris")]


def test_the_database_is_let_go_while_it_sends(people: People, shop: Channel, fake: FakeServer) -> None:
    """A channel that hangs must not hold a connection of the pool."""
    (delivery,) = wrote(people, shop, "300 rubles")
    fake.mode("channel", "hold")
    base.release()

    def look() -> int:
        fake.wait_for("channel")
        in_use = len(base.db._in_use)
        fake.release("channel")
        return in_use

    assert steps.good(steps.at_once(lambda: deliver.deliver(delivery.id), look))[1] == 0
    assert steps.fresh(delivery).state == "sent"
