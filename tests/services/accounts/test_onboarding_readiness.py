"""Readiness looks at what is really there; the smoke test asks the AI of the business itself."""

from collections.abc import Callable
from typing import Any

import pytest

from hub.access.callers import UserCaller
from hub.models.accounts.onboarding import Onboarding
from hub.models.accounts.tenant import Tenant
from hub.models.agents.agent import Agent
from hub.models.channels.channel import Channel
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.platform.task import Task
from hub.models.sales.product import Product
from hub.services import tenant_settings
from hub.services.accounts import onboarding, onboarding_articles, onboarding_smoke
from hub.services.accounts import onboarding_readiness as readiness
from hub.services.accounts.business_hours import BusinessHours
from hub.services.accounts.onboarding_advice import RULES
from hub.services.accounts.onboarding_drafts import Draft
from hub.services.knowledge import knowledge as articles
from hub.services.platform import tasks
from tests import factories
from tests.api.world import picture
from tests.factories import People
from tests.fakes import FakeServer
from tests.services import steps

OFFER = Draft("What we offer", "## Products and services\n\nWe offer rye bread for 120 rubles.", "products")
DELIVERY = Draft("Delivery", "## Cost of delivery\n\nDelivery costs: 300 rubles.", "delivery")
RETURNS = Draft("Returns and exchanges", "## How to return or exchange\n\nReturn it within 14 days.", "returns")


@pytest.fixture
def alice(people: People) -> UserCaller:
    return factories.caller(people.alice)


@pytest.fixture
def ready(alice: UserCaller) -> UserCaller:
    """A business that took every step."""
    onboarding.complete(alice, "BUSINESS", {"about": "Bread", "hours_start": "08:00"})
    factories.make_agent(alice.tenant)
    factories.make_site(alice.tenant)
    docs, _ = onboarding_articles.apply(alice, [OFFER, DELIVERY, RETURNS])
    for doc in docs:
        articles.index(doc.id)
    factories.forget()
    onboarding_smoke.attempt(alice, alice.tenant)
    return alice


def statuses(caller: UserCaller) -> dict[str, str]:
    return {check.code: check.status for check in readiness.of(caller).checks}


def test_a_new_business_is_not_ready_and_is_told_what_to_do_the_heaviest_first(alice: UserCaller) -> None:
    now = readiness.of(alice)
    assert (now.score, now.ready) == (0, False) and set(statuses(alice).values()) == {"FAIL"}
    assert now.recommendations[0] in {"Connect the chat of your site, or a messenger.",
                                      "Run the test with questions of customers.",
                                      "Describe your products or services with prices, and keep the article."}
    assert len(now.recommendations) == len(RULES)


def test_a_business_that_took_every_step_comes_to_a_hundred(ready: UserCaller) -> None:
    now = readiness.of(ready)
    assert (now.score, now.ready, now.recommendations) == (100, True, []), now.checks
    assert sum(rule.weight for rule in RULES.values()) == 100


@pytest.mark.parametrize(("undo", "lost"), [
    (lambda: Agent.update(is_active=False), {"AGENT_ON": "FAIL", "SMOKE_TEST": "WARN"}),
    (lambda: Channel.update(is_active=False), {"CHANNEL_CONNECTED": "FAIL", "AGENT_ON": "WARN"}),
    (lambda: KnowledgeDoc.update(is_active=False), {"PRODUCTS_PRESENT": "FAIL", "POLICIES_DESCRIBED": "FAIL",
                                                    "KNOWLEDGE_INDEXED": "FAIL", "SMOKE_TEST": "WARN"})])
def test_without_an_agent_a_channel_or_articles_no_business_is_ready(
        ready: UserCaller, undo: Callable[[], Any], lost: dict[str, str]) -> None:
    undo().execute()
    now = readiness.of(ready)
    assert not now.ready and now.score <= 65
    assert {code: status for code, status in statuses(ready).items() if status != "PASS"} == lost


def test_what_is_half_done_is_said_and_does_not_count(ready: UserCaller) -> None:
    doc = KnowledgeDoc.get(KnowledgeDoc.title == OFFER.title)
    articles.change(ready, doc, content="Something else.")
    found = readiness.of(ready)
    assert {check.code for check in found.checks if check.status == "WARN"} == {"KNOWLEDGE_INDEXED", "SMOKE_TEST"}
    assert found.check("KNOWLEDGE_INDEXED").message == "There are few articles, or not all are ready: 2 of 3."
    assert found.check("PRODUCTS_PRESENT").status == "FAIL", "the article is not found yet"
    onboarding.complete(ready, "PRODUCTS", {"offer": "Bread"})
    assert statuses(ready)["PRODUCTS_PRESENT"] == "WARN"
    Product.create(tenant=ready.tenant, name="Rye bread")
    assert statuses(ready)["PRODUCTS_PRESENT"] == "PASS", "a catalogue will do"


def test_hours_count_as_set_when_somebody_set_them(alice: UserCaller) -> None:
    Tenant.update(working_hours_end="22:00").where(Tenant.id == alice.tenant.id).execute()
    assert statuses(factories.caller(alice.user.get_by_id(alice.user.id)))["HOURS_SET"] == "PASS"


def test_a_week_of_its_own_counts_as_hours_that_are_set(alice: UserCaller) -> None:
    assert statuses(alice)["HOURS_SET"] == "FAIL"
    tenant_settings.change(alice, BusinessHours, {"own_week": True})
    assert statuses(alice)["HOURS_SET"] == "PASS"


def test_it_speaks_the_language_of_who_asks(people: People, alice: UserCaller) -> None:
    people.alice.locale = "ru"
    assert "Подключите чат сайта или мессенджер." in readiness.of(alice).recommendations


def test_the_test_asks_every_article_and_passes_what_that_article_answers(ready: UserCaller) -> None:
    row = Onboarding.get()
    assert (row.tested["passedCount"], row.tested["totalCount"]) == (3, 3)
    asked = {result["question"]: result for result in row.tested["results"]}
    assert set(asked) == {"What do you offer?", "How much does delivery cost?",
                          "How do I return or exchange something?"}
    assert "300 rubles" in asked["How much does delivery cost?"]["answer"]
    assert asked["How much does delivery cost?"]["sources"] == ["Delivery"]


def test_the_test_sends_nothing_and_shows_nothing_in_the_inbox(ready: UserCaller) -> None:
    before = picture()
    onboarding_smoke.attempt(ready, ready.tenant)
    after = picture()
    assert {name for name in after if after[name] != before[name]} == {"Onboarding", "Event"}


def test_a_question_that_is_not_answered_fails_and_is_told_with_its_article(ready: UserCaller,
                                                                            model: FakeServer) -> None:
    model.answer("openai", {"action": "hand_over", "sources": [], "text": ""}, times=None)
    found = onboarding_smoke.attempt(ready, ready.tenant)
    assert (found["passedCount"], found["results"][0]["reason"]) == (0, "model_handed_over")
    told = readiness.told(ready, found)
    assert told["check"]["status"] == "WARN" and len(told["recommendations"]) == 3
    advice = "Say more in “Delivery”: it does not clearly answer “How much does delivery cost?”."
    assert advice in told["recommendations"]


def test_an_answer_from_another_article_does_not_pass(alice: UserCaller, model: FakeServer) -> None:
    factories.make_agent(alice.tenant)
    factories.make_doc(alice.tenant, "Parking", "There is parking behind the house.")
    factories.make_doc(alice.tenant, "Parking of bicycles", "Bicycles stand before the house.")
    model.answer("openai", {"action": "answer", "sources": [2], "text": "Beside the house."}, times=None)
    found = onboarding_smoke.attempt(alice, alice.tenant)
    assert [(result["passed"], result["reason"]) for result in found["results"]] == [(False, "other_article")] * 2
    assert all(result["sources"] != [result["article"]] for result in found["results"])
    assert "from another article" in readiness.told(alice, found)["recommendations"][0]


def test_a_business_without_articles_has_nothing_to_ask(alice: UserCaller) -> None:
    found = onboarding_smoke.attempt(alice, alice.tenant)
    assert (found["totalCount"], readiness.told(alice, found)["check"]["status"]) == (0, "FAIL")


def test_a_task_tells_how_far_it_is_and_what_was_answered_so_far(ready: UserCaller) -> None:
    task = onboarding_smoke.begin(ready.tenant, ready.user)
    assert onboarding_smoke.begin(ready.tenant, ready.user).id == task.id, "one at a time"
    with steps.listening() as said:
        onboarding_smoke.run(task.id)
    seen = [(event["data"]["progress"], len(event["data"]["result"].get("results", []))) for event in said
            if event["type"] == "task.changed"]
    assert seen == [(0, 0), (33, 1), (66, 2), (100, 3)]
    assert Task.get_by_id(task.id).result["passedCount"] == 3


def test_a_task_that_is_cancelled_keeps_the_last_outcome(ready: UserCaller) -> None:
    before = Onboarding.get().tested_at
    task = onboarding_smoke.begin(ready.tenant, ready.user)
    tasks.cancel(ready, task)
    onboarding_smoke.run(task.id)
    assert Onboarding.get().tested_at == before and Task.get_by_id(task.id).state == "cancelled"


def test_an_assistant_that_is_on_is_not_to_be_switched_on_but_given_a_chat(ready: UserCaller) -> None:
    Channel.update(is_active=False).execute()
    found = readiness.of(ready)
    assert found.check("AGENT_ON").advice == "Connect the chat of your site, or a messenger."
    assert len(found.recommendations) == len(set(found.recommendations))
    assert "Switch the assistant on." not in found.recommendations
