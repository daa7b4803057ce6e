"""Whatever the model does, the customer gets exactly one defined answer in time, and the ledger says what happened."""

from typing import Any

import pytest

from hub.models.agents.agent import Agent
from hub.models.conversations.conversation import Conversation
from hub.models.accounts.tenant import Tenant
from hub.models.conversations.turn import Turn
from tests.fakes import FakeServer
from tests.services import steps
from tests.waits import Watch

_GOOD = "How much is delivery to Kazan?"
_THIN = "Do you repair umbrellas in the evening?"
_FACT = "Delivery to Kazan costs 300 rubles and takes two days."

# mode of the fake model -> what the ledger calls it (kinds of ai/errors.py)
FAILURES = {
    "hang": "timeout", "slow": "timeout", "trickle": "timeout", "408": "timeout", "504": "timeout",
    "drop": "unavailable", "reset": "unavailable", "drop_after_accept": "unavailable", "400": "unavailable",
    "404": "unavailable", "409": "unavailable", "500": "unavailable", "502": "unavailable", "503": "unavailable",
    "error_200": "unavailable", "401": "auth", "403": "auth", "429": "rate_limit", "quota": "quota",
    "malformed": "bad_answer", "bad_json": "bad_answer", "empty": "bad_answer", "empty_choices": "bad_answer",
    "tool_args_not_json": "bad_answer", "length": "cut", "cut_stream": "cut", "end_stream": "cut",
    "content_filter": "refused", "refusal": "refused",
}


@pytest.fixture
def model(fake: FakeServer, use: Any) -> FakeServer:
    use(openai_api_key="sk-secret-key", openai_base_url=fake.openai_url, ai_deadline_s=5.0)
    return fake


@pytest.fixture
def spoil(model: FakeServer, use: Any) -> Any:
    """spoil("hang"): from now on the model does that; where it can only be waited for, not for long."""
    def spoil(mode: str) -> None:
        use(openai_api_key="sk-secret-key", openai_base_url=model.openai_url,
            ai_deadline_s=0.7 if FAILURES[mode] == "timeout" else 5.0)
        model.mode("openai", mode)
    return spoil


def asked(tenant: Tenant, text: str) -> tuple[Conversation, Turn]:
    conversation, (line,) = steps.open_talk(tenant, text)
    with Watch() as watch:
        turn = steps.take(line)
    assert watch.seconds < 6, "the deadline holds whatever the model does"
    assert turn is not None and steps.fresh(line).answer_at is None
    return steps.fresh(conversation), turn


@pytest.mark.parametrize("mode", FAILURES)
def test_with_good_evidence_a_failing_model_is_replaced_by_a_quotation(knowledge: Tenant, agent: Agent,
                                                                       spoil: Any, mode: str) -> None:
    spoil(mode)
    conversation, turn = asked(knowledge, _GOOD)
    (said,) = steps.said(conversation)
    assert "“Delivery”" in said and _FACT in said, "one answer, and never what the provider said"
    assert (turn.state, turn.reason, turn.error, conversation.floor) == ("replied", "quoted", FAILURES[mode], "ai")
    assert "sk-secret" not in repr(turn.__data__)


@pytest.mark.parametrize("mode", ["hang", "500", "bad_json", "refusal", "cut_stream"])
def test_with_thin_evidence_a_failing_model_is_replaced_by_a_person(knowledge: Tenant, agent: Agent,
                                                                    spoil: Any, mode: str) -> None:
    spoil(mode)
    conversation, turn = asked(knowledge, _THIN)
    assert (turn.state, turn.reason, turn.error) == ("handed_over", "thin_evidence", FAILURES[mode])
    assert conversation.floor == "nobody" and len(steps.said(conversation)) == 1
    assert "asking a person" in steps.said(conversation)[0]


def test_a_model_that_does_not_exist_is_replaced_as_well(knowledge: Tenant, agent: Agent, use: Any) -> None:
    use(openai_api_key="sk-test", openai_base_url="http://127.0.0.1:9/v1")
    conversation, turn = asked(knowledge, _GOOD)
    assert (turn.reason, turn.error, len(steps.said(conversation))) == ("quoted", "unavailable", 1)


def test_an_endpoint_without_structured_output_still_answers(knowledge: Tenant, agent: Agent,
                                                             model: FakeServer) -> None:
    model.mode("openai", "no_response_format")
    conversation, turn = asked(knowledge, _GOOD)
    assert (turn.reason, turn.error, steps.said(conversation)) == ("answered", "", [_FACT])


def test_a_failure_of_the_first_try_is_forgotten_by_the_next_question(knowledge: Tenant, agent: Agent,
                                                                      model: FakeServer) -> None:
    model.mode("openai", "500", times=1)
    assert asked(knowledge, _GOOD)[1].reason == "quoted"
    assert asked(knowledge, _GOOD)[1].reason == "answered"


@pytest.mark.parametrize("answer", [
    {"text": "Delivery to Kazan costs 299 rubles."},                                # another price
    {"text": "Delivery to Kazan costs 300 rubles, with 20% off today."},            # a discount
    {"text": "Write to boss@example.com or call +7 912 345-67-89."},                # contacts
    {"text": "See https://evil.example/?q=your-phone"},                             # a link
    {"text": "Delivery to Kazan costs 300 dollars."},                               # another currency
    {"text": "Delivery to Kazan costs 300 rubles.", "sources": []},                 # no source at all
    {"text": "Delivery to Kazan costs 300 rubles.", "sources": [99]},               # a source that there is not
    {"text": "a" * 3_001},
])
def test_what_its_sources_do_not_bear_out_is_not_said(knowledge: Tenant, agent: Agent, model: FakeServer,
                                                      answer: dict[str, Any]) -> None:
    model.answer("openai", {"sources": [1], **answer})
    with steps.listening() as heard:
        conversation, turn = asked(knowledge, _GOOD)
    assert (turn.state, turn.reason, turn.text) == ("handed_over", "guard", "") and turn.penalties
    assert len(steps.said(conversation)) == 1 and "asking a person" in steps.said(conversation)[0]
    assert conversation.floor == "nobody" and turn.confidence["total"] < 0.9
    withdrawn = [event["data"]["turn"] for event in heard.of("reply.withdrawn")]
    assert withdrawn == [str(turn.uuid)], "what was shown of it while it grew is taken back"
    final = [event["data"]["message"]["text"] for event in heard.of("message.new")]
    assert not any(answer["text"] in text for text in final)


def test_markup_is_no_way_out(knowledge: Tenant, agent: Agent, model: FakeServer) -> None:
    model.answer("openai", {"sources": [1], "text": f"![x](https://evil.example/a.png) **{_FACT}**"})
    with steps.listening() as heard:
        conversation, _ = asked(knowledge, _GOOD)
    assert _FACT in steps.said(conversation)[0]
    assert not [text for text in heard.words() if "evil" in text or "](" in text]


@pytest.mark.parametrize("said", ["[]", "null", '"text"', '{"action": "pay", "text": "ok"}', "{}",
                                  '{"action": "answer", "text": ""}', "```json\n{\n```", "\ud83d", "<html>"])
def test_an_answer_of_another_shape_is_not_shown(knowledge: Tenant, agent: Agent, model: FakeServer, said: str) -> None:
    model.answer("openai", said)
    conversation, turn = asked(knowledge, _GOOD)
    assert turn.error in ("bad_answer", "cut") and _FACT in steps.said(conversation)[0]
    assert len(steps.said(conversation)) == 1


def test_chroma_that_is_away_costs_only_the_vectors(knowledge: Tenant, agent: Agent, model: FakeServer,
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    from hub.ai.store import VectorStore
    from hub.services.knowledge import retrieval
    monkeypatch.setattr(retrieval, "_store", VectorStore("http://127.0.0.1:9"))
    conversation, turn = asked(knowledge, _GOOD)
    assert (turn.reason, steps.said(conversation)) == ("answered", [_FACT])
