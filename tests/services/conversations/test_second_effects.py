"""What lines change beside themselves: the language of a new customer, what is owed, whose turn it is to be sent."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from hub.channels.base import Inbound
from hub.models.accounts.tenant import Tenant
from hub.models.agents.agent import Agent
from hub.models.conversations.conversation import Conversation, Floor, FloorReason
from hub.models.conversations.delivery import Delivery
from hub.models.conversations.message import Message, MessageRole
from hub.models.customers.customer import Customer
from hub.services import work
from hub.services.conversations import deliver, floor, inbox_store, outbox
from hub.services.conversations.inbox_store import Line
from tests import factories
from tests.factories import People
from tests.fakes import FakeServer
from tests.services import steps


@pytest.mark.parametrize(("words", "language", "says"), [
    ("Здравствуйте, сколько стоит доставка?", "ru", "Передаю"), ("How much is delivery?", "en", "I am passing")])
def test_a_new_customer_is_spoken_to_in_the_language_of_the_first_line(
        tenant: Tenant, agent: Agent, words: str, language: str, says: str) -> None:
    conversation, _ = steps.open_talk(tenant, words)
    assert conversation.customer.language == language
    floor.request(factories.SOMEBODY, conversation)
    (said,) = steps.said(conversation, "system")
    assert said.startswith(says)


def test_the_agents_delay_and_the_pause_of_a_burst_do_not_add_up(tenant: Tenant, use: Any) -> None:
    use(answer_pause_ms=900)
    factories.make_agent(tenant, response_delay_seconds=30)
    _, (_, second) = steps.open_talk(tenant, "One moment", "How much is delivery?")
    due = steps.fresh(second)
    assert timedelta(0) < due.answer_at - due.created_at <= timedelta(seconds=30)


def test_lines_that_are_stored_together_owe_one_answer(tenant: Tenant, agent: Agent) -> None:
    conversation, _ = steps.open_talk(tenant, "Hello")
    channel, identity = conversation.channel, conversation.customer.identities.get()
    lines = [Line(channel, Inbound(f"together-{number}", (identity.kind, identity.value), "Hello"), "Hello",
                  factories.SOMEBODY, conversation.uuid) for number in range(3)]
    stored = inbox_store.store(lines)
    assert [one is not None and one.is_new for one in stored] == [True] * 3
    owed = [line.external_id for line in Message.select().where(Message.answer_at.is_null(False))]
    assert owed == ["together-2"]


def test_a_line_waits_for_the_one_that_is_being_sent(people: People, agent: Agent, fake: FakeServer) -> None:
    channel = factories.make_custom(people.tenant, fake.channel_url("shop"))
    conversation = factories.make_conversation(channel, "Hello", who="anna")
    for number in range(2):
        outbox.reply(factories.caller(people.bob), conversation, f"Line {number}", f"client-{number}")
        conversation = Conversation.with_people(people.tenant.id).where(Conversation.id == conversation.id).get()
    first, second = Delivery.select().order_by(Delivery.id)
    Delivery.update(state="sending", lease_until=work.until()).where(Delivery.id == first.id).execute()
    deliver.deliver(second.id)
    assert steps.fresh(second).state == "queued" and fake.calls("channel") == []


def test_the_filter_for_a_status_finds_exactly_the_conversations_that_show_it(tenant: Tenant) -> None:
    site = factories.make_site(tenant)
    reasons = ("", *FloorReason)
    for holder, is_open, role, reason in itertools.product(Floor, (0, 1), ("", *MessageRole), reasons):
        customer = Customer.create(tenant=tenant)
        Conversation.create(tenant=tenant, customer=customer, channel=site, floor=holder, is_open=is_open,
                            last_role=role, floor_code=reason)
    rows = list(Conversation.of(tenant))
    for status in {row.status for row in rows}:
        found = {row.id for row in Conversation.of(tenant).where(Conversation.status_is(status))}
        assert found == {row.id for row in rows if row.status == status}, status
