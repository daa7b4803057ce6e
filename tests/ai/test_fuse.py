"""Two rankings made one, and the evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.ai import fuse
from hub.ai.fuse import Hit

_scores = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.floats(0, 50), max_size=8)


def test_each_score_counts_as_its_share_of_the_best() -> None:
    hits = fuse.fuse({"a": 10.0, "b": 5.0}, {"b": 0.4, "c": 0.2})
    assert hits == [Hit("a", 1.0, 10.0, 0.0), Hit("b", 1.0, 5.0, 0.4), Hit("c", 0.25, 0.0, 0.2)]


def test_the_weight_of_the_vectors_decides_between_the_two() -> None:
    words, vectors = {"a": 10.0, "b": 9.0}, {"b": 0.5, "a": 0.1}
    assert [hit.key for hit in fuse.fuse(words, vectors, 0.0)] == ["a", "b"]
    assert [hit.key for hit in fuse.fuse(words, vectors, 0.5)] == ["b", "a"]


def test_one_ranking_alone_keeps_its_order() -> None:
    assert [hit.key for hit in fuse.fuse({"a": 1.0, "b": 3.0}, {})] == ["b", "a"]
    assert [hit.key for hit in fuse.fuse({}, {"a": 0.1, "b": 0.3})] == ["b", "a"]
    assert fuse.fuse({}, {}) == []


@given(_scores, _scores, st.floats(0, 2))
def test_everything_is_there_once_best_first_within_bounds(words: dict[str, float], vectors: dict[str, float],
                                                           weight: float) -> None:
    hits = fuse.fuse(words, vectors, weight)
    assert {hit.key for hit in hits} == words.keys() | vectors.keys() and len(hits) == len({hit.key for hit in hits})
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 1 + weight + 1e-9 for hit in hits)


def test_coverage_is_the_telling_share_of_the_question() -> None:
    idfs = {"лодк": 3.0, "цен": 1.0}
    assert fuse.coverage(["лодк", "цен"], idfs, ["лодк", "весл"]) == 0.75
    assert fuse.coverage(["лодк", "цен"], idfs, {"цен", "лодк"}) == 1.0
    assert fuse.coverage([], idfs, ["лодк"]) == 0.0


def test_a_stem_that_no_passage_holds_counts_most() -> None:
    assert fuse.coverage(["лодк", "космос"], {"лодк": 3.0}, ["лодк"]) == 0.5


def test_a_mistyped_word_counts_in_part_and_numbers_never_do() -> None:
    idfs = {"расрочк": 1.0}
    assert 0.6 <= fuse.coverage(["расрочк"], idfs, ["рассрочк"]) < 1
    assert fuse.coverage(["12500"], {"12500": 1.0}, ["12501"]) == 0.0
    assert fuse.coverage(["дом"], {"дом": 1.0}, ["дым"]) == 0.0


def test_evidence_needs_words_and_nearness_both() -> None:
    idfs, said = {"лодк": 3.0, "цен": 1.0}, ["лодк", "цен"]
    whole = fuse.evidence(["лодк", "цен"], idfs, said, Hit("a", 1.5, 9.0, 0.64))
    assert whole == pytest.approx(0.8)
    assert fuse.evidence(["лодк", "цен"], idfs, said, Hit("a", 1.5, 9.0, 0.0)) == 0.0
    assert fuse.evidence(["лодк", "цен"], idfs, ["море"], Hit("a", 1.5, 9.0, 0.64)) == 0.0


def test_one_word_in_common_is_an_accident_unless_it_was_the_only_one() -> None:
    hit = Hit("a", 1.5, 9.0, 1.0)
    assert fuse.evidence(["лодк", "цен"], {"лодк": 1.0, "цен": 1.0}, ["лодк"], hit) == pytest.approx(0.5 * 0.5 ** 0.5)
    assert fuse.evidence(["лодк"], {"лодк": 1.0}, ["лодк"], hit) == 1.0
    assert fuse.evidence([], {}, ["лодк"], hit) == 0.0


def test_certainty_falls_when_another_document_is_as_near() -> None:
    assert fuse.certainty(0.8, 1.5, 0.0) == 0.8
    assert fuse.certainty(0.8, 1.5, 1.2) == pytest.approx(0.8)
    assert fuse.certainty(0.8, 1.5, 1.425) == pytest.approx(0.4)
    assert fuse.certainty(0.8, 1.5, 1.5) == 0.0
    assert fuse.certainty(0.8, 0.0, 0.0) == 0.0
