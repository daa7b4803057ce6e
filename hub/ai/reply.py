"""A model's answer, read strictly: a whole JSON object of the right shape or an error, never a piece as text."""

import json
import re
from dataclasses import dataclass
from typing import Literal, cast

from hub.ai.errors import AIError
from hub.ai.intents import INTENTS
from hub.ai.json_text import repair
from hub.ai.request import ACTIONS

Action = Literal["answer", "hand_over", "clarify"]

_FENCED = re.compile(r"\A\s*```(?:json)?\s*(.*?)\s*```\s*\Z", re.S)


@dataclass(frozen=True)
class Reply:
    """What the model decided. `sources` are the numbers it cites; `text` is empty only with `hand_over`.

    `endpoint` is the position in the list of the one that answered, `failures` what happened with those before it.
    """

    action: Action
    intent: str
    sources: list[int]
    text: str
    model: str
    tokens_in: int
    tokens_out: int
    model_ms: int
    endpoint: int = 0
    failures: tuple[AIError, ...] = ()


def parse(content: str) -> tuple[Action, str, list[int], str]:
    """(action, intent, sources, text) of a complete answer. Raises AIError("bad_answer")."""
    fenced = _FENCED.match(content)
    try:
        # Not strict: models that get the schema in words put raw line breaks into strings.
        said = json.loads(fenced.group(1) if fenced else content, strict=False)
    except (ValueError, RecursionError):
        raise AIError("bad_answer", "The model's answer is not the JSON that was asked for.") from None
    if not isinstance(said, dict) or said.get("action") not in ACTIONS or not isinstance(said.get("text"), str):
        raise AIError("bad_answer", "The model's answer is JSON of another shape.")
    text = repair(said["text"]).replace("\x00", "").strip()
    if not text and said["action"] != "hand_over":
        raise AIError("bad_answer", "The model's answer holds no text.")
    intent = said.get("intent")
    return cast(Action, said["action"]), intent if intent in INTENTS else "other", _numbers(said.get("sources")), text


def _numbers(value: object) -> list[int]:
    """Each cited number once; what is no number cites nothing."""
    given = value if isinstance(value, list) else []
    return list(dict.fromkeys(number for number in given if type(number) is int))
