"""Drafts worded by a model only where it says the same; articles made of them are found by their customers."""

from typing import Any

import pytest

from hub.models.accounts.onboarding import Onboarding
from hub.models.accounts.tenant import Tenant
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.agents.agent import Agent
from hub.services.accounts import onboarding_articles
from hub.services.accounts.onboarding_drafts import Draft
from hub.services.agents import dry_run
from hub.services.knowledge import knowledge as articles
from tests import factories
from tests.factories import People
from tests.fakes import FakeServer

ANSWERS = {"POLICIES": {"delivery": "By courier in the city, 300 rubles"}}
PLAIN = "## How we deliver\n\nBy courier in the city, 300 rubles."


def drafted(tenant: Tenant, **options: Any) -> str:
    (draft,) = onboarding_articles.generate(tenant, ANSWERS, {"language": "en", **options})
    return draft.content


def said(text: str) -> dict[str, Any]:
    return {"action": "answer", "intent": "other", "sources": [1], "text": text}


def test_without_a_model_the_drafts_are_made_of_the_answers_alone(tenant: Tenant) -> None:
    assert drafted(tenant) == PLAIN


def test_a_model_words_the_drafts(tenant: Tenant, model: FakeServer) -> None:
    better = "## How we deliver\n\nA courier brings your order anywhere in the city. It costs 300 rubles."
    model.answer("openai", said(better))
    assert drafted(tenant) == better
    assert "300 rubles" in model.calls("openai")[-1].body["messages"][0]["content"]


@pytest.mark.parametrize("text", [
    "## How we deliver\n\nBy courier, 300 rubles, within 2 days.",                      # invented
    "## How we deliver\n\nA courier brings it.",                                        # a figure is lost
    "A courier brings your order anywhere in the city. It costs 300 rubles.",           # a heading is lost
    "## How we deliver\n\nBy courier, 300 rubles. See https://evil.example/"])
def test_a_wording_that_says_more_or_less_is_not_taken(tenant: Tenant, model: FakeServer, text: str) -> None:
    model.answer("openai", said(text))
    assert drafted(tenant) == PLAIN


@pytest.mark.parametrize("mode", ["500", "401", "hang"])
def test_a_model_that_does_not_answer_leaves_the_drafts_as_they_are(tenant: Tenant, model: FakeServer, use: Any,
                                                                  mode: str) -> None:
    use(openai_api_key="sk-test", openai_base_url=model.openai_url, ai_deadline_s=1.0)
    model.mode("openai", mode)
    assert drafted(tenant) == PLAIN


def test_who_wants_no_model_has_none_asked(tenant: Tenant, model: FakeServer) -> None:
    assert drafted(tenant, useModel=False) == PLAIN and model.calls("openai") == []


def test_what_the_profile_says_counts_where_the_answers_are_silent(tenant: Tenant) -> None:
    tenant.delivery_options, tenant.return_policy = "By mail only", "Within a week"
    made = onboarding_articles.generate(tenant, ANSWERS, {"language": "en"})
    assert [draft.doc_type for draft in made] == ["delivery", "returns"] and made[0].content == PLAIN


def test_an_article_that_is_applied_answers_its_customers_and_is_changed_when_it_comes_again(
        people: People, agent: Agent) -> None:
    caller = factories.caller(people.alice)
    (doc,), created = onboarding_articles.apply(caller, [Draft("Доставка", "## Стоимость\n\nДоставка стоит 300 ₽.",
                                                               "delivery")])
    assert created == 1 and doc.category == "shipping" and "курьер" in doc.tags and doc.language == "ru"
    articles.index(doc.id)
    factories.forget()
    assert "300 ₽" in dry_run.ask(people.tenant, "Сколько стоит доставка?").text
    (again,), created = onboarding_articles.apply(caller, [Draft("Доставка", "Доставка бесплатна.", "delivery")])
    assert (again.uuid, created, again.state) == (doc.uuid, 0, "pending")
    assert KnowledgeDoc.select().count() == 1 and Onboarding.get().documents == {str(doc.uuid): "delivery"}


def test_an_article_that_people_wrote_themselves_is_left_alone(people: People) -> None:
    own = factories.make_doc(people.tenant, "Delivery", "Our own words.")
    draft = Draft("Delivery", "Other words.", "delivery")
    _, created = onboarding_articles.apply(factories.caller(people.alice), [draft])
    assert created == 1 and KnowledgeDoc.get_by_id(own.id).content == "Our own words."


def test_asking_with_nobody_listening_leaves_no_trace(people: People, knowledge: Tenant, agent: Agent) -> None:
    from tests.api.world import picture
    before = picture()
    assert "300" in dry_run.ask(people.tenant, "How much is delivery to Kazan?").text
    assert dry_run.ask(people.tenant, "I want to talk to a human").reason == "asked_for_person"
    assert picture() == before
