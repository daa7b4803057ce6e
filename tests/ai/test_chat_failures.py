"""Every way a model can fail is one AIError of the right kind, in time, and never a text."""


import pytest

from hub.ai.chat import Endpoint
from hub.ai.errors import AIError
from tests.ai import model_server as fake
from tests.ai.model_server import Behaviour, Model
from tests.ai.test_chat import ask
from tests.waits import STUCK_S, Watch

WHOLE = fake.reply("Доставим за 3 дня.")
FAILURES: dict[str, tuple[Behaviour, str]] = {
    "400": (fake.fails(400, "invalid_value"), "unavailable"),
    "400 filter": (fake.fails(400, "content_filter"), "refused"),
    "400 too long": (fake.fails(400, "context_length_exceeded"), "unavailable"),
    "401": (fake.fails(401, "invalid_api_key"), "auth"),
    "402": (fake.fails(402), "quota"),
    "403": (fake.fails(403, "unsupported_country_region_territory"), "auth"),
    "404": (fake.fails(404, "model_not_found"), "unavailable"),
    "408": (fake.fails(408), "timeout"),
    "409": (fake.fails(409), "unavailable"),
    "422": (fake.fails(422), "unavailable"),
    "429 wait": (fake.fails(429, "rate_limit_exceeded"), "rate_limit"),
    "429 quota by code": (fake.fails(429, "insufficient_quota"), "quota"),
    "429 quota by type": (fake.fails(429, None, kind="insufficient_quota"), "quota"),
    "500": (fake.fails(500), "unavailable"),
    "503": (fake.fails(503), "unavailable"),
    "504": (fake.fails(504), "timeout"),
    "redirect": (fake.fails(302, Location="http://127.0.0.1:1/"), "unavailable"),
    "html with 200": (fake.writes("<html><h1>Welcome to the proxy</h1></html>", kind="text/html"), "bad_answer"),
    "error with 200": (fake.writes('{"error": {"message": "boom"}}', kind="application/json"), "bad_answer"),
    "error in the stream": (fake.writes(fake.event(WHOLE[:30]), 'data: {"error": {"message": "boom"}}\n\n'),
                            "unavailable"),
    "quota in the stream": (fake.writes('data: {"error": {"message": "x", "code": "insufficient_quota"}}\n\n'),
                            "quota"),
    "event is no json": (fake.writes("data: {oops\n\n"), "bad_answer"),
    "event of another shape": (fake.writes('data: {"choices": "none"}\n\n'), "bad_answer"),
    "event is a list": (fake.writes("data: [1, 2]\n\n"), "bad_answer"),
    "no events": (fake.writes(""), "bad_answer"),
    "no choices": (fake.writes(fake.event(choices=[]), "data: [DONE]\n\n"), "bad_answer"),
    "null choices": (fake.writes(fake.event(choices=None), "data: [DONE]\n\n"), "bad_answer"),
    "empty": (fake.says(""), "bad_answer"),
    "spaces": (fake.says("   \n"), "bad_answer"),
    "prose": (fake.says("Sure! We deliver in 3 days."), "bad_answer"),
    "torn json": (fake.says('Sure: {"action": "answer", "text": '), "bad_answer"),
    "another shape": (fake.says('{"answer": "We deliver"}'), "bad_answer"),
    "a list": (fake.says('["answer"]'), "bad_answer"),
    "unknown action": (fake.says(fake.reply("x", action="refund")), "bad_answer"),
    "text is a number": (fake.says('{"action": "answer", "intent": "other", "sources": [], "text": 5}'), "bad_answer"),
    "answer without text": (fake.says(fake.reply("  ")), "bad_answer"),
    "deep nesting": (fake.says("[" * 20_000, size=5_000), "bad_answer"),
    "endless": (fake.says("a" * 60_000, size=5_000), "bad_answer"),
    "only a tool call": (fake.writes(fake.event(delta={"tool_calls": [
        {"index": 0, "id": "t", "type": "function", "function": {"name": "lookup", "arguments": '{"id": 12'}}]}),
        fake.event(finish="tool_calls"), "data: [DONE]\n\n"), "bad_answer"),
    "length": (fake.says(WHOLE[:60], finish="length"), "cut"),
    "length of a whole object": (fake.says(WHOLE, finish="length"), "cut"),
    "content filter": (fake.says(WHOLE[:60], finish="content_filter"), "refused"),
    "refusal": (fake.writes(fake.event(delta={"refusal": "I'm sorry"}), fake.event(finish="stop")), "refused"),
    "ends early in good order": (fake.says(WHOLE[:60], finish=None, ending=""), "cut"),
    "breaks off": (fake.breaks_off(fake.event(WHOLE[:60])), "cut"),
    "breaks off at once": (fake.breaks_off(), "unavailable"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_each_failure_has_its_kind(model: Model, name: str) -> None:
    behaviour, kind = FAILURES[name]
    with pytest.raises(AIError) as caught:
        ask(model.endpoint(behaviour, key="sk-very-secret"))
    assert caught.value.kind == kind
    assert "sk-very-secret" not in str(caught.value) and "boom" not in str(caught.value)


SLOW: dict[str, Behaviour] = {
    "no status line": fake.never_answers,
    "headers that trickle": fake.trickles_headers,
    "headers, then nothing": fake.hangs(),
    "half an answer, then nothing": fake.hangs(fake.event(WHOLE[:40])),
    "one byte at a time": fake.trickles(fake.event(WHOLE) * 20, 0.05),
    "comments for ever": fake.trickles(": still here\n\n" * 500, 0.01),
    "one event at a time for ever": fake.says(WHOLE[:-2] + "а" * 500, size=1, pause_s=0.05),
}


@pytest.mark.parametrize("name", SLOW)
def test_nothing_takes_longer_than_the_deadline(model: Model, name: str) -> None:
    with Watch() as watch, pytest.raises(AIError) as caught:
        ask(model.endpoint(SLOW[name]), deadline_s=0.6)
    assert caught.value.kind == "timeout"
    assert watch.seconds < 1.0
    assert model.hung_up.wait(STUCK_S), "the connection was not closed"


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(AIError) as caught:
        ask(Endpoint("http://127.0.0.1:9/v1", "k", "m"))
    assert caught.value.kind == "unavailable"


def test_no_endpoint_is_an_error_not_an_answer() -> None:
    with pytest.raises(AIError) as caught:
        ask()
    assert caught.value.kind == "unavailable"


@pytest.mark.parametrize(("headers", "seconds"), [
    ({"Retry_After": "7"}, 7.0), ({"retry_after_ms": "1500"}, 1.5), ({"Retry_After": "soon"}, None), ({}, None)])
def test_a_rate_limit_says_how_long_to_wait(model: Model, headers: dict[str, str], seconds: float | None) -> None:
    with pytest.raises(AIError) as caught:
        ask(model.endpoint(fake.fails(429, "rate_limit_exceeded", **headers)))
    assert caught.value.retry_after == seconds


def test_a_date_to_wait_for_is_turned_into_seconds(model: Model) -> None:
    with pytest.raises(AIError) as caught:
        ask(model.endpoint(fake.fails(429, Retry_After="Wed, 21 Oct 2099 07:28:00 GMT")))
    assert (caught.value.retry_after or 0) > 1_000_000


def test_the_library_does_not_try_again_by_itself(model: Model) -> None:
    with pytest.raises(AIError):
        ask(model.endpoint(fake.fails(500)))
    assert len(model.requests) == 1


def test_a_key_pool_is_walked_until_one_answers(model: Model) -> None:
    keys = {"k1": fake.fails(401, "invalid_api_key"), "k2": fake.fails(429, "insufficient_quota"),
            "k3": fake.fails(429, Retry_After="5"), "k4": fake.says(WHOLE)}
    said = ask(*(model.endpoint(behaviour, key=key) for key, behaviour in keys.items()))
    assert (said.text, said.endpoint) == ("Доставим за 3 дня.", 3)
    assert [(error.endpoint, error.kind) for error in said.failures] == [(0, "auth"), (1, "quota"), (2, "rate_limit")]


def test_when_all_keys_fail_the_most_hopeful_failure_is_reported_with_the_others(model: Model) -> None:
    keys = {"k1": fake.fails(429, Retry_After="5"), "k2": fake.fails(401)}
    with pytest.raises(AIError) as caught:
        ask(*(model.endpoint(behaviour, key=key) for key, behaviour in keys.items()))
    error = caught.value
    assert (error.kind, error.endpoint, error.retry_after) == ("rate_limit", 0, 5.0)
    assert [(other.kind, other.endpoint) for other in error.earlier] == [("auth", 1)]


def test_an_endpoint_that_hangs_leaves_time_for_the_next(model: Model) -> None:
    first, second = model.endpoint(fake.hangs(), key="k1"), model.endpoint(fake.says(WHOLE), key="k2")
    with Watch() as watch:
        assert ask(first, second, deadline_s=2.0).endpoint == 1
    assert watch.seconds < 1.5


def test_an_endpoint_that_has_begun_may_use_all_the_time(model: Model) -> None:
    slow = model.endpoint(fake.says(WHOLE, size=10, pause_s=0.08), key="k1")
    assert ask(slow, model.endpoint(fake.fails(500), key="k2"), deadline_s=2.0).endpoint == 0


def test_the_deadline_covers_all_endpoints_together(model: Model) -> None:
    with Watch() as watch, pytest.raises(AIError):
        ask(*(model.endpoint(fake.hangs(), key=f"k{number}") for number in range(4)), deadline_s=0.8)
    assert watch.seconds < 1.2


def test_an_answer_that_breaks_off_is_begun_again_elsewhere(model: Model) -> None:
    seen: list[str] = []
    said = ask(model.endpoint(fake.breaks_off(fake.event(WHOLE[:80])), key="k1"),
               model.endpoint(fake.says(fake.reply("Другой ответ.")), key="k2"), on_text=seen.append)
    assert said.text == seen[-1] == "Другой ответ."


def test_what_one_model_declines_is_not_asked_of_another(model: Model) -> None:
    with pytest.raises(AIError) as caught:
        ask(model.endpoint(fake.says("", finish="content_filter"), key="k1"),
            model.endpoint(fake.says(WHOLE), key="k2"))
    assert caught.value.kind == "refused" and [key for key, _, _ in model.requests] == ["k1"]
