"""The demo business says the same in both languages, everywhere, and its questions point at real answers."""

import re
from collections import Counter

import pytest

from scripts.demo import content
from scripts.demo.content import Article

LANGUAGES = ("ru", "en")
CATEGORIES = {"faq", "policy", "shipping", "returns", "general"}
PHONE = "8 800 000-01-40"
RU = {a.slug: a for a in content.articles("ru")}
EN = {a.slug: a for a in content.articles("en")}


def figures(text: str, language: str) -> Counter[str]:
    """Every figure in a text, in one spelling: "7 000" and "7,000" are 7000, "1,4" and "1.4" are 1.4."""
    text = text.replace(PHONE, "")
    if language == "ru":
        text = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", text)
        text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    else:
        text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    return Counter(re.findall(r"\d+(?:[.:]\d+)?", text))


def test_it_has_the_same_forty_articles_in_both_languages() -> None:
    assert len(RU) == 40
    assert RU.keys() == EN.keys()
    assert all(RU[slug].category == EN[slug].category for slug in RU)


@pytest.mark.parametrize("article", [*RU.values(), *EN.values()], ids=lambda a: f"{a.language}-{a.slug}")
def test_an_article_is_complete_and_of_readable_length(article: Article) -> None:
    assert article.title and article.category in CATEGORIES and article.tags
    assert 120 <= len(re.findall(r"\w[\w\-–.,@]*", article.text)) <= 350
    assert not article.text.startswith("# ")  # the title is in the front matter


@pytest.mark.parametrize("slug", RU)
def test_an_article_names_the_same_figures_in_both_languages(slug: str) -> None:
    assert figures(RU[slug].text, "ru") == figures(EN[slug].text, "en")


def test_front_matter_values_may_hold_a_colon() -> None:
    assert EN["shops"].title == "Our shops: addresses and hours"
    assert EN["shops"].tags[0] == "shop"


@pytest.mark.parametrize(("figure", "slugs"), [
    ("30 000 ₽", ("payment-methods", "pickup-points", "store-pickup")),
    ("30 дней", ("returns", "size-exchange", "gift-cards", "international-delivery", "wrong-item")),
    ("300 баллов", ("delivery-cost", "complaints", "order-cancel", "wrong-item")),
    ("24 часа", ("payment-methods", "sbp-payment", "order-cancel")),
    ("Гранитный пер., 5", ("shops", "store-pickup", "repair-service")),
    (PHONE, ("contact-hours", "complaints", "shops")),
])
def test_articles_that_share_a_rule_agree_on_it(figure: str, slugs: tuple[str, ...]) -> None:
    assert [slug for slug in slugs if figure not in RU[slug].text] == []


def test_it_has_thirty_goods_in_both_languages() -> None:
    goods = content.products()
    assert len({item["sku"] for item in goods}) == len(goods) == 30
    for item in goods:
        assert item["currency"] == "RUB" and item["price"] > 0
        assert all(words[language] for words in (item["name"], item["description"], item["category"])
                   for language in LANGUAGES)
        assert item["old_price"] is None or item["old_price"] > item["price"]
        assert item["preorder_days"] is None or not item["in_stock"]


def test_a_description_names_the_same_figures_in_both_languages() -> None:
    for item in content.products():
        ru, en = (figures(item["description"][language], language) for language in LANGUAGES)
        assert ru == en, item["sku"]


@pytest.mark.parametrize(("slug", "goods"), [
    ("choose-tent", ("VR-TS-01", "VR-TS-02", "VR-TS-03")),
    ("choose-backpack", ("VR-BP-01", "VR-BP-02", "VR-BP-03")),
])
def test_advice_names_the_catalogue_price(slug: str, goods: tuple[str, ...]) -> None:
    prices = {item["sku"]: str(item["price"]) for item in content.products()}
    assert [sku for sku in goods if prices[sku] not in figures(EN[slug].text, "en")] == []


def test_only_the_item_that_pre_order_names_can_be_pre_ordered() -> None:
    [item] = [item for item in content.products() if item["preorder_days"]]
    assert item["name"]["en"].removesuffix(" Backpack") in EN["pre-order"].text
    assert f"{item['preorder_days']} дней" in item["description"]["ru"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_are_fifty_with_an_answer_and_twenty_without(language: str) -> None:
    asked = [q for q in content.questions() if q["language"] == language]
    assert Counter(bool(q["slug"]) for q in asked) == {True: 50, False: 20}
    assert {q["slug"] for q in asked if q["slug"]} <= RU.keys()
    assert len({q["question"] for q in asked}) == 70


def test_every_article_answers_some_question() -> None:
    assert {q["slug"] for q in content.questions() if q["slug"]} == RU.keys()


def test_the_business_has_its_people_and_an_agent_who_admits_to_be_one() -> None:
    business = content.business()
    assert Counter(person["role"] for person in business["staff"]) == {"owner": 1, "operator": 2, "viewer": 1}
    assert "ИИ" in business["agent"]["greeting"]["ru"] and "AI" in business["agent"]["greeting"]["en"]
    assert (business["hours"]["start"], business["hours"]["end"]) == ("09:00", "21:00")
    assert all("9:00–21:00" in articles["contact-hours"].text for articles in (RU, EN))
