"""Two rankings made one, and whether the best passage answers the question at all."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

# Below this certainty nobody is answered without a model; a person is called instead. Chosen on the demo's 140
# questions (tests/ai/test_recall.py measures it) on the side of handing over.
ENOUGH = 0.31
# How far, as a share of its score, the best passage must be ahead of the best one of another document to be trusted.
_AHEAD = 0.2
# Two stems are taken for one mistyped word when their letter triples agree at least this much (Dice).
_ALIKE = 0.6


@dataclass(frozen=True)
class Hit:
    """A passage with its fused score (0..1+vector weight), its BM25 score and its cosine as they were."""

    key: str
    score: float
    lexical: float
    vector: float


def fuse(lexical: Mapping[str, float], vector: Mapping[str, float], vector_weight: float = 0.5) -> list[Hit]:
    """Best first: each score divided by the largest of its kind, then a weighted sum. Ranks would lose how much better
    the best one is (reciprocal-rank fusion measured worse than BM25 alone)."""
    words, nearness = (max(scores.values(), default=0.0) or 1.0 for scores in (lexical, vector))
    hits = [Hit(key, lexical.get(key, 0.0) / words + vector_weight * (vector.get(key, 0.0) / nearness),
                lexical.get(key, 0.0), vector.get(key, 0.0)) for key in lexical.keys() | vector.keys()]
    return sorted(hits, key=lambda hit: (-hit.score, hit.key))


def coverage(asked: Sequence[str], idfs: Mapping[str, float], said: Collection[str]) -> float:
    """Share of the question, 0..1, that the passage holds, telling stems counting more; an almost equal stem counts in
    part. A stem without an idf is one that no passage holds: it counts as the most telling one."""
    most = max(idfs.values(), default=1.0)
    whole = sum(idfs.get(stem, most) for stem in asked)
    held = sum(idfs.get(stem, most) * _held(stem, said) for stem in asked)
    return held / whole if whole else 0.0


def evidence(asked: Sequence[str], idfs: Mapping[str, float], said: Collection[str], hit: Hit) -> float:
    """0..1: does this passage answer? The geometric mean of coverage and cosine, for either alone is easily fooled,
    halved when only one of several stems is there: one word in common is an accident."""
    passage = frozenset(said)
    found = sum(_held(stem, passage) > 0 for stem in asked)
    shared = min(1.0, found / min(2, len(asked))) if asked else 0.0
    return shared * math.sqrt(coverage(asked, idfs, passage) * max(0.0, min(1.0, hit.vector)))


def certainty(found: float, score: float, next_score: float) -> float:
    """0..1: how sure it is to answer with a passage of this evidence and fused score when the best passage of another
    document scores `next_score`. Where two documents are equally near, the question was not understood."""
    lead = 1 - next_score / score if score > 0 else 0.0
    return found * math.sqrt(max(0.0, min(1.0, lead / _AHEAD)))


def _held(stem: str, said: Collection[str]) -> float:
    return 1.0 if stem in said else max((_alike(stem, other) for other in said), default=0.0)


def _alike(one: str, other: str) -> float:
    if abs(len(one) - len(other)) > 3 or min(len(one), len(other)) < 4 or one.isdigit() or other.isdigit():
        return 0.0
    first, second = _triples(one), _triples(other)
    dice = 2 * len(first & second) / (len(first) + len(second))
    return dice if dice >= _ALIKE else 0.0


@lru_cache(maxsize=20_000)
def _triples(stem: str) -> frozenset[str]:
    edged = f"<{stem}"
    return frozenset(edged[start:start + 3] for start in range(len(edged) - 2))
