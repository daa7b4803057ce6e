"""The floor: who may speak. Every move is one compare-and-set, seen by everybody, and the AI obeys it at once."""

from collections.abc import Callable
from typing import Any

import pytest

from hub.errors import BadInput, Conflict, TooLarge
from hub.models.agents.agent import Agent
from hub.models.conversations.conversation import Conversation, FloorReason
from hub.models.customers.customer import Customer
from hub.models.conversations.message import Message
from hub.models.accounts.tenant import Tenant
from hub.services.agents import answer
from hub.services.conversations import conversations, floor, outbox
from hub.services.conversations.texts import TEXTS
from tests import factories
from tests.factories import People
from tests.services import steps
from tests.there import there


@pytest.fixture
def conversation(people: People, agent: Agent) -> Conversation:
    return steps.open_talk(people.tenant, "How much is delivery to Kazan?")[0]


def whole(conversation: Conversation) -> Conversation:
    return Conversation.with_people(conversation.tenant_id).where(Conversation.id == conversation.id).get()


def test_an_operator_takes_over_and_the_customer_is_told(people: People, conversation: Conversation) -> None:
    with steps.listening() as heard:
        now = floor.take_over(factories.caller(people.bob), conversation)
    assert (now.floor, there(now.floor_user).id) == ("operator", people.bob.id)
    assert (now.handoff, now.status) == ("active", "active")
    assert now.floor_version == conversation.floor_version + 1
    assert steps.said(conversation, "system") == [f"{people.bob.name} is answering you now."]
    assert heard.kinds() == ["message.new", "handoff.taken", "list.changed"]
    assert heard[1]["seq"] == now.change and heard[1]["data"]["conversation"]["operator"] == people.bob.name


def test_taking_over_twice_changes_nothing(people: People, conversation: Conversation) -> None:
    now = floor.take_over(factories.caller(people.bob), conversation)
    with steps.listening() as heard:
        assert floor.take_over(factories.caller(people.bob), now).change == now.change
    assert heard == [] and len(steps.said(conversation, "system")) == 1


def test_of_two_operators_one_wins_and_the_other_is_told_who(people: People, agent: Agent) -> None:
    for _ in range(10):
        conversation, _ = steps.open_talk(people.tenant, "Hi")
        results = steps.at_once(lambda: floor.take_over(factories.caller(people.alice), conversation),
                                lambda: floor.take_over(factories.caller(people.bob), conversation))
        (lost,) = [result for result in results if isinstance(result, Exception)]
        now = whole(conversation)
        assert isinstance(lost, Conflict) and lost.status == 409 and there(now.floor_user).name in lost.message
        assert len(steps.said(conversation, "system")) == 1 and now.floor_version == 1


def test_giving_back_lets_the_ai_answer_the_next_line(people: People, knowledge: Tenant,
                                                      conversation: Conversation) -> None:
    now = floor.release(factories.caller(people.bob), floor.take_over(factories.caller(people.bob), conversation))
    assert (now.floor, now.floor_user, now.handoff) == ("ai", None, "released")
    _, (line,) = steps.open_talk(people.tenant, "Hello", channel=conversation.channel)
    steps.until(lambda: steps.take(line))
    assert len(steps.said(conversation)) == 1
    assert steps.said(conversation, "system")[-1] == "Aino is answering again."


def test_it_is_not_given_to_an_ai_that_is_not_there(people: People, conversation: Conversation, agent: Agent) -> None:
    taken = floor.take_over(factories.caller(people.bob), conversation)
    agent.delete_instance()
    factories.forget()
    with pytest.raises(Conflict, match="No AI agent"):
        floor.release(factories.caller(people.bob), taken)
    assert whole(conversation).floor == "operator"


def test_asking_for_a_person_twice_is_one_request(conversation: Conversation) -> None:
    now = floor.request(factories.SOMEBODY, conversation)
    again = floor.request(factories.SOMEBODY, now)
    assert (again.change, again.status, again.unread) == (now.change, "waiting_operator", 2)
    assert len(steps.said(conversation, "system")) == 1


def test_asking_for_a_person_opens_what_was_closed(people: People, conversation: Conversation) -> None:
    now = floor.request(factories.SOMEBODY, floor.close(factories.caller(people.bob), conversation))
    assert (now.is_open, now.status, now.unread) == (1, "waiting_operator", 1)


def test_two_requests_at_once_are_one(people: People, agent: Agent) -> None:
    for _ in range(5):
        conversation, _ = steps.open_talk(people.tenant, "Hi")
        steps.good(steps.at_once(*[lambda: floor.request(factories.SOMEBODY, conversation)] * 3))
        assert len(steps.said(conversation, "system")) == 1 and whole(conversation).floor_version == 1


def test_of_those_who_take_or_close_at_once_one_does_and_the_others_find_it_done(
        people: People, conversation: Conversation) -> None:
    bob = factories.caller(people.bob)
    for move in (floor.take_over, floor.close):
        moved = steps.good(steps.at_once(*[lambda: move(bob, conversation)] * 5))
        assert {(one.floor, one.is_open) for one in moved} == {(whole(conversation).floor, whole(conversation).is_open)}
    events = [line.event for line in Message.history(conversation) if line.event]
    assert events == ["handoff.taken", "conversation.resolved"]


def test_closing_and_opening_again(people: People, conversation: Conversation) -> None:
    closed = floor.close(factories.caller(people.bob), conversation)
    assert (closed.is_open, closed.status, closed.unread, closed.has_unread) == (0, "resolved", 0, 0)
    assert floor.close(factories.caller(people.bob), closed).change == closed.change, "closing twice changes nothing"
    opened = floor.reopen(factories.caller(people.alice), closed)
    assert (opened.is_open, opened.floor, there(opened.floor_user).id) == (1, "operator", people.alice.id)
    assert [line.event for line in Message.history(conversation) if line.event] == ["conversation.resolved",
                                                                            "conversation.reopened"]


MOVES: dict[str, Callable[[Any, Any], Any]] = {
    "take over": floor.take_over, "close": floor.close,
    "pause": floor.pause, "call": lambda caller, conversation: floor.call(caller, conversation, FloorReason.ESCALATED),
    "request": lambda caller, conversation: floor.request(caller, conversation, "please"),
}


@pytest.mark.parametrize("move", MOVES)
def test_no_move_leaves_an_answer_owed(people: People, conversation: Conversation, move: str) -> None:
    MOVES[move](factories.caller(people.bob), conversation)
    (line,) = Message.select().where(Message.role == "customer")
    assert line.answer_at is None
    answer.answer(line.id)
    assert steps.said(conversation) == []


@pytest.mark.parametrize(("word", "status", "who"), [
    ("resolved", "resolved", "nobody"), ("closed", "resolved", "nobody"), ("paused", "paused", "nobody"),
    ("waiting_operator", "waiting_operator", "nobody"), ("escalated", "escalated", "nobody"),
    ("waiting_customer", "active", "operator"), ("active", "active", "ai"),
])
def test_the_documented_status_words_are_moves_of_the_floor(people: People, conversation: Conversation, word: str,
                                                            status: str,
                                                            who: str) -> None:
    now = conversations.set_status(factories.caller(people.bob), conversation, word)
    assert (now.status, now.floor) == (status, who)
    assert Conversation.select().where(Conversation.id == now.id, Conversation.status_is(status)).exists()


@pytest.mark.parametrize("event", [key for key in TEXTS if "." in key])
def test_system_lines_are_in_the_customers_language(people: People, conversation: Conversation, event: str) -> None:
    Customer.update(language="ru").execute()
    conversation = whole(conversation)
    outcome = {"handoff.requested": lambda: floor.request(factories.SOMEBODY, conversation, "x"),
               "handoff.taken": lambda: floor.take_over(factories.caller(people.bob), conversation),
               "handoff.released": lambda: floor.release(factories.caller(people.bob), conversation),
               "conversation.resolved": lambda: floor.close(factories.caller(people.bob), conversation),
               "conversation.reopened": lambda: floor.reopen(
                   factories.caller(people.bob), floor.close(factories.caller(people.bob), conversation))}
    outcome[event]()
    said = steps.said(conversation, "system")[-1]
    assert set(said.lower()) & set("абвгдеиорст") and "{" not in said


# An operator's own line

def reply(people: People, conversation: Conversation, text: str = "300 rubles", client_id: str = "c-1") -> Message:
    return outbox.reply(factories.caller(people.bob), conversation, text, client_id)


def test_a_reply_takes_the_floor_from_the_ai(people: People, conversation: Conversation) -> None:
    message = reply(people, conversation)
    now = whole(conversation)
    assert (now.floor, there(now.floor_user).id, now.last_role) == ("operator", people.bob.id, "operator")
    assert (message.text, message.name, message.client_id) == ("300 rubles", people.bob.name, "c-1")
    assert [role for role, _ in steps.lines(conversation)] == ["customer", "system",
                                                               "operator"] and now.status != "active"


def test_the_same_reply_again_is_the_same_message(people: People, conversation: Conversation) -> None:
    first = reply(people, conversation)
    assert reply(people, whole(conversation), "other words").id == first.id
    assert steps.said(conversation, "operator") == ["300 rubles"]


def test_the_same_reply_from_several_tabs_at_once_is_one_message(people: People, conversation: Conversation) -> None:
    taken = floor.take_over(factories.caller(people.bob), conversation)
    for number in range(20):
        got = steps.good(steps.at_once(*[lambda: reply(people, taken, "again", f"c-{number}")] * 6))
        assert len({message.id for message in got}) == 1
    assert len(steps.said(conversation, "operator")) == 20


def test_a_client_id_belongs_to_one_person_in_one_conversation(people: People, conversation: Conversation) -> None:
    mine = reply(people, conversation)
    theirs = outbox.reply(factories.caller(people.alice), whole(conversation), "me too", "c-1")
    other, _ = steps.open_talk(people.tenant, "Hi")
    elsewhere = reply(people, other)
    assert len({mine.id, theirs.id, elsewhere.id}) == 3 and elsewhere.conversation_id == other.id
    assert steps.said(conversation, "operator") == ["300 rubles", "me too"]


def test_a_reply_to_a_conversation_that_was_just_given_back_takes_it_again(people: People,
                                                                           conversation: Conversation) -> None:
    """The page still shows "operator"; without taking it, the AI could answer right behind."""
    taken = floor.take_over(factories.caller(people.bob), conversation)
    floor.release(factories.caller(people.alice), whole(conversation))
    reply(people, taken)
    assert whole(conversation).floor == "operator" and steps.said(conversation, "operator") == ["300 rubles"]


def test_a_reply_opens_a_closed_conversation(people: People, conversation: Conversation) -> None:
    reply(people, floor.close(factories.caller(people.bob), conversation))
    assert (whole(conversation).is_open, whole(conversation).floor) == (1, "operator")


@pytest.mark.parametrize("text", ["", " \n", "\x00"])
def test_an_empty_reply_is_refused_and_moves_nothing(people: People, conversation: Conversation, text: str) -> None:
    with pytest.raises(BadInput):
        reply(people, conversation, text)
    assert whole(conversation).floor == "ai"


def test_a_reply_longer_than_the_channel_carries_is_refused(people: People, conversation: Conversation) -> None:
    with pytest.raises(TooLarge, match="10000"):
        reply(people, conversation, "a" * 10_001)
    assert whole(conversation).floor == "ai"
