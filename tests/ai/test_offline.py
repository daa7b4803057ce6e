"""Answers without a model."""

import pytest

from hub.ai import fuse, offline
from hub.ai.offline import Passage

SHIPPING = """Отправляем заказы со склада. Цена зависит от региона и способа.

| Куда | Пункт выдачи | Курьер | Срок |
|---|---|---|---|
| Москва | 220 ₽ | 390 ₽ | 2–3 дня |
| Сибирь | 420 ₽ | 690 ₽ | 6–10 дней |

## Бесплатная доставка

- В пункт выдачи — при заказе от 7 000 ₽.
- Курьером — от 12 000 ₽."""
RETURNS = "Вещь можно вернуть в течение 30 дней. Деньги придут за 3 рабочих дня."


def said(question: str, *passages: Passage, language: str = "ru") -> str:
    quoted = offline.answer(question, passages, language)
    assert quoted is not None
    return quoted.text


def test_it_quotes_the_row_that_was_asked_for_and_names_the_source() -> None:
    text = said("сколько стоит доставка в Сибирь", Passage("Доставка", SHIPPING, 0.6, 1.5))
    assert text.startswith("Вот что об этом сказано в «Доставка»: ")
    assert "Сибирь: Пункт выдачи — 420 ₽; Курьер — 690 ₽; Срок — 6–10 дней." in text and "Москва" not in text


def test_quotation_marks_in_a_title_become_inner_ones() -> None:
    text = said("вернуть", Passage("Работа в «Вараке»", RETURNS, 0.6, 1.5))
    assert text.startswith("Вот что об этом сказано в «Работа в „Вараке“»: ")


def test_it_introduces_in_english_what_is_asked_in_english() -> None:
    text = said("returns", Passage("Returns", "You can return a thing within 30 days after you got it, for any reason."
                                              " Bring a card.", 0.6, 1.5), language="en")
    assert text == ("Here is what “Returns” says about it: You can return a thing within 30 days after you got it,"
                    " for any reason. Bring a card.")


def test_the_heading_above_a_statement_helps_to_find_it() -> None:
    text = said("с какой суммы бесплатно", Passage("Доставка", SHIPPING, 0.6, 1.5))
    assert "от 7 000 ₽" in text


def test_a_short_statement_is_followed_by_the_next() -> None:
    text = said("можно вернуть вещь?", Passage("Возврат", RETURNS, 0.6, 1.5))
    assert text.endswith("Вещь можно вернуть в течение 30 дней. Деньги придут за 3 рабочих дня.")


def test_who_asks_for_the_topic_itself_is_told_how_the_document_begins() -> None:
    later, first = (Passage("Гарантия", text, 0.6, 1.5, place) for text, place in (
        ("Осмотр занимает 10 дней.", 3), ("Гарантия на палатки 3 года. На куртки 2 года.", 0)))
    text = said("какая гарантия", later, first)
    assert text.endswith("Гарантия на палатки 3 года. На куртки 2 года.")


def test_it_never_quotes_a_wall_of_text() -> None:
    long = " ".join(f"Палатка номер {number} стоит на складе {'очень ' * 12}долго." for number in range(40))
    text = said("палатка номер 1 2 3 4 5 6 7 на складе", Passage("Палатки", long, 0.6, 1.5))
    assert len(text) < 650 and text.count("Палатка") <= 3


def test_without_a_word_in_common_with_any_statement_it_quotes_the_beginning() -> None:
    assert "Вещь можно вернуть" in said("ничего общего", Passage("Возврат", RETURNS, 0.6, 1.5))


@pytest.mark.parametrize("evidence", [0.0, fuse.ENOUGH - 0.01])
def test_thin_evidence_is_no_answer(evidence: float) -> None:
    assert offline.answer("вернуть", [Passage("Возврат", RETURNS, evidence, 1.5)], "ru") is None


def test_two_documents_that_are_equally_near_are_no_answer() -> None:
    passages = [Passage("Возврат", RETURNS, 0.6, 1.5), Passage("Обмен", "Обмен за 30 дней.", 0.6, 1.45)]
    assert offline.answer("вернуть", passages, "ru") is None
    assert offline.answer("вернуть", [passages[0], Passage("Обмен", "Обмен.", 0.6, 0.9)], "ru")


def test_it_tells_which_passage_the_words_are_from() -> None:
    passages = [Passage("Доставка", RETURNS, 0.6, 1.5, position=1), Passage("Доставка", SHIPPING, 0.5, 1.4)]
    quoted = offline.answer("сколько стоит доставка в Сибирь", passages, "ru")
    assert quoted is not None and "420 ₽" in quoted.text and quoted.source == 1


def test_two_passages_of_one_document_do_not_compete() -> None:
    assert offline.answer("вернуть", [Passage("Возврат", RETURNS, 0.6, 1.5)] * 2, "ru")


def test_nothing_found_is_no_answer() -> None:
    assert offline.answer("вернуть", [], "ru") is None
    assert offline.answer("вернуть", [Passage("Пусто", "", 0.9, 1.5)], "ru") is None
