"""Secrets over the API of the platform: kept, replaced, revoked, listed without their values, read in their order."""

from collections.abc import Callable

import pytest

from hub.lib import ids
from hub.models import base
from hub.models.platform.event import Event
from hub.models.platform.integration_secret import IntegrationSecret
from hub.services.platform import secrets
from tests.api.noun import Wrong
from tests.client import Client
from tests.factories import People

BASE, WHY, NAME = "/api/admin/secrets", "Asked by phone", "OPENAI_API_KEY"
Platform = Callable[..., Client]

CREATE = Wrong(f"POST {BASE}", {
    "scope": ["everybody", None], "keyName": ["AB", "X" * 65, "lower", "WITH SPACE", None],
    "plaintextValue": ["", "x" * 10_001, None], "reason": ["no", "x" * 501], "tenantId": ["none"]})
ROTATE = Wrong(f"POST {BASE}/<secret>/rotate", {"plaintextValue": ["", "x" * 10_001], "reason": ["no", None]})
REVOKE = Wrong(f"POST {BASE}/<secret>/revoke", {"reason": ["no", "x" * 501]})


def body(value: str, people: People | None = None) -> dict[str, str | None]:
    return {"scope": "tenant" if people else "global", "tenantId": str(people.tenant.uuid) if people else None,
            "keyName": NAME, "plaintextValue": value, "reason": WHY}


def test_a_new_secret_is_made_and_the_same_name_again_gives_it_another_value(
        platform: Platform, people: People) -> None:
    ada = platform()
    made = ada.post(BASE, body("sk-first-value", people), expect=201)
    assert (made["scope"], made["tenantId"], made["keyName"], made["version"]) == (
        "tenant", str(people.tenant.uuid), NAME, 1)
    again = ada.post(BASE, body("sk-second-value", people))
    assert (again["id"], again["version"]) == (made["id"], 2)
    assert secrets.value(NAME, people.tenant) == "sk-second-value"
    rotated = ada.post(f"{BASE}/{made['id']}/rotate", {"plaintextValue": "sk-third\nof two lines", "reason": WHY})
    assert rotated["version"] == 3 and secrets.value(NAME, people.tenant) == "sk-third\nof two lines"


def test_of_two_who_enter_one_name_at_once_the_slower_one_replaces_the_value(
        platform: Platform, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, live = platform(), IntegrationSecret.live
    ada.post(BASE, body("sk-1", people), expect=201)
    looks = [IntegrationSecret.select().where(IntegrationSecret.id.is_null())]
    monkeypatch.setattr(IntegrationSecret, "live", lambda *about: looks.pop() if looks else live(*about))
    assert ada.post(BASE, body("sk-2", people))["version"] == 2 and not looks
    assert secrets.value(NAME, people.tenant) == "sk-2"


def test_no_answer_no_event_and_no_column_ever_holds_a_value(platform: Platform, people: People) -> None:
    ada = platform()
    path = f"{BASE}/{ada.post(BASE, body('sk-first-value', people), expect=201)['id']}"
    said = [ada.call("POST", BASE, json=body("sk-second-value", people)),
            ada.call("POST", f"{path}/rotate", json={"plaintextValue": "sk-third-value", "reason": WHY}),
            ada.call("GET", BASE, expect=200), ada.call("POST", f"{path}/revoke", json={"reason": WHY})]
    told = [*(answer.text for answer in said), *(str(event.__data__) for event in Event.select()),
            str(base.db.execute_sql("SELECT * FROM integration_secret").fetchall())]
    assert [text for text in told if "-value" in text] == []
    log = Event.of(people.tenant).order_by(Event.id)
    kinds = [(event.kind, new["reason"], new["secret"]) for event in log if (new := event.new)]
    assert kinds == [("integration_secret.created", WHY, "***"), ("integration_secret.rotated", WHY, "***"),
                     ("integration_secret.rotated", WHY, "***"), ("integration_secret.revoked", WHY, None)]


def test_what_every_business_uses_is_the_owners_alone(platform: Platform) -> None:
    ada, root = platform(), platform(owner=True)
    ada.refused("POST", BASE, body("sk-1"), status=403, code="platform_owner_only")
    made = root.post(BASE, body("sk-1"), expect=201)
    assert (made["scope"], made["tenantId"]) == ("global", None)
    ada.refused("POST", BASE, body("sk-2"), status=403)
    ada.refused("POST", f"{BASE}/{made['id']}/rotate", {"plaintextValue": "sk-2", "reason": WHY}, status=403)
    ada.refused("POST", f"{BASE}/{made['id']}/revoke", {"reason": WHY}, status=403)
    assert root.post(f"{BASE}/{made['id']}/rotate", {"plaintextValue": "sk-2", "reason": WHY})["version"] == 2


def test_a_revoked_secret_is_forgotten_and_listed_only_when_asked_for(platform: Platform, people: People) -> None:
    ada = platform()
    made = ada.post(BASE, body("sk-1", people), expect=201)
    assert ada.post(f"{BASE}/{made['id']}/revoke", {"reason": WHY}) == {"success": True, "secretId": made["id"]}
    first = IntegrationSecret.get()
    assert not first.secret and secrets.value(NAME, people.tenant, "from outside") == "from outside"
    assert ada.post(f"{BASE}/{made['id']}/revoke", {"reason": WHY})["success"]
    assert IntegrationSecret.get().revoked_at == first.revoked_at
    ada.refused("POST", f"{BASE}/{made['id']}/rotate", {"plaintextValue": "sk-2", "reason": WHY}, status=409,
                code="secret_revoked")
    assert ada.get(BASE) == {"secrets": [], "pagination": {"limit": 20, "offset": 0, "count": 0}}
    assert ada.get(f"{BASE}?includeRevoked=true")["secrets"][0]["revokedAt"]
    assert ada.post(BASE, body("sk-2", people), expect=201)["id"] != made["id"]


def test_secrets_are_found_by_scope_business_and_name(platform: Platform, people: People) -> None:
    root = platform(owner=True)
    root.post(BASE, body("sk-1"), expect=201)
    root.post(BASE, body("sk-2", people), expect=201)
    root.post(BASE, {**body("sk-3", people), "keyName": "STRIPE_SECRET_KEY"}, expect=201)
    for asked, count in (("scope=global", 1), ("scope=tenant", 2), (f"tenantId={people.tenant.uuid}", 2),
                         (f"tenantId={people.other.uuid}", 0), ("keyName=STRIPE_SECRET_KEY", 1), ("keyName=stripe", 0),
                         ("scope=tenant&limit=1&offset=1", 2)):
        assert root.get(f"{BASE}?{asked}")["pagination"]["count"] == count, asked
    assert [one["keyName"] for one in root.get(f"{BASE}?limit=1&offset=1")["secrets"]] == [NAME]


def test_a_business_own_secret_goes_before_everybodys_and_that_before_the_environment(
        platform: Platform, people: People) -> None:
    root = platform(owner=True)
    assert secrets.value(NAME, people.tenant, "outside") == "outside" and secrets.value(NAME, people.tenant) == ""
    assert root.get("/ready")["checks"]["ai"]["mode"] == "offline"
    root.post(BASE, body("everybody's"), expect=201)
    assert root.get("/ready")["checks"]["ai"]["mode"] == "model"
    root.post(BASE, body("its own", people), expect=201)
    assert [secrets.value(NAME, tenant, "outside") for tenant in (people.tenant, people.other, None)] == [
        "its own", "everybody's", "everybody's"]


@pytest.mark.parametrize(("given", "status"), [
    ({"scope": "tenant", "tenantId": None}, 400), ({"scope": "global", "tenantId": str(ids.uuid7())}, 400),
    ({"scope": "tenant", "tenantId": str(ids.uuid7())}, 404)])
def test_scope_and_business_must_fit(platform: Platform, given: dict[str, str | None], status: int) -> None:
    platform(owner=True).refused("POST", BASE, {**body("sk-1"), **given}, status=status,
                                 field="tenantId" if status == 400 else "")
    assert not IntegrationSecret.select().exists()


def test_whoever_does_not_look_after_the_platform_is_refused(alice: Client) -> None:
    alice.refused("GET", BASE, status=403)
    for path in ("", f"/{ids.uuid7()}/rotate", f"/{ids.uuid7()}/revoke"):
        alice.refused("POST", f"{BASE}{path}", body("sk-1"), status=403, code="INSUFFICIENT_PERMISSIONS")


def test_a_secret_that_there_is_not_is_not_found(platform: Platform) -> None:
    for secret in (ids.uuid7(), "none"):
        platform().refused("POST", f"{BASE}/{secret}/revoke", {"reason": WHY}, status=404)
