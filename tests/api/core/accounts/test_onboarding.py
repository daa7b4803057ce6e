"""First steps over the API: the state that all people of a business share, and the profile."""

from typing import Any

import pytest

from hub.models.accounts.onboarding import Onboarding
from hub.models.accounts.tenant import Tenant
from tests import factories
from tests.api.noun import Wrong
from tests.client import Client
from tests.factories import People

STEPS = ["BUSINESS", "CHANNELS", "PRODUCTS", "POLICIES", "KB", "REVIEW", "DONE"]
PROFILE = {"name": "Пекарня", "language": "ru", "tone": "formal", "addressStyle": "vy", "currency": "RUB",
           "timezone": "Europe/Moscow", "workingHoursStart": "08:00", "workingHoursEnd": "20:00",
           "autoReplyOutsideHours": False, "escalationEmail": "boss@bakery.example", "allowDiscounts": True,
           "maxDiscountPercent": 5, "deliveryOptions": "Курьером по городу.", "returnPolicy": "В день покупки."}
STATE = Wrong("PUT /api/onboarding/state", {
    "status": ["BEGUN", None], "currentStep": ["business"], "answers": [[], None],
    "completedSteps": [["BUSINESS", "CAKES"], "BUSINESS", ["BUSINESS"] * 21]})
STEP = Wrong("POST /api/onboarding/complete-step", {"step": ["CAKES"]})
SET_UP = Wrong("POST /api/onboarding/setup", {"name": [" "], "tone": ["rude"], "timezone": ["Mars/Olympus"],
                                              "workingHoursStart": ["9"]}, code="")
APPLIED = Wrong("POST /api/onboarding/apply-templates", {"drafts": [
    None, [{}], [{"title": "", "content": "x"}], [{"title": "x", "content": ""}], [{"title": "x", "content": "x"}] * 51,
    [{"title": "x" * 501, "content": "x"}]]})


def complete(client: Client, step: str, **answers: Any) -> Any:
    return client.post("/api/onboarding/complete-step", {"step": step, "answers": answers})


def test_a_business_that_has_not_begun_is_at_the_first_of_seven_steps(carol: Client, people: People) -> None:
    assert carol.get("/api/onboarding/state") == {
        "tenantId": str(people.tenant.uuid), "status": "NOT_STARTED", "currentStep": "BUSINESS", "completedSteps": [],
        "answers": {}, "steps": STEPS, "totalSteps": 7}
    assert not Onboarding.select().exists(), "looking stores nothing"


def test_a_completed_step_keeps_its_answers_and_leads_to_the_next_one(alice: Client, carol: Client) -> None:
    done = complete(alice, "BUSINESS", about="Bread and cakes")
    assert (done["completedStep"], done["nextStep"]) == ("BUSINESS", "CHANNELS")
    complete(alice, "CHANNELS", website="bakery.example")
    seen = carol.get("/api/onboarding/state")
    assert (seen["status"], seen["currentStep"], seen["completedSteps"]) == (
        "IN_PROGRESS", "PRODUCTS", ["BUSINESS", "CHANNELS"])
    assert seen["answers"] == {"BUSINESS": {"about": "Bread and cakes"}, "CHANNELS": {"website": "bakery.example"}}


def test_a_step_that_is_answered_again_is_completed_once_and_its_answers_are_the_new_ones(alice: Client) -> None:
    complete(alice, "BUSINESS", about="Bread")
    complete(alice, "CHANNELS")
    again = complete(alice, "BUSINESS", about="Cakes")
    assert again["completedSteps"] == ["BUSINESS", "CHANNELS"] and again["nextStep"] == "PRODUCTS"
    assert again["answers"]["BUSINESS"] == {"about": "Cakes"}


def test_the_last_step_ends_it_and_every_person_of_the_business_is_told(alice: Client, bob: Client,
                                                                      dave: Client) -> None:
    for step in STEPS[:-1]:
        assert complete(alice, step)["status"] == "IN_PROGRESS"
        assert bob.get("/api/users/me")["onboarding_completed"] is False
    last = complete(alice, "DONE")
    assert (last["status"], last["currentStep"], last["nextStep"]) == ("DONE", "DONE", "DONE")
    assert bob.get("/api/users/me")["onboarding_completed"] is True
    assert bob.put("/api/users/me", {"first_name": "Robert"})["onboarding_completed"] is True
    assert dave.get("/api/users/me")["onboarding_completed"] is False
    assert complete(alice, "BUSINESS")["status"] == "DONE", "a later change does not begin it anew"


def test_the_state_is_written_over_field_by_field(bob: Client, alice: Client) -> None:
    complete(alice, "BUSINESS", about="Bread")
    body = {"status": "IN_PROGRESS", "currentStep": "KB", "completedSteps": ["BUSINESS", "POLICIES"],
            "answers": {"POLICIES": {"delivery": "Free"}}}
    seen = bob.put("/api/onboarding/state", body)
    assert {name: seen[name] for name in body} == body and seen["totalSteps"] == 7
    assert bob.put("/api/onboarding/state", {"status": "DONE"}) == {**seen, "status": "DONE"}
    assert bob.put("/api/onboarding/state", {}) == {**seen, "status": "DONE"}


def test_the_set_up_writes_the_profile_and_answers_the_first_step(alice: Client, people: People) -> None:
    shown = alice.post("/api/onboarding/setup", PROFILE)
    assert {name: shown[name] for name in PROFILE} == PROFILE
    assert alice.get("/api/tenant") == shown and Tenant.get_by_id(people.tenant.id).name == "Пекарня"
    state = alice.get("/api/onboarding/state")
    assert (state["status"], state["completedSteps"], state["currentStep"]) == ("IN_PROGRESS", ["BUSINESS"], "CHANNELS")


def test_no_business_sees_what_another_one_answered(alice: Client, dave: Client) -> None:
    complete(alice, "BUSINESS", about="Secret bread")
    assert dave.get("/api/onboarding/state")["answers"] == {}
    complete(dave, "BUSINESS", about="Roses")
    assert alice.get("/api/onboarding/state")["answers"]["BUSINESS"] == {"about": "Secret bread"}


def test_answers_become_drafts_and_drafts_become_articles_that_are_indexed(alice: Client, bob: Client) -> None:
    complete(alice, "BUSINESS", language="en", about="Bread and cakes to order")
    body = {"options": {"useModel": False}, "answers": {"BUSINESS": {"language": "en"}, "POLICIES": {
        "delivery": "By courier, 300 rubles", "returns": "Within a day"}}}
    drafts = alice.post("/api/onboarding/generate-templates", body)["drafts"]
    assert [(draft["title"], draft["docType"]) for draft in drafts] == [
        ("Delivery", "delivery"), ("Returns and exchanges", "returns")]
    assert bob.get("/api/knowledge-docs") == [], "nothing is stored yet"
    made = alice.post("/api/onboarding/apply-templates", {"drafts": [*drafts, {"title": "Own", "content": "Words"}]})
    assert (made["success"], made["createdDocs"], made["ragEnabled"]) == (True, 3, True)
    assert [(doc["title"], doc["category"]) for doc in made["documents"]] == [
        ("Delivery", "shipping"), ("Returns and exchanges", "returns"), ("Own", "general")]
    assert {doc["id"] for doc in bob.get("/api/knowledge-docs")} == {doc["id"] for doc in made["documents"]}
    assert alice.post("/api/onboarding/apply-templates", {"drafts": drafts})["createdDocs"] == 0


def test_readiness_says_what_is_there_and_what_to_do_next(carol: Client, people: People) -> None:
    factories.make_site(people.tenant)
    found = carol.get("/api/onboarding/readiness")
    assert (found["score"], found["threshold"], found["ready"]) == (20, 70, False)
    assert {check["code"]: check["status"] for check in found["checks"]}["CHANNEL_CONNECTED"] == "PASS"
    assert {"code": "PRODUCTS_PRESENT", "status": "FAIL", "weight": 20, "step": "PRODUCTS"}.items() <= next(
        check for check in found["checks"] if check["code"] == "PRODUCTS_PRESENT").items()
    assert len(found["recommendations"]) == 7 and all(found["recommendations"])


def test_the_smoke_test_asks_the_ai_and_says_what_it_could_not_answer(carol: Client, people: People) -> None:
    factories.make_agent(people.tenant)
    factories.make_doc(people.tenant, "Opening hours", "We are open from nine to six.")
    factories.make_doc(people.tenant, "Misc", "## Do you sell shoes?\n\nAsk us tomorrow.")
    found = carol.post("/api/onboarding/run-smoke-test")
    assert (found["totalCount"], found["passedCount"], len(found["results"])) == (2, 2, 2)
    assert (found["check"]["code"], found["check"]["status"], found["recommendations"]) == ("SMOKE_TEST", "PASS", [])
    first = found["results"][0]
    assert (first["question"], first["passed"], first["article"]) == ("Opening hours?", True, "Opening hours")
    factories.make_agent(people.other)
    assert Client(carol.app, people.dave).post("/api/onboarding/run-smoke-test")["totalCount"] == 0


@pytest.mark.parametrize(("method", "path"), [
    ("GET", "/api/onboarding/readiness"), ("POST", "/api/onboarding/run-smoke-test"),
    ("GET", "/api/onboarding/run-smoke-test/stream")])
def test_a_guest_neither_sees_nor_tests_how_ready_it_is(app: Any, people: People, method: str, path: str) -> None:
    guest = Client(app, factories.make_user(people.tenant, "guest"))
    guest.refused(method, path, status=403, code="INSUFFICIENT_PERMISSIONS")
