"""A take-over at any moment of an answer: after it commits, the AI says nothing more."""

import random
import time
from itertools import pairwise

import pytest

from hub.models.agents.agent import Agent
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.accounts.tenant import Tenant
from hub.models.conversations.turn import Turn
from hub.services.agents import answer
from hub.services.conversations import floor, outbox
from tests import factories
from tests.factories import People
from tests.fakes import FakeServer
from tests.services import steps
from tests.there import there

_QUESTION = "How much is delivery to Kazan?"
_FACT = "Delivery to Kazan costs 300 rubles and takes two days."


def race(people: People, line: Message, after_s: float, how: str) -> Conversation:
    """The AI answers the line, and `after_s` later an operator comes."""
    conversation = Conversation.with_people(people.tenant.id).where(Conversation.id == line.conversation_id).get()

    def come() -> None:
        time.sleep(after_s)         # the moment is what is varied, not something that is waited for
        if how == "takes over":
            floor.take_over(factories.caller(people.bob), conversation)
        else:
            outbox.reply(factories.caller(people.bob), conversation, "I am here", "c-1")

    steps.good(steps.at_once(lambda: answer.answer(line.id), come))
    return conversation


def undisturbed(line: Message) -> float:
    """How many seconds an answer takes on this machine, as busy as it is now."""
    began = time.monotonic()
    steps.good(steps.at_once(lambda: answer.answer(line.id)))
    return time.monotonic() - began


@pytest.mark.parametrize("how", ["takes over", "replies"])
def test_after_a_take_over_the_ai_says_nothing_more(people: People, knowledge: Tenant, agent: Agent, model: FakeServer,
                                                    how: str) -> None:
    chance, outcomes = random.Random(7), {"ai first": 0, "person first": 0}
    site = factories.make_site(knowledge)
    for number in range(50):
        if number % 10 == 0:
            takes_s = undisturbed(factories.make_line(site, _QUESTION, who=f"alone-{number}"))
        line = factories.make_line(site, _QUESTION, who=f"v-{number}")
        conversation = race(people, line, chance.uniform(0, 2 * takes_s), how)
        lines = Message.history(conversation)
        taken = next(message.change for message in lines if message.event == "handoff.taken")
        answers = [message for message in lines if message.role == "assistant"]
        assert all(message.change < taken for message in answers), "nothing of the AI after the take-over"
        turn = Turn.get_or_none(question=line)
        if answers:
            outcomes["ai first"] += 1
            assert (len(answers), there(turn).state) == (1, "replied")
        else:
            outcomes["person first"] += 1
            # Before the turn began nothing was composed; otherwise the text is not lost.
            assert turn is None or (turn.state, turn.text) in (("suggested", _FACT), ("overtaken", ""))
        assert steps.fresh(line).answer_at is None
        assert steps.fresh(conversation).floor_user_id == people.bob.id
    assert all(outcomes.values()), f"the moments were badly chosen: {outcomes}"


def test_a_new_line_at_any_moment_of_an_answer_is_answered_once(people: People, knowledge: Tenant, agent: Agent,
                                                                model: FakeServer) -> None:
    chance = random.Random(11)
    site = factories.make_site(knowledge)
    takes_s = undisturbed(factories.make_line(site, _QUESTION, who="alone"))
    for number in range(25):
        who = f"n-{number}"
        first = factories.make_line(site, _QUESTION, who=who)
        pause = chance.uniform(0, 1.5 * takes_s)

        def write() -> Message:
            time.sleep(pause)
            return factories.make_line(site, "and to Tomsk?", who=who)

        _, second = steps.good(steps.at_once(lambda: answer.answer(first.id), write))
        Message.update(answer_at=Message.created_at).where(Message.id == second.id,
                                                           Message.answer_at.is_null(False)).execute()
        answer.answer(second.id)
        lines = steps.lines(first.conversation_id)
        assert lines[-1][0] == "assistant", "the newest line is covered"
        assert not any(one[0] == other[0] == "assistant" for one, other in pairwise(lines)), lines
        assert not Message.select().where(Message.conversation == first.conversation_id,
                                          Message.answer_at.is_null(False)).exists()
