"""Answers without a model: quotes the best passage and names it, or says nothing when the evidence is thin."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from textwrap import shorten

from hub.ai import asks, fuse, stems
from hub.ai.markdown import statements

# A piece of text that answers by itself and is still read to its end; no single statement may be longer than the limit.
_LONGEST, _HARD_LIMIT = 400, 500
# One statement that says so much more of the question than any other is quoted nearly alone.
_CLEAR, _AHEAD, _ROW = 0.5, 0.12, 100

# Who asks how much or when is answered by a statement with a figure.
_WANTS_FIGURE = re.compile(r"\b(?:сколько|поч[её]м|цен\w+|сто[ия]т|когда|срок\w*"
                           r"|how (?:much|many|long)|when|price|cost)\b", re.I)
_DIGIT = re.compile(r"\d")
_FIGURE_COUNTS = 0.15
# What asking implies counts little beside what was said.
_HINT = 0.3

# Quotation marks inside quotation marks.
_INNER = {"ru": str.maketrans("«»", "„“"), "en": str.maketrans("“”", "‘’")}
_WORDS = {
    "ru": "Вот что об этом сказано в «{title}»: {quote}",
    "en": "Here is what “{title}” says about it: {quote}",
}


@dataclass(frozen=True)
class Passage:
    """What was found: the document's title, the Markdown, how well it answers (fuse.evidence) and its fused score."""

    title: str
    text: str
    evidence: float
    score: float = 0.0
    position: int = 0           # of the passage in its document


@dataclass(frozen=True)
class Quotation:
    """What is said, and which of the passages (its index) it is taken from."""

    text: str
    source: int


def certainty(passages: Sequence[Passage]) -> float:
    """0..1: how sure it is that the first passage answers (fuse.certainty)."""
    if not passages:
        return 0.0
    first = passages[0]
    others = [passage.score for passage in passages[1:] if passage.title != first.title]
    return fuse.certainty(first.evidence, first.score, max(others, default=0.0))


def answer(question: str, passages: Sequence[Passage], language: str) -> Quotation | None:
    """A piece of the first passage's document (best first, as searched), introduced in `language` (ru or en).

    None when it is not sure enough that they answer: then a person is called.
    """
    if certainty(passages) < fuse.ENOUGH:
        return None
    quote, source = _quote(question, passages)
    title = passages[0].title.translate(_INNER[language])
    return Quotation(_WORDS[language].format(title=title, quote=quote), source) if quote else None


def _quote(question: str, passages: Sequence[Passage]) -> tuple[str, int]:
    """About 400 characters of the document in one piece, from the statement that says most of what was asked.

    What stands in the title is what all of the document is about, so it does not tell its statements apart: when
    nothing else was asked the document's beginning answers.
    """
    ours = [(index, passage) for index, passage in enumerate(passages) if passage.title == passages[0].title]
    weights = _weights(question, passages, passages[0].title)
    extra = _FIGURE_COUNTS if _WANTS_FIGURE.search(question) else 0.0
    rated = [(index, said, [_score(statement, weights, extra) for statement in said])
             for index, passage in ours if (said := statements(passage.text))]
    if not rated:
        return "", 0
    if max(max(scores) for _, _, scores in rated) <= extra:
        (source, said, _), best = min(rated, key=lambda item: passages[item[0]].position), 0
    else:
        source, said, scores = max(rated, key=lambda item: max(item[2]))
        best = scores.index(max(scores))
        if _is_outlier(scores):
            return _filled(said[best:], 0, _ROW), source
    return _filled(said, best, _LONGEST), source


def _is_outlier(scores: Sequence[float]) -> bool:
    """Is this the one statement that was asked for, such as a row of a table? Then its neighbours only distract."""
    first, second = sorted([*scores, 0.0, 0.0], reverse=True)[:2]
    return first >= _CLEAR and first - second >= _AHEAD


def _score(statement: tuple[str, str], weights: dict[str, float], extra: float) -> float:
    """How much of the question the statement and its heading say; a heading names what all below it is about."""
    heading, text = (set(stems.stems(part)) for part in statement)
    matched = sum(weight for stem, weight in weights.items() if stem in text)
    named = sum(weight for stem, weight in weights.items() if stem in heading)
    return matched + named + (extra if _DIGIT.search(statement[1]) else 0.0)


def _filled(said: Sequence[tuple[str, str]], best: int, limit: int) -> str:
    """The statement and as many after it, then before it, as fit."""
    start, end = best, best + 1
    while end < len(said) and _length(said[start:end + 1]) <= limit:
        end += 1
    while start > 0 and _length(said[start - 1:end]) <= limit:
        start -= 1
    quote = " ".join(_sentence(text) for _, text in said[start:end])
    return quote if len(quote) <= _HARD_LIMIT else shorten(said[best][1], _HARD_LIMIT, placeholder=" …")


def _length(said: Sequence[tuple[str, str]]) -> int:
    return sum(len(text) + 1 for _, text in said)


def _weights(question: str, passages: Sequence[Passage], title: str) -> dict[str, float]:
    """How telling each stem of the question, outside the title, is among all the statements that were found."""
    said = [f"{heading} {text}" for passage in passages for heading, text in statements(passage.text)]
    counts = Counter(stem for text in said for stem in set(stems.stems(text)))
    asked = {**dict.fromkeys(asks.hints(question), _HINT), **dict.fromkeys(stems.stems(question), 1.0)}
    about = set(stems.stems(title))
    telling = {stem: share * log(1 + len(said) / counts[stem]) for stem, share in asked.items()
               if counts[stem] and stem not in about}
    whole = sum(telling.values()) or 1.0
    return {stem: weight / whole for stem, weight in telling.items()}


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…", ":", ";")) else f"{text}."
