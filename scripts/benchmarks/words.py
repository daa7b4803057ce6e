"""Passages that look like a shop's knowledge: the demo articles' own words, drawn as Zipf's law has it."""

import itertools
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from scripts.options import ROOT

_CONTENT = ROOT / "scripts" / "demo" / "content"
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_PER_DOCUMENT, _TOPIC_WORDS, _ON_TOPIC = 10, 30, 0.4
_LENGTHS = range(35, 85)        # words of a passage, as chunk.py cuts them


def passages(count: int, seed: int = 7) -> Iterator[tuple[int, str, str]]:
    """(document, its title, a passage) of both languages in turn; the same ones for the same seed."""
    chance = random.Random(seed)
    for document in range(-(-count // _PER_DOCUMENT)):
        words, weights = _vocabulary("ru" if document % 2 else "en")
        topic = chance.choices(words, k=_TOPIC_WORDS)
        title = " ".join(topic[:4]).capitalize()
        for _ in range(min(_PER_DOCUMENT, count - document * _PER_DOCUMENT)):
            yield document, title, _text(chance, words, weights, topic)


def questions() -> list[str]:
    """What customers of the demo ask."""
    return [item["question"] for item in json.loads((_CONTENT / "questions.json").read_text("utf-8"))]


def _text(chance: random.Random, words: list[str], weights: list[float], topic: list[str]) -> str:
    length = chance.choice(_LENGTHS)
    said = chance.choices(words, cum_weights=weights, k=length)
    mixed = [chance.choice(topic) if chance.random() < _ON_TOPIC else word for word in said]
    ends = [number % 12 == 11 or number == length - 1 for number in range(length)]
    return " ".join(word + "." * end for word, end in zip(mixed, ends, strict=True))


@cache
def _vocabulary(language: str) -> tuple[list[str], list[float]]:
    """The articles' words, the most used first, and their cumulated Zipf weights (1 / rank)."""
    texts = [path.read_text("utf-8") for path in sorted((_CONTENT / "articles" / language).glob("*.md"))]
    counts = Counter(word for text in texts for word in _WORD.findall(text.lower()))
    words = [word for word, _ in counts.most_common()]
    return words, list(itertools.accumulate(1 / rank for rank in range(1, len(words) + 1)))
