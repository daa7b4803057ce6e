"""The fake OpenAI API as the real client sees it when nothing goes wrong."""
from __future__ import annotations

import json
from itertools import pairwise
from typing import Any, Literal

import openai
import pytest
from pydantic import BaseModel

from tests.fakes import FakeServer
from tests.fakes.openai_vectors import vector
from tests.fakes_tests.requests import FACT, FORMAT, KEY, SCHEMA, ask, pieces, prompt, say, stream


def json_schema(schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A response_format that asks for this schema."""
    return {"type": "json_schema", "json_schema": {"name": "x", "schema": schema, **more}}


class Reply(BaseModel):
    """What the hub asks for, as the client's own parser wants it."""

    action: Literal["answer", "hand_over"]
    intent: str
    sources: list[int]
    text: str


def test_it_quotes_the_first_sentence_of_source_one(fake: FakeServer, client: openai.OpenAI) -> None:
    assert say(client) == {"action": "answer", "intent": "other", "sources": [1], "text": FACT}


def test_it_hands_over_when_there_are_no_sources(fake: FakeServer, client: openai.OpenAI) -> None:
    said = say(client, prompt(sources=""))
    assert said == {"action": "hand_over", "intent": "other", "sources": [], "text": ""}
    assert list(said)[-1] == "text"


@pytest.mark.parametrize(("passages", "sentence"), [
    ('<source id="1" title="a &amp; b">Tom &amp; Co. is open. Daily.</source>', "Tom & Co."),
    ('<source id="1" title="">## Hours\nWe open at 9\nSundays closed</source>', "We open at 9"),
    ('As <source id="1" title="…">text</source>\n<source id="1" title="A">Real! Yes.</source>', "Real!"),
    ('<source id="7" title="A">Only this.</source>', "Only this."),
])
def test_it_reads_sources_the_way_the_prompt_writes_them(
    fake: FakeServer, client: openai.OpenAI, passages: str, sentence: str,
) -> None:
    assert say(client, prompt(sources=passages))["text"] == sentence


def test_a_stream_says_the_same_in_awkward_pieces(fake: FakeServer, client: openai.OpenAI) -> None:
    whole = ask(client).choices[0].message.content
    chunks = stream(client)
    cut = pieces(chunks)
    assert "".join(cut) == whole
    assert {len(piece) for piece in cut[:-1]} == {1, 2, 3, 4, 5, 7, 8}
    assert any(before[-1] == "\\" and after[0] == "u" for before, after in pairwise(cut))
    assert any(piece[-3:-1] == "\\u" for piece in cut), "no cut inside the digits of an escape"
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"


def test_usage_comes_last_and_only_when_asked_for(fake: FakeServer, client: openai.OpenAI) -> None:
    chunks = stream(client, stream_options={"include_usage": True})
    assert chunks[-1].choices == []
    usage = chunks[-1].usage
    assert usage == ask(client).usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens > 0
    assert not any(chunk.usage for chunk in chunks[:-1] + stream(client))


def test_the_clients_own_parser_accepts_the_reply(fake: FakeServer, client: openai.OpenAI) -> None:
    messages: Any = prompt()
    done = client.chat.completions.parse(model="m", messages=messages, response_format=Reply)
    assert done.choices[0].message.parsed == Reply(action="answer", intent="other", sources=[1], text=FACT)


def test_another_schema_gets_its_smallest_instance(fake: FakeServer, client: openai.OpenAI) -> None:
    fields = {"label": {"enum": ["spam", "ham"]}, "score": {"type": ["number", "null"]},
              "tags": {"type": "array", "items": {"type": "string"}}, "who": {"$ref": "#/$defs/Who"},
              "maybe": {"anyOf": [{"type": "null"}, {"type": "string"}]}}
    who = {"type": "object", "properties": {"name": {"type": "string"}}}
    schema = {"type": "object", "properties": fields, "$defs": {"Who": who}}
    said = say(client, response_format=json_schema(schema))
    assert said == {"label": "spam", "score": 0, "tags": [], "who": {"name": ""}, "maybe": None}


def test_a_wider_schema_of_ours_is_filled_whole(fake: FakeServer, client: openai.OpenAI) -> None:
    fields = {"language": {"type": "string"}, **SCHEMA["properties"]}
    schema = {**SCHEMA, "properties": fields, "required": list(fields)}
    said = say(client, response_format=json_schema(schema))
    assert list(said) == ["language", "action", "intent", "sources", "text"]
    assert said["text"] == FACT


def test_without_a_format_it_speaks_json_only_when_the_prompt_does(
    fake: FakeServer, client: openai.OpenAI,
) -> None:
    bare: dict[str, Any] = {"response_format": openai.omit}
    assert ask(client, **bare).choices[0].message.content == FACT
    assert ask(client, prompt(sources=""), **bare).choices[0].message.content == "OK."
    assert say(client, prompt("action is answer or hand_over"), **bare)["text"] == FACT
    assert say(client, response_format={"type": "json_object"})["text"] == FACT


def test_queued_answers_come_in_order_and_then_the_default(fake: FakeServer, client: openai.OpenAI) -> None:
    fake.answer("openai", {"text": "One", "sources": [2], "mood": "glad"})
    fake.answer("openai", "not JSON at all")
    fake.answer("openai", {"summary": "three"})
    first = say(client)
    assert first == {"action": "answer", "intent": "other", "sources": [2], "mood": "glad", "text": "One"}
    assert list(first)[-1] == "text"
    assert "".join(pieces(stream(client))) == "not JSON at all"
    assert say(client) == {"summary": "three"}
    assert say(client)["text"] == FACT


def test_a_queued_answer_can_wait_for_its_question_or_key(fake: FakeServer, client: openai.OpenAI) -> None:
    fake.answer("openai", {"text": "for another key"}, key="sk-other")
    fake.answer("openai", {"text": "of refunds"}, when="верните деньги", times=None)
    assert say(client)["text"] == FACT
    assert [say(client, prompt("верните деньги!"))["text"] for _ in range(2)] == ["of refunds"] * 2
    assert say(client.with_options(api_key="sk-other"))["text"] == "for another key"


def test_a_queued_answer_may_be_an_error_of_any_status(fake: FakeServer, client: openai.OpenAI) -> None:
    fake.answer("openai", {"error": {"message": "too long", "code": "context_length_exceeded"}}, status=400)
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client)
    assert caught.value.code == "context_length_exceeded"


@pytest.mark.parametrize("is_stream", [False, True])
def test_a_queued_tool_call_arrives_whole(fake: FakeServer, client: openai.OpenAI, is_stream: bool) -> None:
    fake.answer("openai", {"tool_calls": [{"name": "refund", "arguments": {"order": "№5"}}]})
    tools = [{"type": "function", "function": {"name": "refund", "parameters": {"type": "object"}}}]
    if is_stream:
        deltas = [c.choices[0].delta for c in stream(client, tools=tools)]
        calls = [call for delta in deltas for call in delta.tool_calls or []]
        assert len(calls) > 2
        name, arguments = calls[0].function.name, "".join(call.function.arguments for call in calls)
    else:
        function = ask(client, tools=tools).choices[0].message.tool_calls[0].function
        name, arguments = function.name, function.arguments
    assert (name, json.loads(arguments)) == ("refund", {"order": "№5"})


@pytest.mark.parametrize(("more", "said"), [
    ({"model": ""}, "model parameter"),
    ({"messages": []}, "empty array"),
    ({"messages": [{"role": "user", "content": "hi"}], "response_format": {"type": "json_object"}}, "'json'"),
    ({"response_format": json_schema(SCHEMA, name="no spaces")}, "name"),
    ({"response_format": json_schema({"type": "object"}, strict=True)}, "additionalProperties"),
    ({"response_format": json_schema({**SCHEMA, "required": ["text"]}, strict=True)}, "Missing 'action'"),
    ({"response_format": json_schema({**SCHEMA, "properties": {"in": {"type": "array", "items": {
        "type": "object"}}}, "required": ["in"]}, strict=True)}, "context=..in., .items.."),
])
def test_it_refuses_what_the_real_api_refuses(
    fake: FakeServer, client: openai.OpenAI, more: dict[str, Any], said: str,
) -> None:
    asked: dict[str, Any] = {"model": "m", "messages": prompt(), "response_format": FORMAT, **more}
    with pytest.raises(openai.BadRequestError, match=said):
        client.chat.completions.create(**asked)


def test_the_client_gets_the_same_vectors_packed_and_plain(fake: FakeServer, client: openai.OpenAI) -> None:
    packed = client.embeddings.create(model="m", input=["привет", "пока"], dimensions=256)
    plain = client.embeddings.create(model="m", input="пока", dimensions=256, encoding_format="float")
    assert [len(item.embedding) for item in packed.data] == [256, 256]
    assert packed.data[1].embedding == pytest.approx(plain.data[0].embedding)
    assert [item.index for item in packed.data] == [0, 1]
    assert [call.body.get("encoding_format") for call in fake.calls("openai")] == ["base64", "float"]
    assert fake.calls("openai")[0].answered["vectors"] == 2


@pytest.mark.parametrize(("given", "count", "size"), [
    ({"model": "text-embedding-3-small", "input": "one"}, 1, 1536),
    ({"model": "text-embedding-3-large", "input": ["one", "two"]}, 2, 3072),
    ({"model": "m", "input": [1, 2, 3], "dimensions": 8}, 1, 8),
    ({"model": "m", "input": [[1, 2], [3]], "dimensions": 8}, 2, 8),
    ({"model": "m", "input": "?!", "dimensions": 8}, 1, 8),
])
def test_any_input_list_is_embedded(
    fake: FakeServer, client: openai.OpenAI, given: dict[str, Any], count: int, size: int,
) -> None:
    data = client.embeddings.create(**given).data
    assert (len(data), len(data[0].embedding)) == (count, size)
    assert sum(value * value for value in data[0].embedding) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("given", [
    {"input": []}, {"input": ""}, {"input": ["a", ""]}, {"input": ["a"] * 2049},
    {"input": "a", "dimensions": 4000},
])
def test_it_refuses_to_embed_nothing_or_too_much(
    fake: FakeServer, client: openai.OpenAI, given: dict[str, Any],
) -> None:
    with pytest.raises(openai.BadRequestError):
        client.embeddings.create(model="m", **given)


def test_texts_that_share_words_are_close() -> None:
    query, near, far = (vector(text, 1536) for text in (
        "стоимость доставки", "Доставка: стоимость 300 рублей", "часы работы магазина"))

    def closeness(other: list[float]) -> float:
        return sum(a * b for a, b in zip(query, other, strict=True))

    assert closeness(near) > 0.4 > 0.1 > closeness(far)
    assert query == vector("стоимость доставки", 1536)


def test_models_are_listed_and_found(fake: FakeServer, client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert client.models.retrieve(names[0]).id == names[0]
    with pytest.raises(openai.NotFoundError) as caught:
        client.models.retrieve("gpt-none")
    assert caught.value.code == "model_not_found"


def test_no_key_and_unknown_paths_are_refused(fake: FakeServer, client: openai.OpenAI) -> None:
    with pytest.raises(openai.AuthenticationError, match="provide an API key"):
        client.models.list(extra_headers={"Authorization": openai.omit})
    with pytest.raises(openai.NotFoundError, match="Invalid URL"):
        client.post("/nothing", cast_to=object)


def test_no_key_is_ever_written_down_whole(fake: FakeServer, client: openai.OpenAI) -> None:
    ask(client)
    (call,) = fake.calls("openai")
    assert (call.headers["authorization"], call.key) == (KEY[-4:], KEY[-4:])
    assert KEY not in repr(call)
