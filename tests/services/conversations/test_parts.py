"""A line in several parts, and a channel that was asked to wait."""

from typing import Any

import pytest
import time_machine

from hub import queue
from hub.channels.base import Status
from hub.lib import clock
from hub.models.agents.agent import Agent
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.delivery import Delivery
from hub.models.conversations.message import Message
from hub.queue import Job
from hub.services.conversations import deliver, outbox, statuses
from hub.services.platform import sweep
from tests import factories
from tests.factories import People
from tests.fakes import FakeServer
from tests.services import steps

LONG = "Delivery to Kazan costs 300 rubles.\nIt takes two days, and on Sundays there is none."


@pytest.fixture
def shop(people: People, agent: Agent, fake: FakeServer) -> Channel:
    channel = factories.make_custom(people.tenant, fake.channel_url("shop"), part_length=40)
    fake.options("channel", "shop", secret=channel.secret.reveal())
    return channel


def wrote(people: People, channel: Channel, text: str, who: str = "anna") -> Message:
    conversation = factories.make_conversation(channel, "Hello", who=who)
    whole = Conversation.with_people(people.tenant.id).where(Conversation.id == conversation.id).get()
    return outbox.reply(factories.caller(people.bob), whole, text, f"c-{who}")


def later(seconds: float) -> Any:
    return time_machine.travel(clock.ahead(seconds), tick=True)


def test_a_long_line_goes_in_parts_in_their_order_each_with_its_own_key(people: People, shop: Channel,
                                                                       fake: FakeServer) -> None:
    message = wrote(people, shop, LONG)
    for _ in range(4):
        steps.send_all()
    calls = fake.calls("channel")
    assert [call.body["text"] for call in calls] == ["Delivery to Kazan costs 300 rubles.",
                                                     "It takes two days, and on Sundays there", "is none."]
    assert [call.headers["idempotency-key"] for call in calls] == [
        str(message.uuid), f"{message.uuid}-1", f"{message.uuid}-2"]
    assert steps.fresh(message).status == "sent"


def test_it_has_arrived_when_all_of_it_has(people: People, shop: Channel, fake: FakeServer) -> None:
    message = wrote(people, shop, LONG)
    seen = []
    for delivery in Delivery.select().order_by(Delivery.part):
        deliver.deliver(delivery.id)
        seen.append(steps.fresh(message).status)
    for name in (f"{message.uuid}-1", str(message.uuid), f"{message.uuid}-2"):
        statuses.take(shop, Status(name, "delivered"))
        seen.append(steps.fresh(message).status)
    assert seen == ["queued", "queued", "sent", "sent", "sent", "delivered"]


def test_what_follows_a_part_that_failed_is_not_sent(people: People, shop: Channel, fake: FakeServer) -> None:
    message = wrote(people, shop, LONG)
    fake.mode("channel", "410", times=1)
    for _ in range(4):
        steps.send_all()
    assert steps.fresh(message).status == "failed" and len(fake.calls("channel")) == 1
    assert {delivery.state for delivery in Delivery.select()} == {"failed"}


def test_files_go_with_the_last_part(people: People, shop: Channel, fake: FakeServer) -> None:
    message = wrote(people, shop, LONG)
    file = {"url": "https://x.example/a.png", "file": None, "name": "a.png", "mime": "image/png", "size": 7}
    Message.update(attachments=[file]).where(Message.id == message.id).execute()
    for _ in range(4):
        steps.send_all()
    assert [call.body.get("attachments") for call in fake.calls("channel")] == [None, None, [file]]


def test_a_receiver_that_names_two_parts_alike_loses_none(people: People, shop: Channel, fake: FakeServer) -> None:
    message = wrote(people, shop, LONG)
    for _ in range(3):
        fake.answer("channel", {"id": "always-the-same"})
    for _ in range(4):
        steps.send_all()
    assert steps.fresh(message).status == "sent"
    assert [delivery.external_id for delivery in Delivery.select().order_by(Delivery.part)] == [
        "always-the-same", None, None]


# A pause

def test_after_retry_after_nothing_is_sent_over_the_channel_before(people: People, shop: Channel, agent: Agent,
                                                                 fake: FakeServer) -> None:
    other = factories.make_custom(people.tenant, fake.channel_url("other"))
    messages = [wrote(people, shop, "One", "anna"), wrote(people, shop, "Two", "boris"),
                wrote(people, other, "Three", "clara")]
    fake.mode("channel", "429", times=1, retry_after_s=37)
    steps.send_all()
    steps.send_all()
    assert [steps.fresh(message).status for message in messages] == ["queued", "queued", "sent"], "others go on"
    assert len(fake.calls("channel")) == 2
    until = steps.fresh(shop).paused_until
    assert 35 < (until - clock.now()).total_seconds() <= 37
    with later(30):
        assert sweep.sweep() == 0 and len(fake.calls("channel")) == 2
    with later(38):
        steps.send_all()
    assert [steps.fresh(message).status for message in messages] == ["sent"] * 3


def test_who_finds_the_channel_paused_is_asked_again_when_it_ends(people: People, shop: Channel) -> None:
    Channel.update(paused_until=clock.ahead(0.3)).where(Channel.id == shop.id).execute()
    wrote(people, shop, "One")
    queue.redis().flushall()
    deliver.deliver(Delivery.get().id)
    assert queue.waiting(Job.DELIVER) == 0
    steps.repeat(queue.release_due, lambda: queue.waiting(Job.DELIVER))


def test_what_has_been_sent_is_not_asked_again_when_a_pause_ends(people: People, shop: Channel) -> None:
    wrote(people, shop, "One")
    steps.send_all()
    Channel.update(paused_until=clock.ahead(30)).where(Channel.id == shop.id).execute()
    queue.redis().flushall()
    deliver.deliver(Delivery.get().id)
    assert queue.redis().dbsize() == 0, "nothing is put down for later"


@pytest.mark.parametrize("ahead_s", [3700, 86_400])
def test_a_pause_of_a_clock_that_was_set_back_holds_nobody_up(people: People, shop: Channel, fake: FakeServer,
                                                              ahead_s: int) -> None:
    Channel.update(paused_until=clock.ahead(ahead_s)).where(Channel.id == shop.id).execute()
    wrote(people, shop, "One")
    steps.send_all()
    assert Delivery.get().state == "sent"
