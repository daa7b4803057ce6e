"""Lines in quick succession are one thought: one answer covers all, and what was begun too early is thrown away."""

import threading

from hub.models import base
from hub.models.agents.agent import Agent
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.accounts.tenant import Tenant
from hub.models.conversations.turn import Turn
from hub.services.agents import answer
from tests import factories
from tests.fakes import FakeServer
from tests.services import steps
from tests.waits import STUCK_S

_WORDS = ("I need boots and delivery", "how much is delivery", "to Kazan?")


def in_background(line: Message) -> threading.Thread:
    def run() -> None:
        with base.connection():
            answer.answer(line.id)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def next_line(conversation: Conversation, text: str) -> Message:
    who = conversation.customer.identities.get().value
    return factories.make_line(conversation.channel, text, who=who)


def test_three_quick_lines_get_one_answer_that_covers_all(knowledge: Tenant, agent: Agent, model: FakeServer) -> None:
    """The first line's answer is under way when the others come."""
    conversation, (first,) = steps.open_talk(knowledge, _WORDS[0])
    model.mode("openai", "hold")
    early = in_background(first)
    model.wait_for("openai")
    _, last = next_line(conversation, _WORDS[1]), next_line(conversation, _WORDS[2])
    model.mode("openai", "ok")
    model.release("openai")
    early.join(STUCK_S)
    steps.repeat(lambda: steps.take(last), lambda: steps.said(conversation))
    assert steps.said(conversation) == ["Delivery to Kazan costs 300 rubles and takes two days."]
    assert len(model.calls("openai")) <= 2
    asked = model.calls("openai")[-1].body["messages"][-1]["content"]
    assert "how much is delivery" in asked and "to Kazan?" in asked
    assert [turn.state for turn in Turn.select().order_by(Turn.id)] == ["overtaken", "replied"]


def test_a_line_that_comes_after_the_text_has_begun_stops_it(knowledge: Tenant, agent: Agent,
                                                             model: FakeServer) -> None:
    model.mode("openai", "slow_stream", delay_s=0.1, times=1)
    conversation, (first,) = steps.open_talk(knowledge, "How much is delivery to Kazan?")
    with steps.listening() as heard:
        early = in_background(first)
        model.wait_for("openai")
        second = next_line(conversation, "or to Tomsk?")
        early.join(STUCK_S)
        answer._newest_owed(conversation)
    assert steps.said(conversation) == [] and steps.fresh(first).answer_at is None
    assert Turn.get(question=first).state == "overtaken"
    assert model.wait_for("openai", is_over=True)[0].is_hung_up, "nobody pays for the rest of it"
    withdrawn = [event["data"]["turn"] for event in heard.of("reply.withdrawn")]
    assert withdrawn == [str(Turn.get(question=first).uuid)]
    steps.repeat(lambda: steps.take(second), lambda: steps.said(conversation))
    assert len(steps.said(conversation)) == 1 and len(model.calls("openai")) == 2


def test_the_hint_of_a_line_that_was_covered_does_nothing(knowledge: Tenant, agent: Agent) -> None:
    conversation, (first, second) = steps.open_talk(knowledge, "Hi there", "How much is delivery to Kazan?")
    assert steps.take(first) is None
    steps.until(lambda: steps.take(second))
    assert len(steps.said(conversation)) == 1 and steps.take(first) is None and len(steps.said(conversation)) == 1


def test_an_answer_is_not_given_before_it_is_due(tenant: Tenant) -> None:
    factories.make_agent(tenant, response_delay_seconds=45)
    conversation, (line,) = steps.open_talk(tenant, "Hello")
    assert steps.take(line) is None and steps.said(conversation) == [] and steps.fresh(line).answer_at is not None


def test_twice_at_once_and_again_later_is_one_answer(knowledge: Tenant, agent: Agent, model: FakeServer) -> None:
    for number in range(5):
        line = factories.make_line(factories.make_site(knowledge), "How much is delivery to Kazan?")
        steps.good(steps.at_once(*[lambda: answer.answer(line.id)] * 6))
        answer.answer(line.id)
        assert len(steps.said(line.conversation_id)) == 1 and len(model.calls("openai")) == number + 1
        assert (steps.fresh(line).answer_at, steps.fresh(line).answer_lease) == (None, None)
