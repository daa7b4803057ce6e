"""How well the demo's articles are found by its questions, and when the hub would rather call a person."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest

from hub.ai import chunk, fuse, offline, stems
from hub.ai.embed import HashEmbedder

_FRONT = re.compile(r'\A---\ntitle: "?(.*?)"?\n.*?tags: \[(.*?)\]\n---\n(.*)', re.S)


@dataclass(frozen=True)
class Asked:
    """A question, the article that answers it (None: none does), and the passages that were found for it."""

    question: str
    language: str
    wanted: str | None
    found: list[tuple[str, offline.Passage]]

    @property
    def is_answered(self) -> bool:
        return offline.answer(self.question, [passage for _, passage in self.found[:5]], self.language) is not None

    def finds_within(self, rank: int) -> bool:
        return self.wanted in [slug for slug, _ in self.found[:rank]]


class Index:
    """What the database and Chroma do, in memory."""

    def __init__(self, folder: Path) -> None:
        self.rows = [(path.stem, title, piece, chunk.searchable(title, piece.heading, piece.text, tags.split(", ")))
                     for path in sorted(folder.glob("*/*.md"))
                     for title, tags, body in _FRONT.findall(path.read_text("utf-8"))
                     for piece in chunk.chunks(body, title)]
        self.weights = [stems.term_weights(text) for *_, text in self.rows]
        self.having = Counter(stem for weights in self.weights for stem in weights)

    @cached_property
    def vectors(self) -> np.ndarray:
        return HashEmbedder().embed([text for *_, text in self.rows])

    def search(self, question: str) -> list[tuple[str, offline.Passage]]:
        asked = list(dict.fromkeys(stems.stems(question)))
        idfs = {stem: stems.idf(len(self.rows), self.having[stem]) for stem in asked}
        words = {str(number): score for number, weights in enumerate(self.weights)
                 if (score := sum(idfs[stem] * weights[stem] for stem in asked if stem in weights))}
        cosines = self.vectors @ HashEmbedder().embed([question])[0]
        nearest = {str(number): max(0.0, float(cosines[number])) for number in np.argsort(-cosines)[:40]}
        return [self._passage(hit, asked, idfs) for hit in fuse.fuse(words, nearest)[:5]]

    def _passage(self, hit: fuse.Hit, asked: list[str], idfs: dict[str, float]) -> tuple[str, offline.Passage]:
        slug, title, piece, text = self.rows[int(hit.key)]
        return slug, offline.Passage(title, piece.text, fuse.evidence(asked, idfs, stems.stems(text), hit), hit.score)


@pytest.fixture(scope="module")
def everything(root: Path) -> list[Asked]:
    content = root / "scripts/demo/content"
    index = Index(content / "articles")
    told = json.loads((content / "questions.json").read_text("utf-8"))
    return [Asked(one["question"], one["language"], one["slug"], index.search(one["question"])) for one in told]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_right_article_is_found(everything: list[Asked], language: str) -> None:
    known = [asked for asked in everything if asked.language == language and asked.wanted]
    first, third = (sum(asked.finds_within(rank) for asked in known) / len(known) for rank in (1, 3))
    assert len(known) >= 50
    assert first >= 0.70 and third >= 0.84, f"recall@1 {first:.2f}, recall@3 {third:.2f}"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_question_that_no_article_answers_goes_to_a_person(everything: list[Asked], language: str) -> None:
    unknown = [asked for asked in everything if asked.language == language and asked.wanted is None]
    answered = [asked.question for asked in unknown if asked.is_answered]
    assert len(unknown) >= 20 and len(answered) <= 2, answered


def test_half_of_what_is_known_is_answered_and_rarely_from_another_article(everything: list[Asked]) -> None:
    answered = [asked for asked in everything if asked.wanted and asked.is_answered]
    wrong = [asked.question for asked in answered if asked.found[0][0] != asked.wanted]
    assert len(answered) - len(wrong) >= 50 and len(wrong) <= 10, wrong


def test_a_passage_is_about_as_long_as_the_weights_assume(root: Path) -> None:
    index = Index(root / "scripts/demo/content/articles")
    lengths = [len(stems.stems(text)) for *_, text in index.rows]
    assert abs(sum(lengths) / len(lengths) - stems.AVERAGE) < 5
