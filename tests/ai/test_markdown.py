"""Markdown as plain text and as statements."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.ai.markdown import plain, sentences, statements


@pytest.mark.parametrize(("text", "shown"), [
    ("**Жирный** и *курсив*, __так__ и _так_", "Жирный и курсив, так и так"),
    ("# Заголовок\nТекст", "Заголовок\nТекст"), ("> цитата", "цитата"), ("`код` и ```\nблок\n```", "код и ```\nблок"),
    ("[сайт](https://shop.ru)", "сайт (https://shop.ru)"), ("[https://a.ru](https://a.ru)", "https://a.ru"),
    ("<https://shop.ru>", "https://shop.ru"), ("[сайт][1]\n\n[1]: https://evil.ru", "сайт"),
    ("![котик](https://evil.ru/x.png)", "котик"), ("Да [1], нет [2, 3].", "Да, нет."),
    ("* раз\n+ два\n- три", "- раз\n- два\n- три"), ("1. раз\n2. два", "1. раз\n2. два"),
    ("5 * 3 * 2 = 30", "5 * 3 * 2 = 30"), ("snake_case_name и 2_000", "snake_case_name и 2_000"),
    ("<script>alert(1)</script>да", "alert(1)да"), ("a < b и c > d", "a < b и c > d"),
    ("раз\n\n\n\n\nдва", "раз\n\nдва"),
    ("---\nпосле черты", "после черты")])
def test_only_the_words_are_left(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_table_becomes_lines_that_can_be_read_without_it() -> None:
    table = "Цены:\n\n| Куда | Цена | Срок |\n|:---|---:|---|\n| Москва | 390 ₽ | 2 дня |\n| Урал | — | |\n\nВсё."
    assert plain(table) == "Цены:\n\nМосква: Цена — 390 ₽; Срок — 2 дня.\nУрал\n\nВсё."


def test_a_line_with_a_bar_is_not_a_table() -> None:
    assert plain("да | нет") == "да | нет"


@given(st.text(max_size=300))
def test_plain_text_never_fails_and_never_carries_an_image(text: str) -> None:
    assert "![](" not in plain(text + "![](http://a)")


def test_sentences_end_where_they_end() -> None:
    assert sentences("Мы на ул. Лодейной, д. 5. Работаем с 10 до 18! Ждём… Приходите") == [
        "Мы на ул. Лодейной, д. 5.", "Работаем с 10 до 18!", "Ждём…", "Приходите"]
    assert sentences("It costs 1.5 kg. See St. Petersburg. OK?") == ["It costs 1.5 kg.", "See St. Petersburg.", "OK?"]


def test_every_statement_stands_by_itself_under_its_heading() -> None:
    text = ("Отправляем из Петрозаводска. Цена зависит\nот региона.\n\n"
            "| Куда | Цена |\n|---|---|\n| Сибирь | 690 ₽ |\n\n"
            "## Бесплатно\n\n- От **7 000 ₽**.\n- Курьером\n  от 12 000 ₽")
    assert statements(text) == [
        ("", "Отправляем из Петрозаводска."), ("", "Цена зависит от региона."), ("", "Сибирь: Цена — 690 ₽."),
        ("Бесплатно", "От 7 000 ₽."), ("Бесплатно", "Курьером от 12 000 ₽")]


def test_nothing_has_no_statements() -> None:
    assert statements("") == [] and statements("## Only a heading\n") == []
