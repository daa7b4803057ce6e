"""What a model that behaves well gives: a reply, its partial text, and the shape of the question."""

import threading
from typing import Any

import pytest

from hub.ai.chat import Cancelled, Endpoint, Reply, converse
from hub.ai.errors import AIError
from tests.ai import model_server as fake
from tests.ai.model_server import Model
from tests.waits import STUCK_S

MESSAGES = [{"role": "system", "content": "Answer."}, {"role": "user", "content": "Сколько ждать?"}]


def ask(*endpoints: Endpoint, deadline_s: float = STUCK_S, **more: Any) -> Reply:
    return converse(list(endpoints), MESSAGES, deadline_s=deadline_s, temperature=0.2, max_tokens=300, **more)


def test_it_returns_what_the_model_decided_with_its_cost(model: Model) -> None:
    said = ask(model.endpoint(fake.says(fake.reply("Доставим за 3 дня.", sources=[2, 1, 2]))))
    assert (said.action, said.intent, said.sources, said.text) == ("answer", "shipping", [2, 1], "Доставим за 3 дня.")
    assert (said.model, said.tokens_in, said.tokens_out, said.endpoint) == ("small-1-0925", 120, 30, 0)
    assert 0 <= said.model_ms < STUCK_S * 1000 and said.failures == ()


def test_it_asks_for_a_stream_of_strict_json_with_the_text_last(model: Model) -> None:
    ask(model.endpoint(fake.says(fake.reply())))
    key, path, body = model.requests[0]
    assert (key, path, len(model.requests)) == ("sk-test", "/v1/chat/completions", 1)
    assert (body["stream"], body["model"], body["temperature"], body["max_tokens"]) == (True, "small-1", 0.2, 300)
    assert body["messages"] == MESSAGES
    told = body["response_format"]["json_schema"]
    assert told["strict"] is True
    assert list(told["schema"]["properties"]) == ["action", "intent", "sources", "text"]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 400])
def test_the_text_grows_towards_the_reply_wherever_the_stream_is_cut(model: Model, size: int) -> None:
    text = 'Привет 😀! "Скидка" \\ 5%\nЖдём\u00a0вас'
    seen: list[str] = []
    said = ask(model.endpoint(fake.says(fake.reply(text), size=size)), on_text=seen.append)
    assert seen[-1] == said.text == text
    assert all(said.text.startswith(shown) for shown in seen)
    assert len(set(seen)) == len(seen)


def test_a_hand_over_shows_nothing_to_the_customer(model: Model) -> None:
    seen: list[str] = []
    said = ask(model.endpoint(fake.says(fake.reply("I cannot help.", action="hand_over"))), on_text=seen.append)
    assert said.action == "hand_over" and seen == []


def test_a_text_that_comes_before_the_action_is_not_shown_until_the_action_is_known(model: Model) -> None:
    seen: list[str] = []
    content = '{"text": "Secret plan", "action": "hand_over", "intent": "other", "sources": []}'
    said = ask(model.endpoint(fake.says(content)), on_text=seen.append)
    assert said.action == "hand_over" and seen == []


def test_a_hand_over_may_be_without_text_but_an_answer_may_not(model: Model) -> None:
    assert ask(model.endpoint(fake.says(fake.reply("", action="hand_over")))).text == ""


def test_cancelling_passes_through_and_closes_the_stream(model: Model) -> None:
    def stop(_: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        ask(model.endpoint(fake.says(fake.reply("word " * 200), size=20, pause_s=0.02)), on_text=stop)
    assert model.hung_up.wait(STUCK_S)


def test_an_error_of_the_listener_is_the_listeners_error(model: Model) -> None:
    def broken(_: str) -> None:
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        ask(model.endpoint(fake.says(fake.reply())), on_text=broken)


def test_without_usage_the_cost_is_estimated(model: Model) -> None:
    said = ask(model.endpoint(fake.says(fake.reply(), ending="data: [DONE]\n\n")))
    assert said.tokens_in > 0 and said.tokens_out > 0


def test_a_cost_that_is_no_number_is_estimated_too(model: Model) -> None:
    nothing = fake.event(choices=[], usage={"prompt_tokens": None, "completion_tokens": None})
    assert ask(model.endpoint(fake.says(fake.reply(), ending=nothing))).tokens_in > 0


def test_an_unknown_intent_is_other_and_sources_that_are_no_numbers_cite_nothing(model: Model) -> None:
    content = '{"action": "answer", "intent": "magic", "sources": ["1", true, 2.5, 3], "text": "Да"}'
    said = ask(model.endpoint(fake.says(content)))
    assert (said.intent, said.sources) == ("other", [3])


def test_half_of_a_surrogate_pair_does_not_travel_on(model: Model) -> None:
    seen: list[str] = []
    content = r'{"action": "answer", "intent": "other", "sources": [1], "text": "a\ud83d b\u0000c"}'
    said = ask(model.endpoint(fake.says(content)), on_text=seen.append)
    assert said.text == seen[-1] == "a\ufffd bc"


def test_a_fenced_object_is_read(model: Model) -> None:
    assert ask(model.endpoint(fake.says(f"```json\n{fake.reply('Да')}\n```"))).text == "Да"


def test_a_stream_without_a_finish_reason_counts_when_the_object_is_whole(model: Model) -> None:
    assert ask(model.endpoint(fake.says(fake.reply("Да"), finish=None))).text == "Да"


def test_the_key_is_not_in_the_repr_of_an_endpoint() -> None:
    assert "sk-secret" not in repr(Endpoint("http://127.0.0.1:1/v1", "sk-secret", "m"))


def test_the_organisation_of_the_environment_is_not_sent_with_anothers_key(model: Model,
                                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-the-server")
    seen: list[str | None] = []

    def look(handler: fake.Handler) -> None:
        seen.append(handler.headers["openai-organization"])
        fake.says(fake.reply())(handler)

    ask(model.endpoint(look, key="sk-of-a-tenant"))
    assert seen == [None]


def test_two_conversations_at_once_have_their_own_deadlines(model: Model) -> None:
    quick, slow = model.endpoint(fake.hangs(), key="quick"), model.endpoint(
        fake.says(fake.reply(), size=30, pause_s=0.2), key="slow")
    said: list[Reply] = []
    thread = threading.Thread(target=lambda: said.append(ask(slow)))
    thread.start()
    with pytest.raises(AIError, match="in time"):
        ask(quick, deadline_s=0.3)
    thread.join()
    assert said[0].action == "answer"
