"""What a model's answer may not say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.ai import guard, prompts

SOURCE = """Доставка по Москве 390 ₽, 2–3 дня, от 12 000 ₽ бесплатно. Скидка 5–7 %. Вес 1,5 кг. Пять магазинов.
Телефон +7 (495) 123-45-67, почта help@shop.ru, сайт https://shop.ru/delivery?city=1. Работаем с 10 до 18:30.
Returns within two weeks. Размер 12,500 мм."""

BORNE_OUT = [
    "390 ₽", "390 рублей", "12000 ₽", "12 000 руб.", "12\u00a0000 ₽", "12.000 рублей", "5%", "7 процентов",
    "1.5 кг", "12500 мм", "5 магазинов", "2 weeks", "с 10:00 до 18:30", "8 495 123-45-67", "84951234567",
    "+74951234567", "help@shop.ru", "HELP@SHOP.RU", "https://shop.ru/delivery?city=1", "www.shop.ru",
    "shop.ru/delivery", "Заказ 104512",
    "1. Первый шаг.\n2. Второй.\n3. Третий.", "Т.е. так и т.д. Хорошо.", "Yes, e.g. tomorrow.", "",
]


@pytest.mark.parametrize("text", BORNE_OUT)
def test_what_stands_in_the_sources_or_the_question_may_be_said(text: str) -> None:
    assert guard.problems(text, [SOURCE], "где мой заказ 104512?") == []


WRONG = [
    ("400 ₽", "number"), ("за 4 дня", "number"), ("12 500 000 ₽", "number"), ("1.6 кг", "number"),
    ("с 9:00", "number"), ("до 18:45", "number"), ("в 10:30", "number"), ("6%", "percent"), ("390%", "percent"),
    ("390 $", "currency"), ("390 долларов", "currency"), ("+7 495 123-45-68", "phone"),
    ("8 (800) 555-35-35", "phone"), ("ceo@shop.ru", "email"), ("help@shop.com", "email"),
    ("https://evil.example/?q=secret", "link"), ("shop.ru.evil.com", "link"),
    ("https://shop.ru/delivery?city=12", "link"), ("https://shop.ru/account", "link"), ("t.me/evil", "link"),
    ("напишите на пример.рф", "link"), ("ftp://shop.ru", "link"), ("javascript:alert(1)", "link"),
    ("data:text/html,x", "link"), ("tel:112233", "link"), ("![картинка](https://shop.ru/delivery)", "markup"),
    ("[тут](https://shop.ru)", "markup"), ("[1]: https://shop.ru", "markup"), ("<img src=x>", "markup"),
    ("<b>да</b>", "markup"), ("sk-proj-abcdefghijklmnopqrstuv", "secret"),
    ("sk_live_abcdefghijklmnopqrstuv", "secret"), ("123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawx", "secret"),
    ("AKIAIOSFODNN7EXAMPLE", "secret"), ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "secret"),
    ("Authorization: Bearer abcdef0123456789abcdef", "secret"), ("да " * 1_001, "too_long"),
]


@pytest.mark.parametrize(("text", "code"), WRONG)
def test_what_stands_nowhere_may_not(text: str, code: str) -> None:
    assert code in guard.problems(f"Конечно:\n{text}", [SOURCE])


def test_a_fact_from_a_source_that_is_not_cited_does_not_count() -> None:
    assert guard.problems("Гарантия 2 года", ["Возврат 30 дней"]) == ["number"]
    assert guard.problems("Гарантия 2 года", ["Возврат 30 дней", "Гарантия два года"]) == []


def test_each_code_is_named_once() -> None:
    assert guard.problems("400 или 500, ещё 600", []) == ["number"]


def test_repeating_the_instructions_is_seen_in_any_spacing() -> None:
    line = max(prompts.instructions(), key=len)
    assert "secret" in guard.problems(line.upper().replace(" ", "  "), [])
    assert "secret" in guard.problems(f"My note: {prompts.MARK}", [])


@given(st.text(max_size=200))
def test_a_quotation_of_the_source_has_no_new_facts(text: str) -> None:
    found = guard.problems(text, [text])
    assert not set(found) & {"email", "phone", "percent", "currency", "number", "link"}


@given(st.integers(100, 10**7))
def test_an_invented_number_is_found_however_it_is_grouped(number: int) -> None:
    for text in (f"{number} ₽", f"{number:,} ₽".replace(",", " "), f"{number:,} ₽".replace(",", "\u00a0")):
        assert guard.problems(text, ["Цены в ₽ по запросу"]) in (["number"], ["phone"])


def test_clean_leaves_no_markdown_that_the_guard_would_refuse() -> None:
    said = guard.clean("**Да**, [сайт](https://shop.ru/delivery) [1]: 390 ₽ <br> `код`")
    assert said == "Да, сайт (https://shop.ru/delivery): 390 ₽  код"
    assert guard.problems(said, [SOURCE]) == []
