"""`python -m scripts.demo.seed`: the demo business, made once; prints one JSON line with its site and its logins."""

import json
import os
import sys
from typing import Any
from urllib.parse import urlsplit

from hub.access import passwords
from hub.access.callers import Service
from hub.lib import crypto
from hub.models.agents.agent import Agent
from hub.models.base import connection
from hub.models.channels.channel import Channel
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.sales.product import Product
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.services.knowledge import knowledge
from hub.services.start import start
from hub.settings import Settings
from scripts.demo import content

_LANGUAGES = ("ru", "en")


def main() -> int:
    settings = start(Settings.load(os.environ))
    with connection():
        business, shop = content.business(), os.environ.get("DEMO_SHOP_URL", "").rstrip("/")
        password = demo_password(settings.session_secret)
        tenant = _tenant(business)
        people = _people(tenant, business, password)
        site = _site(tenant, business, shop)
        _agent(tenant, business)
        _products(tenant)
        _articles(tenant, shop)
        said = {"site": site.token,
                **{role: {"email": people[role], "password": password} for role in ("owner", "operator", "viewer")}}
    print(json.dumps(said), flush=True)
    return 0


def demo_password(secret: str) -> str:
    """The demo logins' password: the same at every start, another on every installation, kept nowhere."""
    return "Demo-" + crypto.sign(secret, "demo password")[:10]


def _tenant(business: dict[str, Any]) -> Tenant:
    tenant, _ = Tenant.get_or_create(name=business["name"]["ru"], defaults={
        "language": "ru", "currency": business["currency"], "timezone": business["timezone"],
        "working_hours_start": business["hours"]["start"], "working_hours_end": business["hours"]["end"],
        "escalation_email": business["email"]})
    return tenant


def _people(tenant: Tenant, business: dict[str, Any], password: str) -> dict[str, str]:
    """role -> e-mail of the first person with that role."""
    hashed, found = passwords.hashed(password), dict[str, str]()
    for person in business["staff"]:
        first, _, last = person["name"]["ru"].partition(" ")
        User.get_or_create(email=person["email"], defaults={
            "tenant": tenant, "first_name": first, "last_name": last, "role": person["role"],
            "password_hash": hashed})
        # The secret may be another one since the last start; the printed password must work.
        User.update(password_hash=hashed).where(User.email == person["email"]).execute()
        found.setdefault(person["role"], person["email"])
    return found


def _site(tenant: Tenant, business: dict[str, Any], shop: str) -> Channel:
    texts = {language: {"title": business["name"][language], "subtitle": business["tagline"][language],
                        "greeting": business["agent"]["greeting"][language]} for language in _LANGUAGES}
    site, _ = Channel.get_or_create(tenant=tenant, kind="website", defaults={"name": business["name"]["ru"]})
    port = urlsplit(shop).port
    site.config = {"allowed_domains": [f"{host}:{port}" for host in ("127.0.0.1", "localhost")] if port else [],
                   "color": business["color"], "locale": "ru", "texts": texts}
    site.save()
    return site


def _agent(tenant: Tenant, business: dict[str, Any]) -> None:
    said = business["agent"]
    Agent.get_or_create(tenant=tenant, defaults={
        "name": said["name"]["ru"], "is_active": True, "response_delay_seconds": 0,
        "system_instructions": "\n\n".join(said["instructions"][language] for language in _LANGUAGES)})


def _products(tenant: Tenant) -> None:
    if Product.of(tenant).exists():
        return
    for item in content.products():
        english = {"name": item["name"]["en"], "description": item["description"]["en"],
                   "category": item["category"]["en"]}
        Product.create(tenant=tenant, name=item["name"]["ru"], description=item["description"]["ru"],
                       sku=item["sku"], price=item["price"], currency=item["currency"], in_stock=item["in_stock"],
                       category=item["category"]["ru"], metadata={"en": english})


def _articles(tenant: Tenant, shop: str) -> None:
    """The articles of both languages and the catalogue, indexed at once so that the first question finds them."""
    known = {str(doc.title): doc for doc in KnowledgeDoc.of(tenant)}
    for language in _LANGUAGES:
        for article in content.articles(language):
            url = f"{shop}/{language}/help/{article.slug}/" if shop else None
            _keep(tenant, known.get(article.title), title=article.title, content=article.text, tags=article.tags,
                  category=article.category, language=language, url=url)
        for title, text in _catalogue(language):
            url = f"{shop}/{language}/catalogue/" if shop else None
            _keep(tenant, known.get(title), title=title, content=text, tags=["catalogue"], language=language, url=url)


def _keep(tenant: Tenant, doc: KnowledgeDoc | None, **values: Any) -> None:
    """A new document is indexed; of a known one only the address may have moved with the shop's port."""
    if doc is None:
        knowledge.index(KnowledgeDoc.create(tenant=tenant, **values).id)
    elif doc.url != values["url"]:
        knowledge.change(Service("demo", doc.tenant), doc, url=values["url"])


def _catalogue(language: str) -> list[tuple[str, str]]:
    """[(category, its products as text)]: what the shop sells, in the words customers ask with."""
    price, currency, there, gone = {"ru": ("стоит", "₽", "есть в наличии", "нет в наличии"),
                                    "en": ("costs", "RUB", "in stock", "out of stock")}[language]
    sections: dict[str, list[str]] = {}
    for item in content.products():
        name, sum_ = item["name"][language], f"{item['price']:,}".replace(",", " ")
        sizes = ", ".join(item["sizes"])
        stock = there if item["in_stock"] else gone
        sections.setdefault(item["category"][language], []).append(
            f"## {name}\n\n{name} {price} {sum_} {currency}, {stock}. {item['description'][language]}"
            + (f" {'Размеры' if language == 'ru' else 'Sizes'}: {sizes}." if sizes else ""))
    return [(category, "\n\n".join(lines)) for category, lines in sections.items()]


if __name__ == "__main__":
    sys.exit(main())
