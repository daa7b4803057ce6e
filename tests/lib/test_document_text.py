"""A document's text is what people read on its pages."""

import unicodedata

import pytest
from hypothesis import given, strategies

from hub.lib import document_text


@pytest.mark.parametrize(("printed", "read"), [
    ("ﬁnal oﬃce schiﬀ", "final office schiff"), ("Ｐａｒｌｅｙ ２４", "Parley 24"), ("𝐒𝐚𝐥𝐞", "Sale"), ("⾦", "金"),
    ("10² м² ½ № 5 ™ … €", "10² м² ½ № 5 ™ … €"), ("one\u2028two\x0cthree\x85four", "one\ntwo\nthree\nfour"),
    ("5\u00a0кг", "5\u00a0кг"), ("бур\u00adмо\u200bлётик", "бурмолётик"), ("a\ufeffb\u2060c\u180ed", "abcd"),
    ("می\u200cخواهم", "می\u200cخواهم"), ("\u2764\ufe0f", "\u2764\ufe0f"), ("hi\U000e0041\U000e0042", "hi"),
    ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
    ("\U0001f3f4\U000e0067\U000e0062\U000e007f", "\U0001f3f4\U000e0067\U000e0062\U000e007f")])
def test_print_and_invisible_signs_become_plain_words(printed: str, read: str) -> None:
    assert document_text.readable(printed) == read


def test_letters_in_two_parts_become_one() -> None:
    whole = "Заварочный чайник «Майский», ёж, déjà"
    assert document_text.readable(unicodedata.normalize("NFD", whole)) == whole


@given(strategies.text(strategies.characters(exclude_categories=()), max_size=60))
def test_reading_twice_changes_nothing_more(whole: str) -> None:
    once = document_text.readable(whole)
    assert document_text.readable(once) == once
