"""The answer while it grows: shown piece by piece, replaced by the message, or taken back."""

import threading
from itertools import pairwise
from typing import Any

import pytest

from hub.models import base
from hub.models.agents.agent import Agent
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.accounts.tenant import Tenant
from hub.models.conversations.turn import Turn
from hub.services.agents import answer
from hub.services.conversations import floor
from tests import factories
from tests.factories import People
from tests.fakes import FakeServer
from tests.services import steps
from tests.waits import STUCK_S

_QUESTION = "How much is delivery to Kazan?"
_FACT = "Delivery to Kazan costs 300 rubles and takes two days."


def test_deltas_grow_and_end_in_the_message_of_the_same_turn(knowledge: Tenant, agent: Agent,
                                                             model: FakeServer) -> None:
    model.mode("openai", "slow_stream", delay_s=0.06)
    _, (line,) = steps.open_talk(knowledge, _QUESTION)
    with steps.listening() as heard:
        turn = steps.take(line)
    texts = [event["data"]["text"] for event in heard.of("reply.delta")]
    assert len(texts) >= 3 and all(_FACT.startswith(text) for text in texts)
    assert all(len(one) <= len(other) for one, other in pairwise(texts))
    assert {event["data"]["turn"] for event in heard.of("reply.delta")} == {str(turn.uuid)}
    assert {event["data"]["name"] for event in heard.of("reply.delta")} == {"Aino"}
    assert heard.kinds()[0] == "typing" and heard.kinds()[-2:] == ["message.new", "list.changed"]
    (message,) = [event["data"]["message"] for event in heard.of("message.new")]
    assert (message["turn"], message["text"], message["role"]) == (str(turn.uuid), _FACT, "assistant")
    assert not heard.of("reply.withdrawn")


def test_pieces_are_told_no_faster_than_the_eye_reads(knowledge: Tenant, agent: Agent, model: FakeServer) -> None:
    _, (line,) = steps.open_talk(knowledge, _QUESTION)
    with steps.listening() as heard:
        turn = steps.take(line)
    assert len(heard.of("reply.delta")) <= 1 + turn.model_ms / 1000 / answer._BATCH_S


def test_a_hand_over_is_not_shown_while_it_grows(knowledge: Tenant, agent: Agent, model: FakeServer) -> None:
    model.mode("openai", "slow_stream", delay_s=0.03)
    model.answer("openai", {"action": "hand_over", "text": "The customer is angry, careful."})
    _, (line,) = steps.open_talk(knowledge, _QUESTION)
    with steps.listening() as heard:
        steps.take(line)
    assert heard.of("reply.delta") == [] and not any("angry" in text for text in heard.words())


def test_an_invented_price_is_not_even_shown_while_the_text_grows(knowledge: Tenant, agent: Agent,
                                                                  model: FakeServer) -> None:
    model.mode("openai", "slow_stream", delay_s=0.06)
    model.answer("openai", {"sources": [1], "text": "Delivery to Kazan is not 300 but 199 rubles, my last word."})
    _, (line,) = steps.open_talk(knowledge, _QUESTION)
    with steps.listening() as heard:
        turn = steps.take(line)
    texts = [event["data"]["text"] for event in heard.of("reply.delta")]
    assert texts and max(texts, key=len).startswith("Delivery to Kazan") and not any("199" in text for text in texts)
    assert turn.reason == "guard" and not any("199" in text for text in heard.words())


def test_a_text_that_breaks_off_is_replaced_by_the_quotation(knowledge: Tenant, agent: Agent,
                                                             model: FakeServer) -> None:
    model.mode("openai", "cut_stream")
    conversation, (line,) = steps.open_talk(knowledge, _QUESTION)
    with steps.listening() as heard:
        turn = steps.take(line)
    (message,) = [event["data"]["message"] for event in heard.of("message.new")]
    assert message["turn"] == str(turn.uuid), "the same turn: the pages put it where the piece was"
    assert turn.reason == "quoted" and len(steps.said(conversation)) == 1


@pytest.mark.parametrize("suggestions", ["", "false"])
def test_a_take_over_takes_the_text_back_and_keeps_it_as_a_suggestion_where_there_are_some(
        people: People, knowledge: Tenant, agent: Agent, model: FakeServer, use: Any, suggestions: str) -> None:
    use(openai_api_key="sk-test", openai_base_url=model.openai_url, feature_ai_suggestions=suggestions)
    model.mode("openai", "slow_stream", delay_s=0.08)
    conversation, (line,) = steps.open_talk(knowledge, _QUESTION)
    with steps.listening() as heard:
        running = _in_background(line)
        steps.until(lambda: heard.of("reply.delta"))
        floor.take_over(factories.caller(people.bob), conversation)
        running.join(STUCK_S)
    assert steps.said(conversation) == []
    turn = Turn.get(question=line)
    assert (turn.reason, turn.text) == ("floor_taken", _FACT)
    assert (turn.state, Turn.suggestion(conversation)) == (("overtaken", None) if suggestions else ("suggested", turn))
    kinds = heard.kinds()
    after = kinds[kinds.index("reply.withdrawn"):]
    assert "reply.delta" not in after and "message.new" not in after, "nothing more of it after it was taken back"


def _in_background(line: Message) -> threading.Thread:
    def run() -> None:
        with base.connection():
            answer.answer(line.id)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_an_answer_that_waits_for_approval_is_not_shown(knowledge: Tenant, agent: Agent, model: FakeServer) -> None:
    model.mode("openai", "slow_stream", delay_s=0.03)
    _, (line,) = steps.open_talk(knowledge, _QUESTION)
    Conversation.update(mode="semi-auto").execute()
    with steps.listening() as heard:
        steps.take(line)
    assert heard.of("reply.delta") == []
