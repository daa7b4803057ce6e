"""One AI turn: an answer from the knowledge, a greeting, a suggestion or a person; its ledger row says why."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from hub.lib import clock
from hub.models import base
from hub.models.agents.agent import Agent
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.accounts.tenant import Tenant
from hub.models.conversations.turn import Turn
from hub.models.platform.integration_secret import IntegrationSecret
from hub.queue import Job
from hub.services import work
from hub.services.agents import answer, decide
from hub.services.conversations import floor, outbox
from hub.services.customers import erasing
from tests import factories
from tests.factories import People
from tests.fakes import FakeServer
from tests.services import steps
from tests.services.steps import by
from tests.there import there

_QUESTION = "How much is delivery to Kazan?"
_FACT = "Delivery to Kazan costs 300 rubles and takes two days."


def asked(tenant: Tenant, text: str = _QUESTION) -> tuple[Conversation, Turn]:
    """A customer asks, the turn is taken: the conversation now, and the ledger row."""
    conversation, (line,) = steps.open_talk(tenant, text)
    turn = steps.take(line)
    assert turn is not None and steps.fresh(line).answer_at is None, "nothing is owed after the turn"
    return steps.fresh(conversation), turn


def test_it_answers_from_the_knowledge_and_names_its_source(knowledge: Tenant, agent: Agent, model: FakeServer) -> None:
    conversation, turn = asked(knowledge)
    (message,) = Message.select().where(Message.role == "assistant")
    assert (message.text, message.name, message.turn_uuid) == (_FACT, "Aino", str(turn.uuid))
    assert [source["title"] for source in message.sources] == ["Delivery"]
    assert (turn.state, turn.reason, turn.reply_id, turn.error) == ("replied", "answered", message.id, "")
    assert turn.tokens_in > 0 and turn.tokens_out > 0 and turn.model == "gpt-4.1-mini" and there(turn.cost) > 0
    assert [source["title"] for source in turn.sources if source["used"]] == ["Delivery"]
    assert 0 < turn.confidence["total"] <= 1 and turn.finished_at and turn.total_ms >= turn.model_ms
    assert (conversation.last_role, conversation.unread, conversation.customer_unread) == ("assistant", 0, 1)


def test_without_a_key_it_quotes_and_says_what_it_quotes(knowledge: Tenant, agent: Agent) -> None:
    conversation, turn = asked(knowledge)
    (said,) = steps.said(conversation)
    assert "“Delivery”" in said and _FACT in said
    assert (turn.state, turn.reason, turn.model, turn.cost) == ("replied", "quoted", "offline", 0)


@pytest.mark.parametrize("key", ["", "sk-test"])
def test_without_good_evidence_a_person_is_called(knowledge: Tenant, agent: Agent, use: Any, fake: FakeServer,
                                                  key: str) -> None:
    use(openai_api_key=key, openai_base_url=fake.openai_url)
    fake.answer("openai", {"action": "hand_over"})
    conversation, turn = asked(knowledge, "Do you repair umbrellas in the evening?")
    assert (conversation.floor, conversation.status) == ("nobody", "waiting_operator") and turn.state == "handed_over"
    assert turn.reason == ("model_handed_over" if key else "thin_evidence")
    assert [role for role, _ in steps.lines(conversation)] == ["customer", "assistant", "system"]
    assert "asking a person" in steps.said(conversation)[0] and conversation.has_unread == 1


def test_a_business_with_a_key_of_its_own_asks_by_that(knowledge: Tenant, agent: Agent, model: FakeServer) -> None:
    IntegrationSecret.create(tenant=None, key_name="OPENAI_API_KEY", secret="sk-for-everybody")
    IntegrationSecret.create(tenant=knowledge, key_name="OPENAI_API_KEY", secret="sk-of-the-shop-own1")
    asked(knowledge)
    assert [call.key for call in model.calls("openai")] == ["own1"]


def test_without_any_knowledge_no_model_is_asked(tenant: Tenant, agent: Agent, model: FakeServer) -> None:
    conversation, turn = asked(tenant)
    assert (turn.state, turn.reason, conversation.floor) == ("handed_over", "nothing_found", "nobody")
    assert model.calls("openai") == []


def test_a_wish_for_a_person_is_a_hand_over_whatever_the_model_would_say(knowledge: Tenant, agent: Agent,
                                                                         model: FakeServer) -> None:
    conversation, turn = asked(knowledge, "I want to talk to a human about delivery to Kazan")
    assert (turn.reason, conversation.floor, conversation.handoff) == ("asked_for_person", "nobody", "requested")
    assert model.calls("openai") == [] and steps.said(conversation) == []
    assert steps.said(conversation, "system") == [
        "I am passing this on to a person. They will answer here in this chat."]


def test_while_a_person_is_awaited_the_ai_is_silent(knowledge: Tenant, agent: Agent) -> None:
    conversation, _ = asked(knowledge, "I want to talk to a human")
    _, (line,) = steps.open_talk(knowledge, _QUESTION, channel=conversation.channel)
    assert line.answer_at is None and steps.take(line) is None and steps.said(conversation) == []


def test_outside_its_hours_it_hands_over(knowledge: Tenant, model: FakeServer) -> None:
    factories.make_agent(knowledge, schedule_enabled=True, working_schedule=[])
    conversation, turn = asked(knowledge)
    assert (turn.reason, conversation.floor) == ("outside_hours", "nobody") and model.calls("openai") == []


def test_without_an_agent_a_person_is_called(knowledge: Tenant, agent: Agent) -> None:
    conversation, (line,) = steps.open_talk(knowledge, _QUESTION)
    agent.delete_instance()
    factories.forget()
    turn = steps.take(line)
    assert (turn.reason, steps.fresh(conversation).floor, steps.said(conversation)) == ("no_agent", "nobody", [])


def test_the_agents_own_words_are_used_when_it_does_not_know(knowledge: Tenant) -> None:
    factories.make_agent(knowledge, no_answer_message="One moment, please.")
    conversation, _ = asked(knowledge, "Do you repair umbrellas in the evening?")
    assert steps.said(conversation) == ["One moment, please."]


def test_politeness_is_answered_without_a_model(knowledge: Tenant, agent: Agent, model: FakeServer) -> None:
    conversation, turn = asked(knowledge, "Здравствуйте!")
    assert steps.said(conversation) == ["Здравствуйте! Чем могу помочь?"] and turn.reason == "small_talk"
    assert model.calls("openai") == [] and conversation.floor == "ai"


@pytest.mark.parametrize(("how", "reason"), [("agent", "CHECK_BEFORE_SEND"), ("learning", "MODE_LEARNING")])
def test_an_answer_that_needs_approval_is_a_suggestion(knowledge: Tenant, model: FakeServer, how: str,
                                                       reason: str) -> None:
    factories.make_agent(knowledge, check_before_send=how == "agent")
    conversation, (line,) = steps.open_talk(knowledge, _QUESTION)
    Conversation.update(mode="learning" if how == "learning" else "auto").execute()
    with steps.listening() as heard:
        turn = steps.take(line)
    assert (turn.state, turn.block_reason, turn.text) == ("suggested", reason, _FACT)
    assert steps.said(conversation) == [] and Turn.suggestion(conversation) == turn
    assert steps.fresh(conversation).has_unread == 1
    assert not heard.of("reply.delta", "message.new"), "the customer sees nothing of it"
    assert [event["data"]["on"] for event in heard.of("typing")] == [True, False]
    assert steps.fresh(line).answer_at is None


def test_a_suggestion_is_over_when_somebody_has_answered(people: People, knowledge: Tenant) -> None:
    factories.make_agent(knowledge, check_before_send=True)
    conversation, _ = asked(knowledge)
    assert Turn.suggestion(conversation) is not None
    whole = Conversation.with_people(people.tenant.id).where(Conversation.id == conversation.id).get()
    outbox.reply(factories.caller(people.bob), whole, "300 rubles", "client-1")
    assert Turn.suggestion(conversation) is None


def test_the_model_sees_what_was_said_and_the_customers_words_last(knowledge: Tenant, agent: Agent,
                                                                   model: FakeServer) -> None:
    conversation, _ = asked(knowledge)
    _, (line,) = steps.open_talk(knowledge, "And when may I return delivery boots?", channel=conversation.channel)
    steps.take(line)
    system, *said = model.calls("openai")[-1].body["messages"]
    assert [(turn["role"], turn["content"]) for turn in said] == [
        ("user", _QUESTION), ("assistant", _FACT), ("user", "And when may I return delivery boots?")]
    assert "Aino" in system["content"] and "Bakery" in system["content"]
    assert "Delivery to Tomsk costs 500 rubles" in system["content"]


def test_what_another_business_knows_is_never_used(people: People, knowledge: Tenant, model: FakeServer) -> None:
    factories.make_agent(people.other)
    factories.make_doc(people.other, "Roses", "Roses cost 100 rubles each.")
    conversation, _ = asked(people.other)
    asked_with = model.calls("openai")[-1].body["messages"][0]["content"]
    assert "Roses" in asked_with and "Kazan" not in asked_with
    assert all("Kazan" not in text for text in steps.said(conversation))


# A turn that was begun before

def begun_before(line: Message, attempts: int = 1) -> None:
    """As a worker leaves it that is killed in the middle of its turn."""
    Turn.create(tenant=line.tenant_id, conversation=line.conversation_id, question=line, floor_version=0,
                attempts=attempts)
    Message.update(answer_lease=work.until()).where(Message.id == line.id).execute()


def test_a_claimed_turn_is_left_alone_until_its_claim_ends(knowledge: Tenant, agent: Agent) -> None:
    conversation, (line,) = steps.open_talk(knowledge, _QUESTION)
    begun_before(line)
    answer.answer(line.id)
    assert steps.said(conversation) == []
    with time_machine.travel(clock.ahead(work.LASTS_S + 1), tick=True):
        turn = steps.take(line)
    assert (turn.state, turn.attempts, len(steps.said(conversation))) == ("replied", 2, 1)


def test_what_kills_the_turn_again_and_again_goes_to_a_person(knowledge: Tenant, agent: Agent) -> None:
    conversation, (line,) = steps.open_talk(knowledge, _QUESTION)
    begun_before(line, attempts=3)
    with time_machine.travel(clock.ahead(work.LASTS_S + 1), tick=True):
        turn = steps.take(line)
    assert (turn.state, turn.reason, steps.fresh(conversation).floor) == ("handed_over", "failed_too_often", "nobody")


def test_a_frozen_worker_that_wakes_up_late_adds_nothing(knowledge: Tenant, agent: Agent, model: FakeServer) -> None:
    """Its claim ran out, another worker answered: neither the text nor the ledger is written twice."""
    conversation, (line,) = steps.open_talk(knowledge, _QUESTION)
    context = decide.load(line)
    late = answer._open(context)
    assert late is not None
    with time_machine.travel(clock.ahead(1), tick=True):
        assert steps.take(line).state == "replied"
    with pytest.raises(outbox.Superseded):
        outbox.post_answer(late, context.conversation, "Once more", agent=agent, name="Aino")
    assert len(steps.said(conversation)) == 1 and Turn.get(question=line).text == _FACT
    assert answer._open(decide.load(line)) is None, "a turn that has ended is not begun again"


def test_a_customer_who_is_erased_during_the_turn_stays_erased(knowledge: Tenant, agent: Agent,
                                                              model: FakeServer) -> None:
    conversation, (line,) = steps.open_talk(knowledge, _QUESTION)
    model.mode("openai", "hold")

    def erase() -> None:
        model.wait_for("openai")
        erasing.erase(by(conversation.tenant), conversation.customer)
        model.release("openai")

    steps.good(steps.at_once(lambda: answer.answer(line.id), erase))
    assert Message.select().count() == Turn.select().count() == Conversation.select().count() == 0


def test_a_customer_who_is_erased_while_the_text_grows_stays_erased(
        knowledge: Tenant, agent: Agent, model: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The turn looks at its conversation with every piece of the text, and there is none any more."""
    monkeypatch.setattr(answer, "_LOOK_S", 0.0)
    conversation, (line,) = steps.open_talk(knowledge, _QUESTION)
    model.mode("openai", "slow_stream", delay_s=0.05)

    def erase() -> None:
        steps.until(lambda: heard.of("reply.delta"))
        erasing.erase(by(conversation.tenant), conversation.customer)

    with steps.listening() as heard:
        steps.good(steps.at_once(lambda: answer.answer(line.id), erase))
    assert Message.select().count() == Turn.select().count() == Conversation.select().count() == 0
    assert heard.of("message.new") == []
    assert model.wait_for("openai", is_over=True)[0].is_hung_up, "nobody pays for the rest of it"


def test_a_line_that_is_gone_is_no_error(tenant: Tenant) -> None:
    answer.answer(4711)
    assert Turn.select().count() == 0


def test_lines_are_looked_for_when_they_are_due_and_free(people: People, knowledge: Tenant, agent: Agent) -> None:
    _, (line,) = steps.open_talk(knowledge, _QUESTION)
    assert work.forgotten(outbox.OWED, clock.ahead(-5), 9) == [], "not yet: its hint is on the way"
    assert work.forgotten(outbox.OWED, clock.ahead(5), 9) == [(Job.ANSWER, line.id)]
    Message.update(answer_lease=clock.ahead(10)).execute()
    assert work.forgotten(outbox.OWED, clock.ahead(5), 9) == []
    Message.update(answer_lease=clock.now() - timedelta(seconds=1)).execute()
    assert work.forgotten(outbox.OWED, clock.ahead(5), 9) == [(Job.ANSWER, line.id)]
    floor.take_over(factories.caller(people.bob), Conversation.with_people(knowledge.id).get())
    assert work.forgotten(outbox.OWED, clock.ahead(5), 9) == []


def test_with_a_key_that_cannot_be_read_articles_are_quoted(knowledge: Tenant, agent: Agent, model: FakeServer) -> None:
    IntegrationSecret.create(tenant=knowledge, key_name="OPENAI_API_KEY", secret="sk-of-the-shop")
    base.db.execute_sql("UPDATE integration_secret SET secret = 'aes256gcm:00000000:AAAA'")
    _, turn = asked(knowledge)
    assert (turn.state, turn.reason, model.calls("openai")) == ("replied", "quoted", [])
