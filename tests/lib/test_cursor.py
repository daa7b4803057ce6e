"""Keys of pages: what goes in comes out, and nothing else is taken."""

from typing import Any

import pytest
from hypothesis import given, strategies

from hub.errors import BadInput
from hub.lib import cursor

NUMBERS = strategies.integers(-(2**63) + 1, 2**63 - 1)


@given(strategies.lists(NUMBERS, min_size=1, max_size=4))
def test_numbers_come_back(values: list[int]) -> None:
    assert cursor.decode(cursor.encode(values), *[int] * len(values)) == values


@given(strategies.text(strategies.characters(exclude_categories=["Cs"], exclude_characters="\x00")), NUMBERS)
def test_texts_come_back(text: str, number: int) -> None:
    assert cursor.decode(cursor.encode([text, number]), str, int) == [text, number]


def test_a_key_can_stand_in_an_address() -> None:
    assert cursor.encode(["я?&/+ =", 1]).isascii()
    assert set(cursor.encode(["я?&/+ =", 1])) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(strategies.text(max_size=40))
def test_nonsense_is_refused_and_never_breaks(word: str) -> None:
    try:
        assert isinstance(cursor.decode(word, int)[0], int)
    except BadInput as error:
        assert error.details == {"field": "after"}


@pytest.mark.parametrize(("value", "kinds"), [
    ([1], (str,)), (["1"], (int,)), ([1, 2], (int,)), ([], (int,)), ([True], (int,)), ([1.0], (int,)), ([None], (int,)),
    ([[1]], (int,)), ([2**63], (int,)), (["\x00"], (str,))])
def test_values_of_other_kinds_are_refused(value: list[Any], kinds: tuple[type, ...]) -> None:
    with pytest.raises(BadInput):
        cursor.decode(cursor.encode(value), *kinds)
