"""Drafts of articles say what was answered, in the reader's language, and not a word more."""

from typing import Any

import pytest

from hub.models.accounts.onboarding import OnboardingStep
from hub.services.accounts.onboarding_drafts import drafts
from hub.services.accounts.onboarding_texts import ARTICLES

BAKERY = {
    "BUSINESS": {"about": "Печём хлеб и торты на заказ", "address": "Казань, ул. Баумана, 5",
                 "phone": "+7 843 200-10-20", "hoursStart": "08:00", "hoursEnd": "20:00", "days": "По будням"},
    "PRODUCTS": {"offer": "Ржаной хлеб — 120 ₽\nТорт «Прага» — 1 900 ₽"},
    "POLICIES": {"delivery": "Возим по городу курьером", "deliveryCost": 300, "pickup": True,
                 "payment": ["картой", "наличными"], "returns": "Вернём деньги в день покупки",
                 "warranty": "", "gift": "Заворачиваем в подарок бесплатно"},
    "KB": {"questions": "Есть ли торты без сахара?\nДа, два вида.\n\nЭто вопрос без ответа\n\nПекут ли ночью?\nНет."},
}


def made(answers: Any, language: str = "ru") -> dict[str, Any]:
    return {draft.doc_type: draft for draft in drafts(answers, language, "Пекарня")}


def test_each_subject_that_was_answered_has_an_article_and_no_other() -> None:
    assert list(made(BAKERY)) == ["about", "hours", "products", "delivery", "payment", "returns", "conditions", "faq"]
    assert made({}) == {} and made({"POLICIES": {"returns": "  "}}) == {}


def test_an_article_says_what_was_answered_under_headings_that_customers_look_for() -> None:
    found = made(BAKERY)
    assert found["hours"].title == "Часы работы и контакты"
    assert found["hours"].content == ("## Часы работы\n\nМы работаем: По будням с 08:00 до 20:00\n\n## Адрес\n\n"
                                      "Наш адрес: Казань, ул. Баумана, 5\n\n## Телефон\n\n"
                                      "Наш телефон: +7 843 200-10-20")
    assert found["delivery"].content == ("## Как мы доставляем\n\nВозим по городу курьером.\n\n"
                                         "## Стоимость доставки\n\nСтоимость доставки: 300\n\n"
                                         "## Самовывоз\n\nСамовывоз: да.")
    assert found["payment"].content == "## Как можно оплатить\n\nКартой, наличными."
    assert found["about"].title == "О компании Пекарня"
    assert found["products"].content.endswith("Ржаной хлеб — 120 ₽\nТорт «Прага» — 1 900 ₽"), "lists stay lists"


def test_what_no_article_asks_for_is_kept_in_the_words_of_who_answered() -> None:
    assert made(BAKERY)["conditions"].content == "Заворачиваем в подарок бесплатно."


def test_questions_with_an_answer_become_an_article_of_their_own() -> None:
    assert made(BAKERY)["faq"].content == ("## Есть ли торты без сахара?\n\nДа, два вида.\n\n"
                                           "## Пекут ли ночью?\n\nНет.")


def test_in_english_the_words_around_the_answers_are_english() -> None:
    found = made({"BUSINESS": {"working_hours_start": "00:00", "working_hours_end": "00:00", "email": "a@shop.example"},
                  "POLICIES": {"delivery_time": "two days"}}, "en")
    assert found["hours"].content == ("## Opening hours\n\nWe are open: round the clock.\n\n## E-mail\n\n"
                                      "Our e-mail address: a@shop.example")
    assert found["delivery"].content == "## Delivery time\n\nDelivery takes: two days."


@pytest.mark.parametrize("wrong", [None, 7, [], "text", {"delivery": None}, {"delivery": {"a": [1]}}, {"x": [[{}]]},
                                   {"delivery": ["\u202e", None]}, {"returns": float("inf")}])
def test_what_a_program_stores_oddly_makes_no_article_and_breaks_nothing(wrong: Any) -> None:
    found = made({"POLICIES": wrong, "BUSINESS": wrong, "KB": wrong})
    assert set(found) <= {"returns"}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_article_and_every_section_has_its_words_in_both_languages(language: str) -> None:
    for article in ARTICLES:
        words = [article.title, article.tags, *(word for part in article.parts
                                                for word in (part.heading, part.question, part.text))]
        assert all(word.of(language) for word in words)
        assert article.step in OnboardingStep
    assert len({article.kind for article in ARTICLES}) == len(ARTICLES)
