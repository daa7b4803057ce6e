"""What happens to conversations is recorded with who did it; what is to be done for a suspended business waits."""

from typing import Any

import pytest

from hub.access.callers import Visitor
from hub.errors import Conflict
from hub.models.accounts.tenant import Tenant
from hub.models.agents.agent import Agent
from hub.models.conversations.delivery import Delivery
from hub.models.conversations.message import Message
from hub.models.platform.event import Event
from hub.services import changes, work
from hub.services.agents import answer
from hub.services.conversations import deliver, floor, outbox, visitors
from hub.services.conversations.outbox import OWED
from hub.services.customers import erasing
from hub.lib import clock
from tests import factories
from tests.factories import People
from tests.services import steps
from tests.there import there


def told(conversation: Any) -> list[tuple[str, str]]:
    rows = Event.select().where(Event.entity_uuid == conversation.uuid).order_by(Event.id)
    return [(event.kind, event.actor) for event in rows]


def test_every_move_of_the_floor_names_who_moved_it(people: People, agent: Agent) -> None:
    conversation = factories.make_conversation(factories.make_site(people.tenant))
    bob, alice = factories.caller(people.bob), factories.caller(people.alice)
    floor.take_over(bob, conversation)
    floor.take_over(bob, steps.fresh(conversation))         # again: nothing happened
    floor.release(alice, steps.fresh(conversation))
    floor.pause(bob, steps.fresh(conversation), "Lunch")
    floor.close(alice, steps.fresh(conversation))
    assert told(conversation)[1:] == [
        ("handoff.taken", bob.actor), ("handoff.released", alice.actor), ("conversation.paused", bob.actor),
        ("conversation.resolved", alice.actor)]
    taken = Event.get(Event.kind == "handoff.taken")
    assert (there(taken.old)["floor"], there(taken.new)["floor"]) == ("ai", "operator")
    assert there(taken.new)["floor_user"] == str(people.bob.uuid)
    assert there(Event.get(Event.kind == "conversation.paused").new)["floor_note"] == "Lunch"


def test_a_move_that_was_refused_is_not_recorded(people: People, agent: Agent) -> None:
    conversation = factories.make_conversation(factories.make_site(people.tenant))
    floor.take_over(factories.caller(people.alice), conversation)
    before = Event.select().count()
    for _ in range(2):
        with pytest.raises(Conflict, match="has this conversation"):
            floor.take_over(factories.caller(people.bob), conversation)
    assert Event.select().count() == before


def test_a_conversation_names_the_visitor_or_the_provider_who_began_it(tenant: Tenant, agent: Agent) -> None:
    site = factories.make_site(tenant)
    visitor = Visitor("v-vera", site.id, tenant.id)
    mine = visitors.say(visitor, "client-1", "Hello", None, {}).conversation
    hers = factories.make_conversation(factories.make_custom(tenant, "http://127.0.0.1:9/"))
    assert told(mine) == [("conversation.created", "visitor:v-vera")]
    assert told(hers) == [("conversation.created", "provider:custom")]
    floor.close(factories.SOMEBODY, mine)
    visitors.say(visitor, "client-2", "One more thing", None, {})
    assert told(mine)[-1] == ("conversation.reopened", "visitor:v-vera")


def test_lines_are_not_copied(tenant: Tenant, agent: Agent) -> None:
    conversation = factories.make_conversation(factories.make_site(tenant), "A very private question")
    outbox.reply(factories.caller(factories.make_user(tenant)), conversation, "A very private answer", "c-1")
    assert "very private" not in str([event.__data__ for event in Event.select()])


def test_a_site_s_own_name_for_a_person_is_not_kept_as_the_actor(tenant: Tenant, agent: Agent) -> None:
    site = factories.make_site(tenant)
    vera = Visitor("i-vera@mail.example", site.id, tenant.id)
    conversation = visitors.say(vera, "client-1", "Hello", None, {"name": "Vera Winter"}).conversation
    visitors.ask_for_person(vera, "Vera wants a person")
    erasing.erase(steps.by(tenant), conversation.customer)
    everything = str([event.__data__ for event in Event.select()])
    assert "vera" not in everything.lower() and Event.select().count() >= 4


def test_answers_and_deliveries_of_a_suspended_business_wait_and_are_not_lost(
        people: People, knowledge: Tenant, agent: Agent) -> None:
    channel = factories.make_custom(knowledge, "http://127.0.0.1:9/")
    line = factories.make_line(channel, "How much is delivery to Kazan?")
    outbox.reply(factories.caller(people.bob), factories.make_conversation(channel, "Hi"), "Hello", "c-1")
    (delivery,) = Delivery.select()
    changes.apply(steps.by(knowledge), knowledge, {"status": "restricted"})
    answer.answer(line.id)
    deliver.deliver(delivery.id)
    assert steps.fresh(line).answer_at is not None and steps.fresh(delivery).state == "queued"
    assert (steps.fresh(delivery).attempts, work.forgotten(OWED, clock.ahead(60), 10)) == (0, [])
    changes.apply(steps.by(knowledge), knowledge, {"status": "active"})
    assert [row for _, row in work.forgotten(OWED, clock.ahead(60), 10)] == [line.id]
    answer.answer(line.id)
    assert Message.select().where(Message.role == "assistant").count() == 1
