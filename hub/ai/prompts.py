"""What the model is told: templates beside this file, sources as data, a history that fits into a token budget."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from string import Template

_DIRECTORY = Path(__file__).with_name("prompts")

# Stands in the instructions and nowhere else: a text that holds it repeats them (guard.py).
MARK = "prl-5d1f-notes"

BUDGET = 9_000
_SOURCES, _QUESTION, _TURN, _VALUE = 4_000, 1_500, 500, 2_000
_TAG = re.compile(r"<(?=\s*/?\s*sources?\b)", re.I)


def render(name: str, **values: object) -> str:
    """The template with every variable filled in. A missing or an unknown one is a KeyError; empty: "not stated"."""
    template = Template(_text(name))
    unknown = values.keys() - set(template.get_identifiers())
    if unknown:
        raise KeyError(f"{name}.md has no variable {sorted(unknown)[0]}")
    return template.substitute({key: _value(key, value) for key, value in values.items()})


def instructions() -> frozenset[str]:
    """The longer sentences of all templates: a text that holds one of them repeats the instructions."""
    said = (one.strip(" -").lower() for path in _DIRECTORY.glob("*.md") for one in path.read_text("utf-8").splitlines())
    return frozenset(sentence for sentence in said if len(sentence) >= 40 and "$" not in sentence)


def sources(found: Sequence[tuple[str, str]]) -> str:
    """[(title, text)] as numbered elements that their own text cannot close. What does not fit is left out."""
    elements, room = [], _SOURCES
    for number, (title, text) in enumerate(found, 1):
        inner = cut(_TAG.sub("‹", text), room)
        room -= tokens(inner)
        name = " ".join(_TAG.sub("‹", title).replace('"', "”").split())
        elements.append(f'<source id="{number}" title="{name}">{inner}</source>')
        if room <= 0:
            break
    return "\n".join(elements)


def messages(system: str, history: Iterable[tuple[str, str]], question: str,
             budget: int = BUDGET) -> list[dict[str, str]]:
    """The conversation as the API takes it: the newest turns that fit, [(role, content)] oldest first."""
    asked = cut(question, _QUESTION)
    room = budget - tokens(system) - tokens(asked)
    kept: list[tuple[str, str]] = []
    for role, content in reversed(list(history)):
        line = cut(content, _TURN)
        room -= tokens(line)
        if room < 0:
            break
        kept.insert(0, (role, line))
    return [{"role": "system", "content": system}, *_merged([*kept, ("user", asked)])]


def tokens(text: str) -> int:
    """About how many tokens a text has: 3.5 Latin or 2.2 other letters each. Tokenisers would have to be downloaded."""
    latin = sum(char.isascii() for char in text)
    return round(latin / 3.5 + (len(text) - latin) / 2.2)


def tokens_of(said: Iterable[dict[str, str]]) -> int:
    """The estimate for a whole request."""
    return sum(tokens(message["content"]) for message in said)


def cut(text: str, limit: int) -> str:
    """The text within a token limit: its beginning and, after a mark, its end."""
    if tokens(text[:limit * 4]) <= limit and len(text) <= limit * 4:
        return text
    size = max(0, int(limit * 2.2))
    return f"{text[:size - size // 4]} […] {text[len(text) - size // 4:]}" if size >= 40 else text[:size]


@cache
def _text(name: str) -> str:
    return (_DIRECTORY / f"{name}.md").read_text("utf-8")


def _value(key: str, value: object) -> str:
    text_value = str(value or "").strip()
    return (text_value if key == "sources" else cut(text_value, _VALUE)) or "not stated"


def _merged(turns: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Neighbours of one role become one message: some servers insist that roles alternate."""
    said: list[dict[str, str]] = []
    for role, content in turns:
        if said and said[-1]["role"] == role:
            said[-1]["content"] += f"\n{content}"
        else:
            said.append({"role": role, "content": content})
    return said
