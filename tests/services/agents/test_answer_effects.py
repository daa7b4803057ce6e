"""What a turn changes beside the answer: counters, marks, withdrawn texts, citations of the company's own facts."""

from typing import Any

import pytest

from hub import queue
from hub.lib import clock
from hub.models.agents.agent import Agent
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.conversations.turn import Turn
from hub.models.accounts.tenant import Tenant
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.queue import Job
from hub.services.agents import answer, decide
from hub.services.conversations import floor, outbox
from tests import factories
from tests.factories import People
from tests.fakes import FakeServer
from tests.services import steps

_QUESTION = "How much is delivery to Kazan, and may shoes be returned?"


def ask(tenant: Tenant, text: str = _QUESTION) -> tuple[Conversation, Turn]:
    conversation, (line,) = steps.open_talk(tenant, text)
    turn = steps.take(line)
    return steps.fresh(conversation), turn


def test_only_what_an_answer_cites_counts_as_used(knowledge: Tenant, agent: Agent, model: FakeServer) -> None:
    model.answer("openai", {"action": "answer", "text": "Yes, of course.", "sources": [1]})
    _, turn = ask(knowledge)
    assert len(turn.sources) > 1 and [source["used"] for source in turn.sources].count(True) == 1
    cited = next(source["title"] for source in turn.sources if source["used"])
    used = {doc.title: (doc.usage_count, doc.last_used_at is not None) for doc in KnowledgeDoc.select()}
    assert used == {title: (1, True) if title == cited else (0, False) for title in ("Delivery", "Returns")}


def test_an_answer_may_rest_on_the_companys_own_facts(knowledge: Tenant, agent: Agent, model: FakeServer) -> None:
    Tenant.update(working_hours_start="08:30", working_hours_end="19:45", delivery_options="By bicycle.").execute()
    model.answer("openai", {"action": "answer", "text": "We work from 08:30 to 19:45.", "sources": [0]})
    _, turn = ask(knowledge, "When do you work, and is there delivery to Kazan?")
    (message,) = Message.select().where(Message.role == "assistant")
    assert (turn.state, turn.reason) == ("replied", "answered")
    assert [(source["title"], source["url"]) for source in message.sources] == [("Bakery", None)]
    assert "08:30-19:45" in message.sources[0]["quote"] and "By bicycle." in message.sources[0]["quote"]
    assert not [source for source in turn.sources if source["used"]]


@pytest.mark.parametrize("sources", [[], [1], [99], [-1]])
def test_the_companys_facts_bear_out_nothing_where_they_are_not_cited(
        knowledge: Tenant, agent: Agent, model: FakeServer, sources: list[int]) -> None:
    Tenant.update(working_hours_start="08:30", working_hours_end="19:45").execute()
    model.answer("openai", {"action": "answer", "text": "We work from 08:30 to 19:45.", "sources": sources})
    conversation, turn = ask(knowledge, "When do you work, and is there delivery to Kazan?")
    assert (turn.state, turn.reason, conversation.floor) == ("handed_over", "guard", "nobody")
    assert turn.penalties


def test_every_penalty_lowers_the_confidence(knowledge: Tenant, agent: Agent, model: FakeServer) -> None:
    model.answer("openai", {"action": "answer", "text": "It costs 99999 rubles.", "sources": [1]})
    _, turn = ask(knowledge)
    parts = [turn.confidence[name] for name in ("similarity", "intent", "selfCheck")]
    taken = -sum(item["value"] for item in turn.penalties)
    assert taken >= 0.5 and turn.confidence["total"] == pytest.approx(max(0.0, sum(parts) / 3 - taken), abs=0.002)


def test_where_nothing_was_found_nothing_is_similar(tenant: Tenant, agent: Agent) -> None:
    _, turn = ask(tenant)
    assert (turn.confidence["similarity"], turn.confidence["selfCheck"]) == (0.0, 0.0)


def test_a_suggestion_is_news_to_the_team(knowledge: Tenant, model: FakeServer) -> None:
    factories.make_agent(knowledge, check_before_send=True)
    conversation, (line,) = steps.open_talk(knowledge, _QUESTION)
    Conversation.update(has_unread=0, unread=0).execute()
    assert steps.take(line).state == "suggested"
    assert steps.fresh(conversation).has_unread == 1


def test_outside_its_hours_nothing_is_said_before_the_hand_over(knowledge: Tenant, model: FakeServer) -> None:
    factories.make_agent(knowledge, schedule_enabled=True, working_schedule=[], no_answer_message="I do not know.")
    conversation, turn = ask(knowledge)
    assert turn.reason == "outside_hours" and steps.said(conversation) == []
    assert len(steps.said(conversation, "system")) == 1


@pytest.mark.parametrize(("attempts", "state"), [(1, "replied"), (2, "replied"), (3, "handed_over")])
def test_a_turn_is_tried_three_times(
        knowledge: Tenant, agent: Agent, model: FakeServer, attempts: int, state: str) -> None:
    _, (line,) = steps.open_talk(knowledge, _QUESTION)
    Turn.create(tenant=knowledge, conversation=line.conversation_id, question=line, floor_version=0, attempts=attempts)
    assert steps.take(line).state == state


def test_the_text_is_taken_back_while_it_still_grows(
        people: People, knowledge: Tenant, agent: Agent, model: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "_LOOK_S", 0.0)
    _, (line,) = steps.open_talk(knowledge, _QUESTION)
    turn = answer._open(decide.load(line))
    assert turn is not None
    on_text = answer._stream(decide.load(line), turn)
    with steps.listening() as heard:
        on_text("Yes")
        assert not heard.of("reply.withdrawn")
        floor.take_over(factories.caller(people.bob), Conversation.with_people(knowledge.id).get())
        on_text("Yes, of")
        on_text("Yes, of course")
    assert [event["data"]["turn"] for event in heard.of("reply.withdrawn")] == [str(turn.uuid)]


def test_an_overtaken_turn_sends_the_newer_line_on_its_way(knowledge: Tenant, agent: Agent, model: FakeServer) -> None:
    conversation, (line,) = steps.open_talk(knowledge, _QUESTION)
    context = decide.load(line)
    turn = answer._open(context)
    assert turn is not None
    newer = factories.make_line(conversation.channel, "To Tomsk, I mean.",
                                who=conversation.customer.identities.get().value)
    queue.redis().flushall()
    answer._overtaken(context, turn)
    assert steps.fresh(turn).state == "overtaken" and queue.waiting(Job.ANSWER) == 1
    assert steps.fresh(newer).answer_at is not None


def test_of_two_workers_on_one_turn_only_the_later_one_answers(
        knowledge: Tenant, agent: Agent, model: FakeServer) -> None:
    conversation, (line,) = steps.open_talk(knowledge, _QUESTION)
    context = decide.load(line)
    frozen, later = answer._open(context), answer._open(context)
    assert frozen is not None and later is not None
    frozen.state = later.state = "replied"
    with pytest.raises(outbox.Superseded):
        outbox.post_answer(frozen, context.conversation, "From the frozen one", agent=agent, name="Aino")
    assert steps.said(conversation) == [] and steps.fresh(line).answer_at is not None
    again = decide.load(line)
    outbox.post_answer(later, again.conversation, "From the later one", agent=agent, name="Aino")
    assert steps.said(conversation) == ["From the later one"]


@pytest.mark.parametrize(("values", "language"), [
    ({"auto_detect_language": True, "response_language": "en"}, "ru"),
    ({"auto_detect_language": False, "response_language": "en"}, "en"),
    ({"auto_detect_language": False, "response_language": None}, "ru")])
def test_a_fixed_language_counts_only_while_none_is_detected(
        tenant: Tenant, values: dict[str, Any], language: str) -> None:
    factories.make_agent(tenant, **values)
    _, (line,) = steps.open_talk(tenant, "Сколько стоит доставка в Казань?")
    assert decide.load(line).language == language


def test_the_agent_that_serves_now_gets_what_is_given_back(people: People, tenant: Tenant, agent: Agent) -> None:
    conversation, _ = steps.open_talk(tenant, _QUESTION)
    floor.take_over(factories.caller(people.bob), conversation)
    Agent.update(is_active=False).where(Agent.id == agent.id).execute()
    relief = factories.make_agent(tenant, name="Bo")
    given = floor.release(factories.caller(people.bob), Conversation.with_people(tenant.id).get())
    assert (given.agent_id, given.floor) == (relief.id, "ai") and clock.now() >= given.floor_at
