"""The change numbers: every visible change takes the next one, so `since` any number gives exactly what is new."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hub.errors import Conflict
from hub.models.agents.agent import Agent
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.services.conversations import conversations, deliver, floor, inbox, outbox
from hub.web import widget
from tests import factories
from tests.factories import People
from tests.fakes import FakeServer
from tests.services import steps


class World:
    """One conversation over a custom channel, and everything that may happen to it."""

    def __init__(self, people: People, fake: FakeServer) -> None:
        self.people, self.fake, self.count = people, fake, 0
        self.channel = factories.make_custom(people.tenant, fake.channel_url("shop"))
        self.id = factories.make_line(self.channel, "Hello", who=f"c-{self.channel.id}").conversation_id

    @property
    def conversation(self) -> Conversation:
        return Conversation.with_people(self.people.tenant.id).where(Conversation.id == self.id).get()

    def line(self) -> None:
        factories.make_line(self.channel, f"line {self.count}", who=f"c-{self.channel.id}")

    def ai(self) -> None:
        for owed in list(Message.select().where(Message.conversation == self.id, Message.answer_at.is_null(False))):
            steps.take(owed)

    def reply(self) -> None:
        outbox.reply(factories.caller(self.people.bob), self.conversation, f"reply {self.count}",
                     f"client-{self.count}")

    def send(self) -> None:
        self.fake.mode("channel", "ok" if self.count % 2 else "410", times=1)
        steps.send_all()

    def happen(self, name: str) -> None:
        people, conversation = self.people, self.conversation
        moves: dict[str, Callable[[], Any]] = {
            "line": self.line, "ai": self.ai, "reply": self.reply, "send": self.send,
            "take": lambda: floor.take_over(factories.caller(people.bob), conversation),
            "steal": lambda: floor.take_over(factories.caller(people.alice), conversation),
            "release": lambda: floor.release(factories.caller(people.bob), conversation),
            "request": lambda: floor.request(factories.SOMEBODY, conversation, "please"),
            "close": lambda: floor.close(factories.caller(people.bob), conversation),
            "reopen": lambda: floor.reopen(factories.caller(people.bob), conversation),
            "pause": lambda: floor.pause(factories.caller(people.bob), conversation, "paused"),
            "seen by us": lambda: conversations.read_by_team(conversation),
            "seen by customer": lambda: conversations.read_by_customer(conversation, Message.history(conversation)[-1]),
            "mode": lambda: conversations.set_mode(factories.SOMEBODY, conversation,
                                                   "auto" if self.count % 2 else "semi-auto"),
            "again": lambda: inbox.simulate(factories.SOMEBODY, conversation, "the same", "sim:1")}
        self.count += 1
        with suppress(Conflict):        # two people want the floor: nothing happened
            moves[name]()

    def picture(self) -> dict[str, dict[str, Any]]:
        return {data["id"]: dict(data) for data in map(widget.message_of, Message.history(self.id, limit=1000))}


OPS = st.lists(st.sampled_from(["line", "ai", "reply", "send", "take", "steal", "release", "request", "close", "reopen",
                                "pause", "seen by us", "seen by customer", "mode", "again"]), min_size=1, max_size=14)
relaxed = hypothesis_settings(max_examples=25, deadline=None,
                              suppress_health_check=[HealthCheck.function_scoped_fixture])


@relaxed
@given(ops=OPS)
def test_every_visible_change_of_a_line_takes_a_number_of_its_own(people: People, knowledge: Any, agent: Agent,
                                                                  fake: FakeServer, ops: list[str]) -> None:
    world = World(people, fake)
    for name in ops:
        before, then = world.picture(), world.conversation
        world.happen(name)
        after, now = world.picture(), world.conversation
        assert now.change >= then.change
        touched = {key for key in after if after[key] != before.get(key)}
        numbers = [after[key]["change"] for key in touched]
        assert all(then.change < number <= now.change for number in numbers), (name, numbers, then.change, now.change)
        assert len({data["change"] for data in after.values()}) == len(after), "a number belongs to one line"
        if widget.conversation_of(then) != widget.conversation_of(now):
            assert name.startswith("seen") or now.change > then.change


@relaxed
@given(ops=OPS, asks=st.sets(st.integers(0, 14)))
def test_a_client_that_asks_now_and_then_knows_everything(people: People, knowledge: Any, agent: Agent,
                                                          fake: FakeServer, ops: list[str], asks: set[int]) -> None:
    world, known, cursor = World(people, fake), dict[str, Any](), 0
    for number, name in enumerate([*ops, "end"]):
        if number in asks or name == "end":
            for message in _pages(world.id, cursor):
                assert known.get(str(message.uuid), {"change": 0})["change"] < message.change, "nothing comes twice"
                known[str(message.uuid)], cursor = widget.message_of(message), message.change
        if name != "end":
            world.happen(name)
    assert known == world.picture()


def _pages(conversation: int, cursor: int) -> list[Message]:
    found: list[Message] = []
    while page := Message.since(conversation, found[-1].change if found else cursor, 3):
        found += page
    return found


def test_many_writers_at_once_leave_no_gap_and_no_number_twice(people: People, agent: Agent, fake: FakeServer) -> None:
    world = World(people, fake)
    conversation = floor.take_over(factories.caller(people.bob), world.conversation)
    bob = factories.caller(people.bob)
    writers = [lambda n=n: outbox.reply(bob, conversation, f"reply {n}", f"client-{n}") for n in range(6)]
    writers += [lambda n=n: factories.make_line(world.channel, f"more {n}", who=f"c-{world.channel.id}")
                for n in range(6)]
    steps.good(steps.at_once(*writers))
    changes = sorted(message.change for message in Message.history(world.id, limit=100))
    assert changes == list(range(1, 15)) and world.conversation.change == 14


def test_the_result_of_a_delivery_is_a_change_of_its_line(people: People, agent: Agent, fake: FakeServer) -> None:
    world = World(people, fake)
    world.reply()
    at = world.conversation.change
    steps.send_all()
    changed = Message.since(world.id, at)
    assert [(message.role, message.status, message.change) for message in changed] == [("operator", "sent", at + 1)]
    deliver.deliver(changed[0].deliveries.get().id)
    assert Message.since(world.id, at + 1) == [], "a result is written once"
