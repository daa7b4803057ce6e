"""First steps on pages: seven forms that go on where the business left them, articles, a check, and the own page."""

from typing import Any

import pytest

from hub.models.accounts.onboarding import Onboarding
from hub.models.accounts.tenant import Tenant
from hub.models.agents.agent import Agent
from hub.models.channels.channel import Channel
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.platform.task import Task
from hub.services.accounts import onboarding_smoke
from hub.services.accounts.onboarding import STEPS
from hub.services.knowledge import knowledge
from tests import factories
from tests.api.callers import browser
from tests.client import Client
from tests.factories import People
from tests.pages.forms import submit

BUSINESS = {"name": "Bakery", "about": "We bake bread", "language": "en", "tone": "friendly", "hours_start": "08:00",
            "hours_end": "20:00", "address": "12 Baker Street", "phone": ""}
CHANNELS = {"domains": "https://bakery.example/", "color": "#aa3300", "agent_name": "Aino", "answers": "1"}
POLICIES = {"delivery": "By courier in the city, 300 rubles", "payment": "", "returns": "Within a day", "warranty": ""}


@pytest.fixture
def page(app: Any, people: People) -> Client:
    """Alice's browser; she owns the business."""
    return browser(app, people.alice)


def leave(page: Client, step: str, fields: dict[str, str], expect: int = 303) -> Any:
    return submit(page, f"/onboarding?step={step}", expect, **fields)


def shown(page: Client, step: str = "") -> str:
    return str(page.call("GET", f"/onboarding?step={step}" if step else "/onboarding", expect=200).text)


def test_each_step_is_kept_changes_what_it_is_about_and_leads_to_the_next(page: Client, people: People) -> None:
    assert leave(page, "BUSINESS", BUSINESS).location == "/onboarding?step=CHANNELS"
    tenant = Tenant.get_by_id(people.tenant.id)
    assert (tenant.language, tenant.working_hours_start, tenant.working_hours_end) == ("en", "08:00", "20:00")
    leave(page, "CHANNELS", CHANNELS)
    site, agent = Channel.get(), Agent.get()
    assert (site.config["allowed_domains"], site.config["color"]) == (["bakery.example", "localhost"], "#aa3300")
    assert (agent.name, agent.is_active, agent.response_delay_seconds) == ("Aino", True, 0)
    leave(page, "PRODUCTS", {"offer": "Rye bread for 120 rubles", "ordering": ""})
    leave(page, "POLICIES", POLICIES)
    assert Tenant.get_by_id(people.tenant.id).return_policy == "Within a day"
    assert Onboarding.get().completed_steps == ["BUSINESS", "CHANNELS", "PRODUCTS", "POLICIES"]


def test_another_person_of_the_business_goes_on_where_it_was_left(app: Any, page: Client, people: People) -> None:
    leave(page, "BUSINESS", BUSINESS)
    anna = browser(app, factories.make_user(people.tenant, "admin"))
    assert 'aria-current="step"' in shown(anna) and 'name="agent_name"' in shown(anna)
    assert 'value="12 Baker Street"' in shown(anna, "BUSINESS")


def test_a_step_can_be_skipped_and_come_back_to(page: Client) -> None:
    submit(page, "/onboarding/skip?step=BUSINESS", 303)
    assert 'name="agent_name"' in shown(page) and Onboarding.get().completed_steps == []
    assert 'name="about"' in shown(page, "BUSINESS")


def test_what_is_wrong_is_said_beside_its_field_and_going_back_loses_nothing(page: Client) -> None:
    text = leave(page, "CHANNELS", {**CHANNELS, "domains": "owner@bakery.example"}, 422).text
    assert "looks like an e-mail address" in text and Channel.select().count() == 0
    back = leave(page, "CHANNELS", {**CHANNELS, "color": "red", "_back": "1"})
    assert back.location == "/onboarding?step=BUSINESS" and 'value="red"' in shown(page, "CHANNELS")


def test_a_second_time_the_chat_and_the_assistant_are_changed_not_doubled(page: Client) -> None:
    leave(page, "CHANNELS", CHANNELS)
    leave(page, "CHANNELS", {"agent_name": "Vera", "color": "#00aa33"})      # a box without its tick is not sent
    assert (Channel.select().count(), Agent.select().count()) == (1, 1)
    assert (Agent.get().name, Agent.get().is_active, Channel.get().config["color"]) == ("Vera", False, "#00aa33")


def test_drafts_are_shown_changed_and_kept_as_articles(page: Client) -> None:
    leave(page, "BUSINESS", BUSINESS)
    leave(page, "POLICIES", POLICIES)
    text = shown(page, "KB")
    assert "By courier in the city, 300 rubles" in text and "## Opening hours" in text
    leave(page, "KB", {"use": "2", "questions": "Do you bake at night?\nNo.",
                       "title-2": "Delivery", "content-2": "By bicycle, 200 rubles.", "kind-2": "delivery",
                       "title-3": "Untouched", "content-3": "Not ticked", "kind-3": "returns"})
    assert {(doc.title, doc.content) for doc in KnowledgeDoc.select()} == {
        ("Delivery", "By bicycle, 200 rubles."), ("Frequent questions", "## Do you bake at night?\n\nNo.")}


def test_without_an_answer_there_is_nothing_to_draft_and_it_says_so(page: Client) -> None:
    assert "You have not answered anything yet" in shown(page, "KB")
    leave(page, "KB", {"questions": ""})
    assert KnowledgeDoc.select().count() == 0


def test_the_check_shows_the_score_what_to_do_next_and_the_test_as_it_goes_on(page: Client, people: People) -> None:
    factories.make_agent(people.tenant)
    factories.make_doc(people.tenant, "Opening hours", "We are open from nine to six.")
    text = shown(page, "REVIEW")
    assert "0 / 100" in text and "00 / 100" not in text
    assert "Start the test" in text and "/onboarding?step=PRODUCTS" in text
    assert submit(page, "/onboarding/test", 303).location == "/onboarding?step=REVIEW"
    task = Task.get()
    assert f"/api/tasks/{task.uuid}/events" in shown(page, "REVIEW")
    onboarding_smoke.run(task.id)
    part = page.call("GET", "/onboarding/test", expect=200).text
    assert "Opening hours?" in part and "nine to six" in part and "Test again" in part and "sse-connect" not in part


def test_the_test_waits_until_the_articles_are_read_and_the_page_follows(page: Client, people: People) -> None:
    doc = KnowledgeDoc.create(tenant=people.tenant, title="Opening hours", content="From nine to six.")
    part = page.call("GET", "/onboarding/test", expect=200).text
    assert "The AI is reading your articles" in part and 'hx-trigger="every 1s"' in part
    assert "Start the test" not in part
    knowledge.index(doc.id)
    part = page.call("GET", "/onboarding/test", expect=200).text
    assert "Start the test" in part and "every 1s" not in part


def test_the_last_step_leads_to_the_own_page_with_the_chat_and_questions_to_ask(page: Client, people: People) -> None:
    for step, fields in (("BUSINESS", BUSINESS), ("CHANNELS", CHANNELS)):
        leave(page, step, fields)
    draft = {"title-0": "Delivery", "content-0": "## Cost of delivery\n\n300", "kind-0": "delivery"}
    leave(page, "KB", {"use": "0", "questions": "", **draft})
    knowledge.index(KnowledgeDoc.get().id)
    assert leave(page, "DONE", {}).location == "/onboarding/try"
    assert Onboarding.get().status == "DONE"
    text = page.call("GET", "/onboarding/try", expect=200).text
    assert f'data-site="{Channel.get().token}"' in text and "How much does delivery cost?" in text
    visitor = Client(page.app, headers={"Origin": "http://localhost"})
    visitor.post("/widget/session", {"site": Channel.get().token})      # the own page may show it beside the site
    Client(page.app, headers={"Origin": "https://evil.example"}).post(
        "/widget/session", {"site": Channel.get().token}, expect=403)


def test_without_a_chat_the_own_page_says_where_to_make_one(page: Client) -> None:
    text = page.call("GET", "/onboarding/try", expect=200).text
    assert "There is no chat yet" in text and "data-site" not in text


@pytest.mark.parametrize("path", ["/onboarding", "/onboarding/try", "/onboarding/test"])
def test_who_does_not_run_the_business_does_not_take_its_first_steps(app: Any, people: People, path: str) -> None:
    browser(app, people.bob).call("GET", path, expect=403)


def test_there_is_no_other_step(page: Client) -> None:
    page.call("GET", "/onboarding?step=CAKES", expect=404)
    assert [shown(page, step) for step in STEPS]
