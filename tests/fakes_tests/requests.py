"""How these tests talk to the fake model: a prompt of the hub's shape, asked plainly or as a stream."""
from __future__ import annotations

import json
from functools import partial
from typing import Any

import httpx2
import openai

from tests.waits import STUCK_S

get, post = partial(httpx2.get, timeout=STUCK_S), partial(httpx2.post, timeout=STUCK_S)
KEY = "sk-test-key-abcd"
SCHEMA: dict[str, Any] = {
    "type": "object", "additionalProperties": False, "required": ["action", "intent", "sources", "text"],
    "properties": {
        "action": {"type": "string", "enum": ["answer", "ask", "hand_over", "silent"]},
        "intent": {"type": "string"},
        "sources": {"type": "array", "items": {"type": "integer"}},
        "text": {"type": "string"},
    },
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "reply", "strict": True, "schema": SCHEMA}}
FACT = "Доставка по городу стоит 300 ₽ 🚚."
SOURCES = f'''<source id="1" title="Доставка">{FACT} За город дороже.</source>
<source id="2" title="Скидки">Скидок нет.</source>'''


def prompt(question: str = "Сколько стоит доставка?", sources: str = SOURCES) -> list[dict[str, str]]:
    """The messages of one turn: rules, then the passages with the customer's line last."""
    rules = {"role": "system", "content": "Answer in JSON."}
    return [rules, {"role": "user", "content": f"{sources}\n{question}"}]


def ask(client: openai.OpenAI, messages: list[dict[str, str]] | None = None, **more: Any) -> Any:
    """One plain completion."""
    asked = {"model": "gpt-4o-mini", "messages": messages or prompt(), "response_format": FORMAT, **more}
    return client.chat.completions.create(**asked)


def say(client: openai.OpenAI, messages: list[dict[str, str]] | None = None, **more: Any) -> dict[str, Any]:
    """The JSON the model said."""
    said: dict[str, Any] = json.loads(ask(client, messages, **more).choices[0].message.content)
    return said


def stream(client: openai.OpenAI, messages: list[dict[str, str]] | None = None, **more: Any) -> list[Any]:
    """All chunks of one streamed completion."""
    return list(ask(client, messages, stream=True, **more))


def pieces(chunks: list[Any]) -> list[str]:
    """The pieces of content in the chunks."""
    return [c.choices[0].delta.content for c in chunks if c.choices and c.choices[0].delta.content]
