"""The reader of a partial object says what `json` says, wherever the object was cut."""

import json

from hypothesis import given
from hypothesis import strategies as st

from hub.ai.json_text import PartialJson, repair

_texts = st.text(st.characters(codec=None), max_size=40)
_values = st.recursive(st.none() | st.booleans() | st.integers() | _texts,
                       lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
                       max_leaves=8)
_objects = st.dictionaries(_texts, _values, max_size=5)


def fed(document: str, sizes: list[int]) -> PartialJson:
    partial, at = PartialJson(), 0
    for size in [*sizes, len(document)]:
        partial.feed(document[at:at + size])
        at += size
    return partial


def strings_of(said: dict[str, object]) -> dict[str, str]:
    return {repair(name): repair(value) for name, value in said.items() if isinstance(value, str)}


@given(_objects, st.booleans(), st.sampled_from([None, 2]), st.lists(st.integers(1, 9), max_size=30))
def test_it_reads_what_json_reads(said: dict[str, object], is_ascii: bool, indent: int | None,
                                  sizes: list[int]) -> None:
    document = json.dumps(said, ensure_ascii=is_ascii, indent=indent)
    partial = fed(document, sizes)
    # Two names that differ only in a lone surrogate are one after mending; json keeps the last, so do we.
    assert partial.texts == strings_of(json.loads(document))
    assert partial.complete == set(partial.texts)


@given(st.text(max_size=60), st.booleans())
def test_after_every_character_the_text_is_a_beginning_of_the_whole(text: str, is_ascii: bool) -> None:
    document = json.dumps({"action": "answer", "sources": [1], "text": text}, ensure_ascii=is_ascii)
    partial, shown = PartialJson(), ""
    for char in document:
        partial.feed(char)
        now = partial.texts.get("text", "")
        assert now.startswith(shown) and repair(text).startswith(now)
        shown = now
    assert shown == repair(text)


@given(st.text(max_size=200))
def test_no_text_whatever_makes_it_fail(noise: str) -> None:
    PartialJson().feed(noise)
    PartialJson().feed('{"text": "' + noise)


@given(_objects, st.data())
def test_what_follows_the_object_changes_nothing(said: dict[str, object], data: st.DataObject) -> None:
    document = json.dumps(said)
    partial = fed(document + data.draw(st.text(max_size=20)), [])
    assert partial.texts == strings_of(json.loads(document))


def test_a_pair_of_surrogates_appears_only_when_both_halves_are_there() -> None:
    partial, seen = PartialJson(), []
    for piece in ('{"text": "a', "\\ud8", "3d", "\\u", "de00", "!"):
        partial.feed(piece)
        seen.append(partial.texts["text"])
    assert seen == ["a", "a", "a", "a", "a😀", "a😀!"]


def test_a_lone_half_becomes_a_replacement_character() -> None:
    partial = fed(r'{"text": "a\ud83d b\ude00"}', [3, 4, 2])
    assert partial.texts == {"text": "a\ufffd b\ufffd"}


def test_names_and_nested_texts_are_no_texts() -> None:
    partial = fed('{"deep": {"text": "no"}, "list": ["no", {"text": "no"}], "text": "yes"}', [5] * 10)
    assert partial.texts == {"text": "yes"}


def test_prose_and_a_fence_before_the_object_are_passed_over() -> None:
    assert fed('Here:\n```json\n{"text": "yes"}\n```', [4] * 5).texts == {"text": "yes"}


def test_it_stops_at_what_is_no_json() -> None:
    assert fed(r'{"text": "good \x bad", "action": "answer"}', []).texts.get("action") is None
