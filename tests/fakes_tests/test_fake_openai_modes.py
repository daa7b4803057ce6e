"""Every way in which the fake OpenAI API fails, as the real client meets it."""
from __future__ import annotations

import json
import time
from typing import Any

import httpx2
import openai
import pytest

from tests.fakes import FakeServer
from tests.fakes_tests.requests import FACT, FORMAT, KEY, ask, pieces, prompt, say, stream

BOTH = pytest.mark.parametrize("is_stream", [False, True], ids=["plain", "stream"])


def spoken(client: openai.OpenAI, is_stream: bool) -> tuple[str, str | None, str | None]:
    """(content, refusal, finish_reason) of one completion, plain or streamed."""
    if not is_stream:
        choice = ask(client).choices[0]
        return choice.message.content or "", choice.message.refusal, choice.finish_reason
    choices = [chunk.choices[0] for chunk in stream(client)]
    refusal = "".join(choice.delta.refusal or "" for choice in choices) or None
    return "".join(choice.delta.content or "" for choice in choices), refusal, choices[-1].finish_reason


@BOTH
@pytest.mark.parametrize(("mode", "error", "status", "code"), [
    ("400", openai.BadRequestError, 400, "invalid_value"),
    ("401", openai.AuthenticationError, 401, "invalid_api_key"),
    ("403", openai.PermissionDeniedError, 403, "unsupported_country_region_territory"),
    ("404", openai.NotFoundError, 404, "model_not_found"),
    ("409", openai.ConflictError, 409, None),
    ("429", openai.RateLimitError, 429, "rate_limit_exceeded"),
    ("quota", openai.RateLimitError, 429, "insufficient_quota"),
    ("500", openai.InternalServerError, 500, None),
    ("503", openai.InternalServerError, 503, None),
])
def test_a_status_arrives_as_the_clients_own_error(
    fake: FakeServer, client: openai.OpenAI, mode: str, error: type[openai.APIStatusError], status: int,
    code: str | None, is_stream: bool,
) -> None:
    fake.mode("openai", mode)
    with pytest.raises(error) as caught:
        ask(client, stream=is_stream)
    assert (caught.value.status_code, caught.value.code) == (status, code)
    (call,) = fake.calls("openai")
    assert (call.mode, call.status, call.is_accepted) == (mode, status, False)


def test_only_the_429_that_means_wait_says_how_long(fake: FakeServer, client: openai.OpenAI) -> None:
    fake.mode("openai", "quota")
    fake.mode("openai", "429", times=1, retry_after_s=37)
    waits = []
    for _ in range(2):
        with pytest.raises(openai.RateLimitError) as caught:
            ask(client)
        waits.append(caught.value.response.headers.get("retry-after"))
    assert waits == ["37", None]


def test_the_clients_own_retry_gets_through_two_failures(fake: FakeServer, client: openai.OpenAI) -> None:
    fake.mode("openai", "503", times=1, retry_after_s=0.01)
    fake.mode("openai", "429", times=1, retry_after_s=0.01)
    assert say(client.with_options(max_retries=2))["text"] == FACT
    assert [call.status for call in fake.calls("openai")] == [503, 429, 200]


@BOTH
def test_slow_answers_late_but_well(fake: FakeServer, client: openai.OpenAI, is_stream: bool) -> None:
    fake.mode("openai", "slow", delay_s=0.2)
    begun = time.monotonic()
    assert json.loads(spoken(client, is_stream)[0])["text"] == FACT
    assert time.monotonic() - begun >= 0.2


def test_a_client_that_gives_up_on_a_hanging_call_is_seen(fake: FakeServer, client: openai.OpenAI) -> None:
    fake.mode("openai", "hang")
    with pytest.raises(openai.APITimeoutError):
        ask(client.with_options(timeout=0.1))
    (call,) = fake.wait_for("openai", is_over=True)
    assert (call.status, call.is_hung_up, call.is_accepted) == (None, True, False)
    assert (call.took_s or 0) > 0.05


def test_a_hanging_call_ends_at_its_bound(fake: FakeServer, client: openai.OpenAI) -> None:
    fake.mode("openai", "hang", delay_s=0.1)
    with pytest.raises(openai.APIConnectionError):
        ask(client)
    assert not fake.wait_for("openai", is_over=True)[0].is_hung_up


def test_trickle_never_trips_a_read_timeout(fake: FakeServer) -> None:
    """Each byte starts the read timeout anew, so only a total deadline helps against it."""
    fake.mode("openai", "trickle", delay_s=0.05)
    asked = {"model": "m", "messages": prompt(), "response_format": FORMAT}
    headers = {"Authorization": f"Bearer {KEY}"}
    begun, sizes = time.monotonic(), []
    url = f"{fake.openai_url}/chat/completions"
    with httpx2.stream("POST", url, json=asked, headers=headers, timeout=0.2) as response:
        for part in response.iter_raw():
            sizes.append(len(part))
            if sum(sizes) >= 10:
                break
    assert max(sizes) < 10, "a reader that was late found two, never all at once"
    assert time.monotonic() - begun >= 0.4
    assert fake.wait_for("openai", is_over=True)[0].is_hung_up


@BOTH
@pytest.mark.parametrize(("mode", "is_accepted", "cause"), [
    ("drop", False, httpx2.RemoteProtocolError),
    ("reset", False, httpx2.ReadError),
    ("drop_after_accept", True, httpx2.RemoteProtocolError),
])
def test_a_dropped_call_used_its_answer_only_if_it_was_accepted(
    fake: FakeServer, client: openai.OpenAI, mode: str, is_accepted: bool, cause: type[Exception],
    is_stream: bool,
) -> None:
    fake.answer("openai", {"text": "queued"})
    fake.mode("openai", mode, times=1)
    with pytest.raises(openai.APIConnectionError) as caught:
        ask(client, stream=is_stream)
    assert isinstance(caught.value.__cause__, cause)
    (call,) = fake.wait_for("openai", is_over=True)
    assert (call.status, call.is_accepted, bool(call.answered)) == (None, is_accepted, is_accepted)
    assert say(client)["text"] == (FACT if is_accepted else "queued")


@BOTH
def test_a_cut_answer_breaks_in_the_middle(fake: FakeServer, client: openai.OpenAI, is_stream: bool) -> None:
    fake.mode("openai", "cut_stream")
    chunks: list[Any] = []
    with pytest.raises(openai.APIConnectionError):
        chunks.extend(ask(client, stream=is_stream))
    assert bool(pieces(chunks)) == is_stream
    assert not any(chunk.choices[0].finish_reason for chunk in chunks)


def test_a_stream_may_end_early_without_any_error(fake: FakeServer, client: openai.OpenAI) -> None:
    fake.mode("openai", "end_stream")
    chunks = stream(client)
    assert pieces(chunks)
    assert not any(chunk.choices[0].finish_reason for chunk in chunks)


def test_slow_stream_pauses_between_the_pieces(fake: FakeServer, client: openai.OpenAI) -> None:
    fake.mode("openai", "slow_stream", delay_s=0.01)
    fake.answer("openai", "A short answer in some pieces.")
    times = [time.monotonic() for _ in ask(client, stream=True)]
    assert len(times) > 5
    assert times[-1] - times[0] >= 0.01 * (len(times) - 2)


def test_html_from_a_proxy_is_a_success_to_the_client(fake: FakeServer, client: openai.OpenAI) -> None:
    """The trap: no exception; a plain call returns text in place of a completion, a stream is just empty."""
    fake.mode("openai", "malformed")
    assert isinstance(ask(client), str)
    assert stream(client) == []


def test_an_error_inside_a_200_is_a_success_to_the_client(fake: FakeServer, client: openai.OpenAI) -> None:
    """The trap: a plain call returns a completion whose choices are None; a stream does raise."""
    fake.mode("openai", "error_200")
    assert ask(client).choices is None
    with pytest.raises(openai.APIError, match="server had an error"):
        stream(client)


@BOTH
@pytest.mark.parametrize(("mode", "content", "refusal", "reason"), [
    ("bad_json", 'Sure! Here is the answer: {"action": "answer", "text": ', None, "stop"),
    ("empty", "", None, "stop"),
    ("content_filter", "", None, "content_filter"),
    ("refusal", "", "I'm sorry, I can't assist with that request.", "stop"),
])
def test_a_spoilt_answer_looks_like_the_real_one(
    fake: FakeServer, client: openai.OpenAI, mode: str, content: str, refusal: str | None, reason: str,
    is_stream: bool,
) -> None:
    fake.mode("openai", mode)
    assert spoken(client, is_stream) == (content, refusal, reason)


@BOTH
def test_length_cuts_the_json_in_half(fake: FakeServer, client: openai.OpenAI, is_stream: bool) -> None:
    whole, _, _ = spoken(client, is_stream)
    fake.mode("openai", "length")
    half, _, reason = spoken(client, is_stream)
    assert (half, reason) == (whole[: len(whole) // 2], "length")


def test_empty_choices_has_none_at_all(fake: FakeServer, client: openai.OpenAI) -> None:
    fake.mode("openai", "empty_choices")
    assert ask(client).choices == []
    assert stream(client) == []
    assert [chunk.choices for chunk in stream(client, stream_options={"include_usage": True})] == [[]]


@BOTH
def test_tool_arguments_may_be_no_json(fake: FakeServer, client: openai.OpenAI, is_stream: bool) -> None:
    fake.mode("openai", "tool_args_not_json")
    tools = [{"type": "function", "function": {"name": "find_order", "parameters": {"type": "object"}}}]
    answer: Any = ask(client, tools=tools, stream=is_stream)
    messages = [c.choices[0].delta for c in answer] if is_stream else [answer.choices[0].message]
    functions = [call.function for message in messages for call in message.tool_calls or []]
    assert functions[0].name == "find_order"
    assert "".join(function.arguments for function in functions) == '{"id": 12'


def test_a_server_without_schemas_still_answers_without_one(fake: FakeServer, client: openai.OpenAI) -> None:
    fake.mode("openai", "no_response_format")
    with pytest.raises(openai.BadRequestError, match="not supported with this model") as caught:
        ask(client)
    assert caught.value.param == "response_format"
    assert say(client, response_format={"type": "json_object"})["text"] == FACT


def test_each_key_may_have_a_fate_of_its_own(fake: FakeServer, client: openai.OpenAI) -> None:
    fates = {"sk-key-0001": "401", "sk-key-0002": "quota", "sk-key-0003": "429"}
    for key, mode in fates.items():
        fake.mode("openai", mode, key=key)
    codes = []
    for key in fates:
        with pytest.raises(openai.APIStatusError) as caught:
            ask(client.with_options(api_key=key))
        codes.append(caught.value.code)
    assert codes == ["invalid_api_key", "insufficient_quota", "rate_limit_exceeded"]
    assert say(client.with_options(api_key="sk-key-0004"))["text"] == FACT
    assert [call.key for call in fake.calls("openai")] == ["0001", "0002", "0003", "0004"]


def test_embeddings_may_fail_while_chat_works(fake: FakeServer, client: openai.OpenAI) -> None:
    fake.mode("openai", "500", path="/embeddings")
    with pytest.raises(openai.InternalServerError):
        client.embeddings.create(model="m", input="x")
    assert say(client)["text"] == FACT
