"""Questions drawn from articles: what their customers would type."""

from typing import Any

import pytest

from hub.models.accounts.tenant import Tenant
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.services.accounts.onboarding_questions import drawn


def doc(tenant: Tenant, title: str, content: str) -> KnowledgeDoc:
    return KnowledgeDoc.create(tenant=tenant, title=title, content=content)


def asked(docs: list[KnowledgeDoc], kinds: Any = None, most: int = 6) -> list[str]:
    return [question.text for question in drawn(docs, kinds or {}, most)]


def test_an_article_made_of_answers_is_asked_for_what_its_sections_say(tenant: Tenant) -> None:
    made = doc(tenant, "Доставка", "## Как мы доставляем\n\nКурьером.\n\n## Стоимость доставки\n\n300 ₽")
    assert asked([made], {str(made.uuid): "delivery"}) == ["Есть ли у вас доставка?", "Сколько стоит доставка?"]
    english = doc(tenant, "Delivery", "## How we deliver\n\nBy courier.")
    assert asked([english], {str(english.uuid): "delivery"}) == ["Do you deliver?"]


@pytest.mark.parametrize(("title", "content", "expected"), [
    ("FAQ", "## Do you bake at night?\n\nNo.\n\n1. **Is there parking?**\n\nYes.\n", ["Do you bake at night?",
                                                                                     "Is there parking?"]),
    ("Opening hours", "From nine to six.", ["Opening hours?"]),
    ("Можно ли с собакой?", "Да.", ["Можно ли с собакой?"]),
    ("Rules", "Why? Because. Is it so? It is.", ["Rules?"])])
def test_other_articles_are_asked_what_they_ask_themselves_or_for_their_title(
        tenant: Tenant, title: str, content: str, expected: list[str]) -> None:
    assert asked([doc(tenant, title, content)]) == expected


def test_every_article_is_asked_once_before_one_is_asked_again_and_nothing_twice(tenant: Tenant) -> None:
    faq = doc(tenant, "FAQ", "## Do you deliver?\n\nYes.\n\n## Is there parking?\n\nYes.\n\n## Is it free?\n\nYes.")
    docs = [faq, doc(tenant, "Hours", "Nine to six."), doc(tenant, "do you deliver?", "We do.")]
    assert asked(docs) == ["do you deliver?", "Hours?", "Is there parking?", "Is it free?"]
    assert len(asked(docs, most=2)) == 2 and asked([]) == []
