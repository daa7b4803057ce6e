"""Agents, customers and reading: the small verbs around a conversation."""

from typing import Any

import pytest

from hub.access.callers import UserCaller
from hub.errors import Forbidden
from hub.models.agents.agent import Agent
from hub.models.conversations.conversation import Conversation
from hub.models.customers.customer import Customer, CustomerIdentity
from hub.models.customers.customer_note import CustomerNote
from hub.models.conversations.delivery import Delivery
from hub.models.conversations.message import Message
from hub.models.accounts.tenant import Tenant
from hub.models.conversations.turn import Turn
from hub.services.agents import agents
from hub.services.conversations import conversations, outbox, texts
from hub.services.customers import customers, erasing, notes
from hub.services.conversations.texts import TEXTS
from tests import factories
from tests.factories import People
from tests.services import steps
from tests.services.steps import by

# Agents

def test_the_oldest_active_agent_serves(tenant: Tenant) -> None:
    assert agents.serving(tenant.id) is None and agents.delay(tenant.id) == 0
    first, _ = factories.make_agent(tenant, response_delay_seconds=7), factories.make_agent(tenant)
    assert agents.serving(tenant.id) == first and agents.delay(tenant.id) == 7


def test_a_change_of_the_agent_counts_at_once(tenant: Tenant, agent: Agent) -> None:
    assert agents.serving(tenant.id) == agent
    agents.change(by(agent.tenant), agent, is_active=False)
    assert agents.serving(tenant.id) is None


def test_a_copy_of_an_agent_does_not_answer(tenant: Tenant, agent: Agent) -> None:
    copy = agents.duplicate(by(agent.tenant), agent)
    assert (copy.is_active, copy.system_instructions) == (False, agent.system_instructions) and copy.id != agent.id
    assert agents.serving(tenant.id) == agent


def test_another_businesses_agent_never_serves(people: People, agent: Agent) -> None:
    assert agents.serving(people.other.id) is None


# Customers

def caller(people: People, name: str) -> UserCaller:
    return UserCaller(getattr(people, name), people.tenant, "token")


def test_erasing_a_customer_erases_everything_of_theirs_and_nothing_else(people: People, agent: Agent,
                                                                         knowledge: Any) -> None:
    shop = factories.make_custom(people.tenant, "http://127.0.0.1:9/")
    for name in ("anna", "boris"):
        line = factories.make_line(shop, "How much is delivery to Kazan?", who=name)
        steps.take(line)
        notes.create(caller(people, "bob"), line.conversation.customer, "likes boots")
    anna = CustomerIdentity.get(value="anna").customer
    counts = erasing.erase(by(anna.tenant), anna)
    assert (counts.deleted_messages, counts.deleted_conversations, counts.deleted_notes) == (2, 1, 1)
    left = (Customer, CustomerIdentity, Conversation, Turn, Delivery, CustomerNote)
    assert [model.select().count() for model in left] == [1] * len(left) and Message.select().count() == 2
    assert CustomerIdentity.get().value == "boris"


def test_erasing_while_the_team_reads_ends_well_for_both(people: People, agent: Agent) -> None:
    """Each locks the conversation first; in another order Postgres would have to end one of them."""
    for _ in range(10):
        conversation, _ = steps.open_talk(people.tenant, "one", "two", "three")
        steps.good(steps.at_once(lambda: erasing.erase(by(conversation.tenant), conversation.customer),
                                 lambda: conversations.read_by_team(conversation)))
    assert Conversation.select().count() == Message.select().count() == 0


def test_a_note_is_deleted_by_its_author_or_an_administrator(people: People, agent: Agent) -> None:
    customer = factories.make_conversation(factories.make_site(people.tenant)).customer
    first, second = (notes.create(caller(people, "bob"), customer, "ab") for _ in range(2))
    assert first.text == "ab"
    with pytest.raises(Forbidden):
        notes.remove(caller(people, "carol"), first)
    notes.remove(caller(people, "bob"), first)
    notes.remove(caller(people, "alice"), second)
    assert CustomerNote.select().count() == 0


def test_what_is_known_of_a_customer_is_kept_clean(people: People, agent: Agent) -> None:
    customer = factories.make_conversation(factories.make_site(people.tenant)).customer
    customers.change(by(customer.tenant), customer, name=" Ann\u202ea \n", email="", phone=" +7\x00900 ")
    now = steps.fresh(customer)
    assert (now.name, now.email, now.phone) == ("Anna", None, "+7900")


# Reading

def test_the_team_has_read_everything(people: People, agent: Agent) -> None:
    conversation, _ = steps.open_talk(people.tenant, "one", "two")
    with steps.listening() as heard:
        conversations.read_by_team(conversation)
    assert (steps.fresh(conversation).unread, steps.fresh(conversation).has_unread) == (0, 0)
    assert [message.status for message in Message.history(conversation)] == ["read", "read"]
    assert [event["seq"] for event in heard.of("message.changed")] == [3, 4]
    change = steps.fresh(conversation).change
    conversations.read_by_team(conversation)
    assert steps.fresh(conversation).change == change, "reading again changes nothing"


def test_the_customer_has_read_up_to_a_line(people: People, agent: Agent) -> None:
    conversation, _ = steps.open_talk(people.tenant, "Hi")
    first = outbox.reply(factories.caller(people.bob), conversation, "one", "c-1")
    whole = Conversation.with_people(people.tenant.id).where(Conversation.id == conversation.id).get()
    outbox.reply(factories.caller(people.bob), whole, "two", "c-2")
    conversations.read_by_customer(conversation, first)
    assert [message.status for message in Message.history(conversation) if message.role == "operator"] == ["read",
                                                                                                           "sent"]


def test_a_failed_or_doubtful_line_is_not_made_read(people: People, agent: Agent) -> None:
    conversation, _ = steps.open_talk(people.tenant, "Hi")
    line = outbox.reply(factories.caller(people.bob), conversation, "one", "c-1")
    for status in ("failed", "unknown", "queued"):
        Message.update(status=status).where(Message.id == line.id).execute()
        conversations.read_by_customer(conversation, line)
        assert steps.fresh(line).status == status


@pytest.mark.parametrize("key", TEXTS)
def test_what_the_hub_says_exists_in_both_languages(key: str) -> None:
    russian, english = (texts.say(key, language, name="Вера") for language in ("ru", "en"))
    assert russian != english and "{" not in russian + english
    assert texts.say(key, None, name="Вера") == texts.say(key, "de", name="Вера") == english
