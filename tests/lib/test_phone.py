"""Telephone numbers: the same whoever types them and however."""

import pytest

from hub.lib import phone


@pytest.mark.parametrize("typed", [
    "+7 (912) 345-67-89", "8 912 345 67 89", "89123456789", "＋7 (912) 345-67-89", "7.912.345.67.89",
    "+7\u00a0912\u2011345\u201167\u201189", "٧٩١٢٣٤٥٦٧٨٩"])
def test_a_number_is_its_digits(typed: str) -> None:
    assert phone.digits(typed) == "79123456789"


@pytest.mark.parametrize(("typed", "found"), [
    ("", ""), ("no number", ""), ("+372 5123 4567", "37251234567"), ("8 800", "8800")])
def test_other_numbers_keep_what_they_have(typed: str, found: str) -> None:
    assert phone.digits(typed) == found


@pytest.mark.parametrize(("typed", "found"), [
    ("345-67", ["34567"]), ("8 (912)", ["8912", "7912"]), ("8 912 345 67 89", ["79123456789"]), ("+7 912", ["7912"]),
    ("12", []), ("room 912", []), ("", []), ("9 мая", []), ("²³⁴", ["234"])])
def test_a_search_text_is_a_part_of_a_number_or_none(typed: str, found: list[str]) -> None:
    assert phone.looked_for(typed) == found
