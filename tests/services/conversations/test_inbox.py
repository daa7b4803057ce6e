"""Lines come in: once each, in one conversation, whatever comes at the same moment and whatever they hold."""

import time
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hub import queue
from hub.channels.base import Inbound
from hub.errors import BadInput, HubError, TooLarge
from hub.models import base
from hub.models.agents.agent import Agent
from hub.models.conversations.conversation import Conversation
from hub.models.customers.customer import Customer, CustomerIdentity
from hub.models.conversations.message import Message
from hub.models.accounts.tenant import Tenant
from hub.services.conversations import floor, inbox
from hub.services.customers import erasing
from tests import factories
from tests.factories import People
from tests.services import steps
from tests.services.steps import by
from tests.there import there


def line(number: object, text: str = "Hello", who: str = "v-1", **values: Any) -> Inbound:
    return Inbound(f"{who}:{number}", ("visitor", who), text, **values)


def test_it_stores_a_line_and_owes_an_answer(tenant: Tenant, agent: Agent) -> None:
    got = inbox.receive(factories.make_site(tenant), line(1, "Where is my order?", name="Vera", email="v@example.com"))
    message = steps.fresh(got.message)
    assert got.is_new and (message.role, message.text, message.name) == ("customer", "Where is my order?", "Vera")
    assert message.change == steps.fresh(got.conversation).change == 1
    assert message.answer_at is not None and queue.waiting(queue.Job.ANSWER) == 1
    assert (got.conversation.customer.email, got.conversation.floor) == ("v@example.com", "ai")


def test_the_same_line_again_is_the_same_message(tenant: Tenant, agent: Agent) -> None:
    site = factories.make_site(tenant)
    first = inbox.receive(site, line(1))
    inbox.receive(site, line(2))
    with steps.listening() as heard:
        again = inbox.receive(site, line(1, "Hello once more"))
    assert (again.is_new, again.message.id, again.message.text) == (False, first.message.id, "Hello")
    assert again.conversation.change == 2, "what was rolled back must not be told"
    assert Message.select().count() == 2 and heard == []


def test_the_same_line_fifty_times_at_once_is_one_message(tenant: Tenant, agent: Agent) -> None:
    site = factories.make_site(tenant)
    for number in range(3):
        got = steps.good(steps.at_once(*[lambda: inbox.receive(site, line(number))] * 16))
        assert len({one.message.id for one in got}) == 1 and sum(one.is_new for one in got) == 1
    assert steps.fresh(got[0].conversation).customer_lines == 3


@pytest.mark.parametrize("kind", ["website", "custom"])
def test_three_first_lines_of_a_new_contact_make_one_customer(tenant: Tenant, agent: Agent, kind: str) -> None:
    channel = factories.make_site(tenant) if kind == "website" else factories.make_custom(tenant, "http://127.0.0.1:9/")
    for who in (f"v-{number}" for number in range(20)):
        got = steps.good(steps.at_once(*[lambda n=n: inbox.receive(channel, line(n, f"line {n}", who))
                                         for n in range(3)]))
        assert len({one.conversation.id for one in got}) == 1
        conversation = got[0].conversation.id
        stored = Message.since(conversation, 0)
        assert sorted(message.text for message in stored) == ["line 0", "line 1", "line 2"]
        assert [message.change for message in stored] == [1, 2, 3]
    assert Customer.select().count() == CustomerIdentity.select().count() == Conversation.select().count() == 20


def test_a_known_customer_on_a_second_channel_gets_a_second_conversation_once(tenant: Tenant, agent: Agent) -> None:
    old, new = factories.make_site(tenant), factories.make_site(tenant)
    inbox.receive(old, line(1))
    got = steps.good(steps.at_once(*[lambda n=n: inbox.receive(new, line(f"new-{n}")) for n in range(4)]))
    assert len({one.conversation.id for one in got}) == 1
    assert (Customer.select().count(), Conversation.select().count()) == (1, 2)


def test_strangers_of_two_businesses_with_one_name_are_two_customers(people: People) -> None:
    ours, theirs = (inbox.receive(factories.make_site(tenant), line(1)) for tenant in (people.tenant, people.other))
    assert ours.conversation.customer_id != theirs.conversation.customer_id


def test_lines_in_a_burst_owe_one_answer_the_newest_one(tenant: Tenant, agent: Agent) -> None:
    _, written = steps.open_talk(tenant, "Hi", "one more thing", "how much is it?")
    owed = [steps.fresh(message).answer_at is not None for message in written]
    assert owed == [False, False, True]


def test_a_line_after_a_pause_is_answered_without_delay(tenant: Tenant, agent: Agent) -> None:
    conversation, (first,) = steps.open_talk(tenant, "Hi")
    earlier = conversation.last_message_at - timedelta(seconds=21)
    Conversation.update(last_message_at=earlier).execute()
    second = factories.make_line(conversation.channel, "still there?", who=f"v-{tenant.id}-{conversation.channel_id}")
    assert there(second.answer_at) - second.created_at < timedelta(seconds=0.5)
    assert steps.fresh(first).answer_at is None, "the newer line's turn covers it"


def test_the_agents_delay_is_kept(tenant: Tenant) -> None:
    factories.make_agent(tenant, response_delay_seconds=45)
    message = factories.make_line(factories.make_site(tenant))
    assert timedelta(seconds=44) < there(message.answer_at) - message.created_at < timedelta(seconds=46)
    assert queue.waiting(queue.Job.ANSWER) == 0


def test_nothing_is_owed_while_a_person_has_the_floor(people: People, agent: Agent) -> None:
    conversation, _ = steps.open_talk(people.tenant, "Hi")
    floor.take_over(factories.caller(people.bob), conversation)
    message = factories.make_line(conversation.channel, "Bob?", who=f"v-{people.tenant.id}-{conversation.channel_id}")
    assert message.answer_at is None


def test_a_line_to_a_closed_conversation_opens_it_with_the_ai_first(people: People, agent: Agent) -> None:
    conversation, _ = steps.open_talk(people.tenant, "Hi")
    floor.close(factories.caller(people.bob), conversation)
    message = factories.make_line(conversation.channel, "One more question",
                                  who=f"v-{people.tenant.id}-{conversation.channel_id}")
    now = steps.fresh(conversation)
    assert (now.is_open, now.floor, now.floor_code) == (1, "ai", "reopened") and message.answer_at is not None
    assert now.floor_version > conversation.floor_version


def test_what_happens_between_reading_and_writing_is_seen(people: People, agent: Agent) -> None:
    """The conversation is read before the transaction; a move of the floor in between must not be lost."""
    site = factories.make_site(people.tenant)
    for number in range(12):
        who = f"v-{number}"
        conversation = inbox.receive(site, line(0, who=who)).conversation
        conversation = Conversation.with_people(people.tenant.id).where(Conversation.id == conversation.id).get()
        steps.good(steps.at_once(lambda: floor.close(factories.caller(people.bob), conversation),
                                 lambda: inbox.receive(site, line(1, who=who))))
        now, message = steps.fresh(conversation), Message.get(Message.external_id == f"{who}:1")
        closed_first = Message.get(Message.event == "conversation.resolved",
                                   Message.conversation == conversation.id).change < message.change
        assert (now.is_open, now.floor) == ((1, "ai") if closed_first else (0, "nobody"))
        assert (message.answer_at is not None) == closed_first


def test_a_customer_erased_at_that_moment_begins_anew(tenant: Tenant, agent: Agent) -> None:
    site = factories.make_site(tenant)
    for number in range(8):
        who = f"v-{number}"
        conversation = inbox.receive(site, line(0, who=who)).conversation
        results = steps.at_once(lambda: erasing.erase(by(conversation.tenant), conversation.customer),
                                lambda: inbox.receive(site, line(1, who=who)))
        steps.good(results)
        assert Message.select().where(Message.external_id == f"{who}:1").count() in (0, 1)
        assert not Message.select().where(Message.external_id == f"{who}:0").exists()
    assert Conversation.select().count() == Customer.select().count()


@pytest.mark.parametrize("text", ["", "  \n\t ", "\x00\x01", "\u202e\u2066"])
def test_a_line_without_text_is_refused(tenant: Tenant, text: str) -> None:
    with pytest.raises(BadInput, match="no text"):
        inbox.receive(factories.make_site(tenant), line(1, text))
    assert Customer.select().count() == 0, "nothing is stored for a refused line"


def test_a_line_longer_than_the_channel_carries_is_refused(tenant: Tenant) -> None:
    with pytest.raises(TooLarge, match="10000"):
        inbox.receive(factories.make_site(tenant), line(1, "a" * 10_001))
    assert inbox.receive(factories.make_site(tenant), line(1, "я" * 10_000)).message.text == "я" * 10_000


_ODD = st.one_of(
    st.text(st.characters(), max_size=400),         # every code point, lone surrogates and NUL among them
    st.sampled_from(["\x00", "\ud800", "a\udfffb", "\u202eabc", "🧁" * 3000, "e" + "\u0301" * 9000, "مرحبا بالعالم",
                     "नमस्ते", "שלום", "\r\n\r\n x", "x" * 9_999, "ﷺ" * 500, "𝕏\u200b\ufeff",
                     "'; DROP TABLE message;--"]))


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=_ODD, name=_ODD, email=_ODD)
def test_any_text_is_stored_clean_or_refused_in_words(tenant: Tenant, text: str, name: str, email: str) -> None:
    site = factories.make_site(tenant)
    try:
        got = inbox.receive(site, line(1, text, f"v-{site.id}", name=name, email=email, phone=email))
    except HubError as error:
        assert error.status in (400, 413)
        return
    kept = steps.fresh(got.message)
    assert kept.text.encode() and "\x00" not in kept.text and kept.text == kept.text.strip()
    assert len(kept.name) <= 255 and len(kept.conversation.last_text) <= 160


def test_a_megabyte_of_marks_does_not_hold_up_the_process(tenant: Tenant) -> None:
    """Sorting them as Unicode wants takes minutes; more than a letter can carry are dropped first."""
    with pytest.raises(TooLarge):
        inbox.receive(factories.make_site(tenant), line(1, ("a" + "\u0316\u0300" * 20) * 12_500))
    got = inbox.receive(factories.make_site(tenant), line(2, "a" + "\u0316\u0300" * 250_000))
    assert len(got.message.text) <= 32


def test_lines_of_many_at_the_same_moment_are_each_stored_told_and_owed_once(tenant: Tenant, agent: Agent) -> None:
    """Known customers, new ones, repeated lines, three quick lines of one, and a closed conversation, all at once."""
    site, elsewhere = factories.make_site(tenant), factories.make_site(tenant)
    known = [inbox.receive(site, line(0, who=f"v-{who}")) for who in range(6)]
    floor.close(factories.caller(factories.make_user(tenant)), known[0].conversation)
    Message.update(answer_at=None).execute()
    with steps.listening() as heard:
        got = steps.good(steps.at_once(
            *[lambda who=who: inbox.receive(site, line(1, f"again {who}", f"v-{who}")) for who in range(6)],
            *[lambda: inbox.receive(site, line(1, "again 5", "v-5"))] * 3,
            *[lambda n=n: inbox.receive(site, line(n, f"quick {n}", "v-1")) for n in range(2, 5)],
            *[lambda who=who: inbox.receive(elsewhere, line(1, "new", f"v-{who}")) for who in range(4, 9)]))
    new = [one.message for one in got if one.is_new]
    assert len(new) == 6 + 3 + 5 and len({message.id for message in new}) == len(new)
    assert sorted(event["data"]["message"]["uuid"] for event in heard.of("message.new")) == \
        sorted(str(message.uuid) for message in new)
    assert Message.select().where(Message.role == "customer").count() == 6 + len(new)
    for conversation in Conversation.select():
        lines = Message.since(conversation, 0)
        assert [message.change for message in lines] == list(range(1, len(lines) + 1))
        assert conversation.change == len(lines)
        assert (conversation.floor, conversation.is_open, conversation.customer_lines, conversation.unread) == ("ai",
                                                                                                                1, *[
            sum(message.role == "customer" for message in lines)] * 2) or conversation.id == known[0].conversation.id
        assert [message.answer_at is not None for message in lines] == [False] * (len(lines) - 1) + [True]
    reopened = steps.fresh(known[0].conversation)
    assert (reopened.is_open, reopened.floor, reopened.floor_code, reopened.unread) == (1, "ai", "reopened", 1)


def test_more_first_lines_than_there_are_connections_wait_for_each_other_and_are_stored(
        tenant: Tenant, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base.db.obj, "_max_connections", 3)
    site = factories.make_site(tenant)

    def come(number: int) -> inbox.Received:
        time.sleep(number * 0.003)          # one after another: some begin while others store
        return inbox.receive(site, line(1, who=f"v-{number}"))

    got = steps.good(steps.at_once(*[lambda number=number: come(number) for number in range(40)]))
    assert Message.select().count() == Conversation.select().count() == len(got) == 40


def test_who_was_erased_begins_anew_and_never_in_the_conversation_that_got_the_old_number(
        people: People, agent: Agent) -> None:
    site, theirs = factories.make_site(people.tenant), factories.make_site(people.other)
    old = inbox.receive(site, line(1)).conversation
    erasing.erase(by(old.tenant), old.customer)
    stranger = inbox.receive(theirs, line(1, "A secret", "v-other")).conversation
    again = inbox.receive(site, line(2, "Me again")).conversation
    assert again.id != stranger.id and (again.tenant_id, again.customer_lines) == (people.tenant.id, 1)
    assert [message.text for message in Message.since(stranger, 0)] == ["A secret"]
