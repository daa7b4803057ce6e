"""What is sent to a model: the shape its answer must have, and the dialects of endpoints that know less."""

from __future__ import annotations

import json
from collections.abc import Callable

from hub.ai.intents import INTENTS
from hub.lib.json_types import JsonObject

ACTIONS = ("answer", "hand_over", "clarify")

# `text` comes last: by the time it streams, the model has said what it is going to do.
SCHEMA: JsonObject = {
    "type": "object",
    "properties": {
        "action": {"type": "string", "enum": list(ACTIONS)},
        "intent": {"type": "string", "enum": list(INTENTS)},
        "sources": {"type": "array", "items": {"type": "integer"}},
        "text": {"type": "string"},
    },
    "required": ["action", "intent", "sources", "text"],
    "additionalProperties": False,
}
_DESCRIBED = ("Reply with one JSON object and nothing else, no prose and no code fence, its keys in this order: "
              f"{json.dumps(SCHEMA['properties'])}")

Request = JsonObject


def build(model: str, messages: list[dict[str, str]], temperature: float, max_tokens: int) -> Request:
    """The arguments of a streamed chat completion in OpenAI's own dialect."""
    return {"model": model, "messages": messages, "temperature": temperature, "max_tokens": max_tokens,
            "stream": True, "stream_options": {"include_usage": True},
            "response_format": {"type": "json_schema",
                                "json_schema": {"name": "reply", "strict": True, "schema": SCHEMA}}}


def _renamed_limit(request: Request) -> Request:
    rest = {name: value for name, value in request.items() if name != "max_tokens"}
    return {**rest, "max_completion_tokens": request["max_tokens"]}


def _described_schema(request: Request) -> Request:
    rest = {name: value for name, value in request.items() if name != "response_format"}
    return {**rest, "messages": [*request["messages"], {"role": "system", "content": _DESCRIBED}]}


def _without(name: str) -> Callable[[Request], Request]:
    return lambda request: {key: value for key, value in request.items() if key != name}


# (the argument, the word in the refusal that is about it, what to send instead); the last one answers to any refusal:
# servers name what they do not know about response_format in many ways. Reasoning models want the first two.
SIMPLER: tuple[tuple[str, str, Callable[[Request], Request]], ...] = (
    ("max_tokens", "max_completion_tokens", _renamed_limit),
    ("temperature", "temperature", _without("temperature")),
    ("stream_options", "stream_options", _without("stream_options")),
    ("response_format", "", _described_schema),
)


def simpler(request: Request, refusal: str) -> tuple[str, Request] | None:
    """(argument that was given up, the request without it) after a 400, or None when nothing can be given up."""
    for argument, word, change in SIMPLER:
        if argument in request and word in refusal:
            return argument, change(request)
    return None


def without(request: Request, arguments: frozenset[str]) -> Request:
    """The request as an endpoint takes it that is known to refuse these arguments."""
    for argument, _, change in SIMPLER:
        if argument in arguments:
            request = change(request)
    return request
