"""Text from outside, made safe to store and to show."""

import time
import unicodedata

import pytest
from hypothesis import given, strategies

from hub.lib import text


@pytest.mark.parametrize(("given_", "kept"), [
    ("", ""), ("  Привет  ", "Привет"), ("a\x00b\x07c\x1b[31m", "abc[31m"), ("a\u202eb\u2066c", "abc"),
    ("one\r\ntwo\rthree", "one\ntwo\nthree"), ("a\tb", "a\tb"), ("e\u0301", "\u00e9"), ("\ud800", "?"),
    ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"), ("\u200e\u200fשלום", "\u200e\u200fשלום"),
    ("e" + "\u0301" * 1000, "\u00e9" + "\u0301" * 29), ("x\x7f\x9fy", "xy")])
def test_it_takes_out_what_breaks_pages_and_databases_and_keeps_what_people_write(given_: str, kept: str) -> None:
    assert text.clean(given_) == kept


@given(strategies.text(strategies.characters(exclude_categories=()), max_size=60))
def test_cleaning_twice_changes_nothing_more(whole: str) -> None:
    once = text.clean(whole)
    assert text.clean(once) == once
    assert once.encode("utf-8").decode("utf-8") == once
    assert "\x00" not in once
    assert unicodedata.is_normalized("NFC", once)


@given(strategies.text(max_size=60), strategies.integers(1, 40))
def test_a_line_is_one_line_of_at_most_that_length(whole: str, limit: int) -> None:
    line = text.one_line(whole, limit)
    assert len(line) <= limit
    assert "\n" not in line and "\t" not in line


def test_a_line_joins_what_was_written_on_several() -> None:
    assert text.one_line(" one\n two \t three ") == "one two three"


@pytest.mark.parametrize(("whole", "limit", "short"), [
    ("short", 5, "short"), ("longer text", 7, "longer…"), ("ab", 1, "…"), ("", 3, ""), ("one two", 5, "one…")])
def test_it_shortens_with_an_ellipsis(whole: str, limit: int, short: str) -> None:
    assert text.shorten(whole, limit) == short
    assert len(text.shorten(whole, limit)) <= limit


@pytest.mark.parametrize(("name", "initials"), [
    ("Anna Petrova", "AP"), ("вера", "В"), ("", "?"), ("  ", "?"), ("Ada King Lovelace", "AK"),
    ("\U0001f382 cake", "\U0001f382C")])
def test_initials_are_two_capitals_at_most(name: str, initials: str) -> None:
    assert text.initials(name) == initials


def test_a_megabyte_of_marks_is_cleaned_at_once() -> None:
    began = time.thread_time()
    text.clean("e" + "\u0301\u0323" * 250_000)
    assert time.thread_time() - began < 2


@pytest.mark.parametrize("whole", [
    "", " \t\n", "\u200b\u200b", "\u2060", "\u3164", "\u2800", "\ufeff", "\u00ad", "\u200e\u202e",
    "\u115f\u1160", "\uffa0", "\u180e", "\ufe0f\u200d", "\U000e0001", "\U0001d159", "\x00\x1b"])
def test_what_nobody_sees_is_blank_and_cleans_to_nothing(whole: str) -> None:
    assert text.is_blank(whole)
    assert text.clean(whole) == text.one_line(whole) == ""


@pytest.mark.parametrize("whole", [
    "a", "\u200bа", ".", "\U0001f468\u200d\U0001f469", "\u0301", "\U0001f1ea\U0001f1ea", "0"])
def test_what_somebody_sees_is_not_blank(whole: str) -> None:
    assert not text.is_blank(whole) and text.clean(whole) != ""


@pytest.mark.parametrize(("one", "other"), [
    ("ЁЛКИНА", "елкина"), ("Екатерина", "ЕКАТЕРИНА"), ("е\u0308лка", "Елка"), ("ﬁne", "FINE"), ("Ｋａｔｅ", "kate"),
    ("бур\u00adмо\u200bлётик", "бурмолетик"), ("и\u0306од", "ЙОД"), ("Straße", "STRASSE"), ("a \u00a0\n b", "A B"),
    ("İstanbul", "istanbul"), ("Σίσυφος", "ΣΊΣΥΦΟΣ"), ("①", "1"), ("\u202eкот\u202c", "Кот"), ("чай–кофе", "чай-кофе")])
def test_folding_makes_the_same_of_what_people_take_for_the_same(one: str, other: str) -> None:
    assert text.fold(one) == text.fold(other)


@given(strategies.text(strategies.characters(exclude_categories=["Cs"]), max_size=60))
def test_folding_twice_changes_nothing_more(whole: str) -> None:
    once = text.fold(whole)
    assert text.fold(once) == once


@pytest.mark.parametrize(("one", "other"), [("й", "и"), ("кот", "код"), ("7", "8"), ("a b", "ab")])
def test_folding_leaves_apart_what_is_apart(one: str, other: str) -> None:
    assert text.fold(one) != text.fold(other)


def test_words_are_folded_each_once_and_not_without_end() -> None:
    assert text.words("Ссылки: тут, ТУТ и там! Ёж_ёж") == ["ссылки", "тут", "и", "там", "еж"]
    assert text.words("x" * 100) == ["x" * 64]
    assert len(text.words(" ".join(map(str, range(5000))))) == 2000
