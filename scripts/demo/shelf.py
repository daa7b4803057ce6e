"""What the demo shop puts on its pages, read once, and how it writes prices and addresses."""

import json
import re
from pathlib import Path

from scripts.demo import content
from scripts.demo.content import Product

LANGUAGES = ("ru", "en")


class Shelf:
    """Everything the pages show, read once: goods, help articles, the business and the texts."""

    def __init__(self) -> None:
        self.products = content.products()
        self.by_slug = {slug(product["name"]["en"]): product for product in self.products}
        self.by_sku = {product["sku"]: product for product in self.products}
        self.sections = {slug(p["category"]["en"]): p["category"] for p in self.products}
        self.articles = {code: {a.slug: a for a in content.articles(code)} for code in LANGUAGES}
        self.business = content.business()
        texts = json.loads((Path(__file__).parent / "shop" / "texts.json").read_text("utf-8"))
        self.texts = {code: {key: whole(words[code]) for key, words in texts.items()} for code in LANGUAGES}

    def in_section(self, section: str) -> list[Product]:
        """The goods of one catalogue section; "" means all."""
        return [p for p in self.products if not section or slug(p["category"]["en"]) == section]


def slug(name: str) -> str:
    """An English name as part of an address: "Tents & sleep" -> "tents-sleep"."""
    letters = "".join(c if c.isascii() and c.isalnum() else " " for c in name.lower().replace("'", ""))
    return "-".join(letters.split())


def price(roubles: int, language: str) -> str:
    """12800 -> "12 800 ₽" (ru, no line breaks inside) or "12,800 ₽" (en), as the help articles write it."""
    return f"{roubles:,}".replace(",", "\u00a0" if language == "ru" else ",") + "\u00a0₽"


def whole(text: str) -> str:
    """The same text with spaces inside figures ("7 000 ₽") that no line break can split."""
    return re.sub(r"(?<=\d) (?=\d|₽|%)", "\u00a0", text)
