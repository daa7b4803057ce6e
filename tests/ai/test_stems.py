"""Words as search knows them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.ai import stems


@pytest.mark.parametrize(("one", "other"), [
    ("кроссовки", "кроссовок"), ("палатка", "палатками"), ("куртки", "курток"), ("Ёлка", "елки"),
    ("delivery", "Deliveries"),
    ("shipping", "ship"), ("вернуть", "возврат"), ("оплатить", "оплата"), ("заказ", "закажу"), ("paid", "payment"),
    ("broke", "broken"), ("what's the price", "the prices"), ("wi-fi", "WiFi"), ("e-mail", "email"),
    ("pre-order", "preorder"), ("12 500 ₽", "12500 руб")])
def test_forms_of_one_word_share_a_stem(one: str, other: str) -> None:
    assert set(stems.stems(one)) & set(stems.stems(other))


@pytest.mark.parametrize(("one", "other"), [
    ("доставка", "гарантия"), ("возврат", "обмен"), ("price", "prize"), ("1.5", "15"), ("5W-30", "5W-40")])
def test_different_words_do_not(one: str, other: str) -> None:
    assert stems.stems(one)[0] != stems.stems(other)[0]


def test_both_languages_in_one_text_have_their_own_rules() -> None:
    assert stems.stems("Палатки Ladoga delivered") == ["палатк", "ladoga", "deliveri"]


def test_words_of_grammar_and_of_asking_are_dropped() -> None:
    assert stems.stems("Подскажите, пожалуйста, а сколько у вас это?") == []
    assert stems.stems("could you please tell, what is it") == ["tell"]


def test_numbers_and_part_numbers_stay_findable_whole_and_in_parts() -> None:
    assert stems.stems("масло 5W-30, 1,5 л") == ["масл", "5w30", "5w", "30", "1.5", "л"]
    assert stems.stems("10–14 дней, 500мл, 12.05.2026") == ["10", "14", "дне", "500мл", "500", "мл", "12", "05", "2026"]


def test_repetitions_and_the_order_of_the_text_are_kept() -> None:
    assert stems.stems("лодка, весло, лодка") == ["лодк", "весл", "лодк"]


@given(st.text(max_size=300))
def test_any_text_gives_short_lower_case_stems(text: str) -> None:
    for stem in stems.stems(text):
        assert stem and len(stem) <= stems.LONGEST and " " not in stem


def test_a_weight_grows_with_repetition_but_less_and_less() -> None:
    once, twice, often = (stems.term_weights("лодка " * count + "море " * (50 - count))["лодк"] for count in (1, 2, 10))
    assert once < twice < often < stems.K1 + 1
    assert twice - once > (often - twice) / 8


def test_the_same_word_weighs_more_in_a_short_text() -> None:
    assert stems.term_weights("лодка")["лодк"] > stems.term_weights("лодка " + "море " * 200)["лодк"]


def test_the_weight_is_bm25_for_a_text_of_average_length() -> None:
    text = " ".join(["лодка"] * 2 + ["море"] * int(stems.AVERAGE - 2))
    assert stems.term_weights(text)["лодк"] == pytest.approx(2 * 2.2 / (2 + 1.2))


def test_rare_stems_tell_more_and_unknown_ones_most() -> None:
    assert stems.idf(100, 0) > stems.idf(100, 1) > stems.idf(100, 50) > stems.idf(100, 100) > 0
    assert stems.idf(100, 1) == pytest.approx(math.log(1 + 99.5 / 1.5))


def test_an_index_of_one_passage_still_ranks() -> None:
    assert stems.idf(1, 1) > 0 and stems.idf(0, 0) > 0
