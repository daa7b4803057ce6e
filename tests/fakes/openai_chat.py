"""What the fake model says: the default reply read from the prompt, the modes that spoil it, the streaming.

The default reply quotes and never invents: with sources it is the first sentence of source 1, without any it
hands over to a person. So an end-to-end test can ask for a fact and see exactly that fact arrive.
"""
from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Iterator
from itertools import cycle
from typing import Any

from tests.fakes.modes import Answer

MODES = {
    "bad_json": "the content is prose with a torn piece of JSON",
    "empty": 'the content is ""',
    "empty_choices": "no choices at all",
    "length": "cut in the middle, finish_reason length",
    "content_filter": "no content, finish_reason content_filter",
    "refusal": "message.refusal in place of content",
    "tool_args_not_json": "a tool call whose arguments are not JSON",
    "end_stream": "a stream that ends early in good order: no finish_reason, no [DONE]",
}
REFUSAL = "I'm sorry, I can't assist with that request."
TORN = 'Sure! Here is the answer: {"action": "answer", "text": '

# Sizes of the streamed pieces in turn. Their sum (35) has no divisor in common with the six characters of
# \uXXXX, so the cuts wander through every place inside an escape.
PIECE_SIZES = (1, 2, 3, 5, 8, 4, 7, 5)
SOURCE = re.compile(r'<source\b[^>]*?\bid="(\d+)"[^>]*>(.*?)</source>', re.S)
SENTENCE = re.compile(r"\s*(.+?)(?:(?<=[.!?…])(?=\s)|\n|\Z)", re.S)

JSON = dict[str, Any]


def completion(number: int, body: JSON, mode: str, queued: Answer | None) -> JSON:
    """The whole chat.completion object; a stream is cut from the same one."""
    message, reason = _spoilt(_message(body, queued), body, mode)
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reason}
    said = message["content"] or json.dumps(message.get("tool_calls", ""))
    return {
        "id": f"chatcmpl-fake{number}", "object": "chat.completion", "created": int(time.time()),
        "model": body["model"], "choices": [] if mode == "empty_choices" else [choice],
        "usage": usage(tokens(prompt_text(body)), tokens(said)), "system_fingerprint": "fp_fake",
    }


def usage(prompt: int, answer: int) -> dict[str, int]:
    return {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}


def tokens(text: str) -> int:
    """A fixed estimate, four characters a token; good enough to test cost and budgets."""
    return -(-len(text) // 4)


def _message(body: JSON, queued: Answer | None) -> tuple[JSON, str]:
    value = _filled(queued.value) if queued else default_reply(body)
    if isinstance(value, dict) and "tool_calls" in value:
        calls = [_tool_call(n, call["name"], json.dumps(call["arguments"]))
                 for n, call in enumerate(value["tool_calls"], 1)]
        return _assistant(None, tool_calls=calls), "tool_calls"
    # ASCII JSON on purpose: every letter outside ASCII becomes an escape that a stream may cut in two.
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    return _assistant(text), "stop"


def _filled(value: JSON | str) -> JSON | str:
    """A queued reply of the hub's shape may leave keys out; `text` comes last, as its schema orders it."""
    if isinstance(value, str) or not {"action", "text"} & value.keys():
        return value
    whole = {"action": "answer", "intent": "other", "sources": [], "text": ""} | value
    return {**{name: whole[name] for name in whole if name != "text"}, "text": whole["text"]}


def _assistant(content: str | None, **more: Any) -> JSON:
    return {"role": "assistant", "content": content, "refusal": None, "annotations": [], **more}


def _tool_call(number: int, name: str, arguments: str) -> JSON:
    function = {"name": name, "arguments": arguments}
    return {"id": f"call_fake{number}", "type": "function", "function": function}


def _spoilt(said: tuple[JSON, str], body: JSON, mode: str) -> tuple[JSON, str]:
    """The message and its finish_reason after the mode had its way."""
    content = said[0]["content"] or ""
    match mode:
        case "bad_json":
            return _assistant(TORN), "stop"
        case "empty":
            return _assistant(""), "stop"
        case "length":
            return _assistant(content[: len(content) // 2]), "length"
        case "content_filter":
            return _assistant(""), "content_filter"
        case "refusal":
            return _assistant(None) | {"refusal": REFUSAL}, "stop"
        case "tool_args_not_json":
            names = [tool["function"]["name"] for tool in body.get("tools") or [] if "function" in tool]
            call = _tool_call(1, (names or ["lookup"])[0], '{"id": 12')
            return _assistant(None, tool_calls=[call]), "tool_calls"
    return said


def default_reply(body: JSON) -> JSON | str:
    """What the model says when nothing is queued.

    The hub's own schema: see the top of this file. Another schema: its smallest instance. No JSON asked for:
    the quoted sentence alone, or "OK.".
    """
    found = source_in(body["messages"])
    reply: JSON = {"action": "hand_over", "intent": "other", "sources": [], "text": ""}
    if found:
        reply |= {"action": "answer", "sources": [found[0]], "text": first_sentence(found[1])}
    if schema := ((body.get("response_format") or {}).get("json_schema") or {}).get("schema"):
        smallest: JSON = example(schema, schema)
        known = reply if "action" in smallest else {}
        return {name: known.get(name, value) for name, value in smallest.items()}
    wants_json = "response_format" in body or "hand_over" in prompt_text(body)
    return reply if wants_json else reply["text"] or "OK."


def prompt_text(body: JSON) -> str:
    """All messages as one text."""
    return "\n".join(_texts(body["messages"]))


def _texts(messages: list[JSON]) -> list[str]:
    """The text of each message, whose content is a string, a list of parts, or nothing."""
    contents = [message.get("content") or "" for message in messages]
    return [c if isinstance(c, str) else "\n".join(part.get("text", "") for part in c) for c in contents]


def source_in(messages: list[JSON]) -> tuple[int, str] | None:
    """Number and text of the source to quote: the last one numbered 1 in the newest message that has sources.

    The last, because instructions may show the form by an example above the real ones. Entities are undone.
    """
    for text in reversed(_texts(messages)):
        if found := SOURCE.findall(text):
            ones = [pair for pair in found if pair[0] == "1"] or found
            return int(ones[-1][0]), html.unescape(ones[-1][1])
    return None


def first_sentence(text: str) -> str:
    """Verbatim, without the headings above it."""
    found = SENTENCE.match(re.sub(r"(?m)^\s*#.*$", "", text))
    return found[1].strip() if found else ""


def example(schema: JSON, root: JSON) -> Any:
    """The smallest value that fits a JSON schema of the kind structured outputs allow."""
    if "$ref" in schema:
        return example(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root)
    if branches := schema.get("anyOf"):
        return example(branches[0], root)
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    kind = schema.get("type", "object")
    if kind == "object":
        return {name: example(part, root) for name, part in schema.get("properties", {}).items()}
    simple = {"array": [], "string": "", "integer": 0, "number": 0, "boolean": False, "null": None}
    return simple[kind if isinstance(kind, str) else kind[0]]


def chunks(whole: JSON, with_usage: bool) -> list[bytes]:
    """The server-sent events of a completion, [DONE] last."""
    base = {**{name: whole[name] for name in ("id", "created", "model", "system_fingerprint")},
            "object": "chat.completion.chunk"} | ({"usage": None} if with_usage else {})
    events = [event(base | {"choices": [choice]}) for choice in _deltas(whole["choices"])]
    if with_usage:
        events.append(event(base | {"choices": [], "usage": whole["usage"]}))
    return [*events, b"data: [DONE]\n\n"]


def event(value: JSON) -> bytes:
    """One server-sent event."""
    return b"data: " + json.dumps(value, ensure_ascii=False).encode(errors="replace") + b"\n\n"


def _deltas(choices: list[JSON]) -> Iterator[JSON]:
    for choice in choices:
        message = choice["message"]
        yield _delta({"role": "assistant", "content": "", "refusal": None})
        yield from (_delta({"content": piece}) for piece in cut(message["content"] or ""))
        yield from (_delta({"refusal": piece}) for piece in cut(message["refusal"] or ""))
        for index, call in enumerate(message.get("tool_calls", [])):
            yield from _call_deltas(index, call)
        yield _delta({}, choice["finish_reason"])


def _call_deltas(index: int, call: JSON) -> Iterator[JSON]:
    begun = {"name": call["function"]["name"], "arguments": ""}
    yield _delta({"tool_calls": [{"index": index, "id": call["id"], "type": "function", "function": begun}]})
    for piece in cut(call["function"]["arguments"]):
        yield _delta({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})


def _delta(delta: JSON, reason: str | None = None) -> JSON:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}


def cut(text: str) -> Iterator[str]:
    """The text in pieces of one to eight characters, cut wherever the sizes fall."""
    at, sizes = 0, cycle(PIECE_SIZES)
    while at < len(text):
        size = next(sizes)
        yield text[at : at + size]
        at += size
