"""The demo business in words and figures, Russian ("ru") and English ("en"): readers of the files here."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, cast

HERE = Path(__file__).parent

Words = dict[str, str]  # the same text by language: {"ru": …, "en": …}


class Product(TypedDict):
    """One line of products.json; `price` and `old_price` (None: not on sale) are whole roubles."""

    sku: str
    name: Words
    description: Words
    price: int
    old_price: int | None
    currency: str
    in_stock: bool
    preorder_days: int | None  # out of stock, but ships within so many days when ordered now
    category: Words
    image: str  # path on the shop site
    sizes: list[str]
    featured: bool
    art: Words  # {"shape", "palette"}: how the shop draws it


class Question(TypedDict):
    """One line of questions.json; `slug` names the article that answers, None when nothing here does."""

    language: str
    question: str
    slug: str | None


@dataclass(frozen=True)
class Article:
    """One help article; `text` is Markdown without the title."""

    slug: str
    language: str
    title: str
    category: str  # faq, policy, shipping, returns or general
    tags: list[str]
    text: str


def articles(language: str) -> list[Article]:
    """All help articles of one language, by slug; the same slugs exist in both."""
    return [read_article(path) for path in sorted((HERE / "articles" / language).glob("*.md"))]


def read_article(path: Path) -> Article:
    """An article file: `key: value` lines between two `---`, each value JSON (so also YAML), then text."""
    _, head, text = path.read_text("utf-8").split("---\n", 2)
    fields = {key: json.loads(value) for key, value in (line.split(": ", 1) for line in head.splitlines())}
    return Article(slug=path.stem, language=path.parent.name, text=text.strip(), **fields)


def products() -> list[Product]:
    """The 30 goods of the shop, in catalogue order."""
    return cast(list[Product], _read("products"))


def questions() -> list[Question]:
    """What visitors ask, as they write it: 50 answerable and 20 unanswerable questions per language."""
    return cast(list[Question], _read("questions"))


def business() -> dict[str, Any]:
    """The business itself: names, city, hours, staff, the agent's name, greeting and instructions."""
    return cast(dict[str, Any], _read("business"))


def _read(name: str) -> Any:
    return json.loads((HERE / f"{name}.json").read_text("utf-8"))
