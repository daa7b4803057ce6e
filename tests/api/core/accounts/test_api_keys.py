"""Keys of the Chat API: made by who may, shown once, listed by their beginning, revoked."""

from typing import Any

from hub.lib import clock
from hub.models.accounts.api_key import ApiKey
from hub.models.accounts.user import User
from hub.models.base import db
from hub.models.platform.event import Event
from tests import factories
from tests.api.callers import Acting
from tests.api.noun import Wrong
from tests.client import Client
from tests.factories import People

KEYS = "/api/api-keys"
NEW = {"name": "Shop", "scopes": ["MANAGE_CONVERSATIONS", "VIEW_CONVERSATIONS", "VIEW_CONVERSATIONS"]}
WRONG = Wrong(f"POST {KEYS}", {"name": ["", "x" * 121, None], "scopes": [[], ["MANAGE_USERS"], "VIEW_CONVERSATIONS"],
                               "expires_in_days": [0, 3651, "soon"]})


def test_a_key_is_shown_once_and_kept_as_a_digest_alone(alice: Client, people: People) -> None:
    made = alice.post(KEYS, {**NEW, "expiresInDays": 30}, expect=201)
    key = made.pop("apiKey")
    assert key.startswith(made["prefix"]) and len(key) > 40
    assert made["scopes"] == ["VIEW_CONVERSATIONS", "MANAGE_CONVERSATIONS"] and made["lastUsedAt"] is None
    assert clock.iso(clock.ahead(29 * 86_400)) < made["expiresAt"] < clock.iso(clock.ahead(31 * 86_400))
    assert alice.get(f"{KEYS}/{made['id']}") == made
    assert alice.get(KEYS) == [made] == alice.get(f"{KEYS}?search=sHOP") == alice.get(f"{KEYS}?search={made['prefix']}")
    (event,) = Event.select().where(Event.kind == "api_key.created")
    kept = [str(vars(row)) for row in (ApiKey.get(), event)]
    assert [text for text in kept if key in text] == []
    assert event.actor == f"user:{people.alice.uuid}" and (event.new or {})["digest"] == "***"


def test_a_key_is_kept_for_no_repetition_of_its_call(alice: Client) -> None:
    alice.post(KEYS, NEW, expect=201, headers={"Idempotency-Key": "one"})
    alice.refused("POST", KEYS, NEW, status=409, code="name_taken", headers={"Idempotency-Key": "one"})
    assert db.execute_sql("SELECT COUNT(*) FROM idempotency_key").fetchone()[0] == 0


def test_a_name_is_of_one_key_alone(alice: Client, people: People) -> None:
    factories.make_api_key(people.other, name="Shop")
    alice.post(KEYS, NEW, expect=201)
    alice.refused("POST", KEYS, NEW, status=409, code="name_taken", field="name")


def test_who_does_not_own_the_installation_gives_no_key_to_every_business(alice: Client, people: People) -> None:
    body = {"name": "Shop", "scopes": ["platform-admin"]}
    alice.refused("POST", KEYS, body, status=403, code="INSUFFICIENT_PERMISSIONS")
    User.update(is_platform_owner=True).where(User.id == people.alice.id).execute()
    assert alice.post(KEYS, body, expect=201)["scopes"] == ["platform-admin"]


def test_who_acts_in_somebodys_place_takes_no_key_along(app: Any, people: People) -> None:
    Acting(app, people.alice, factories.make_user(people.other, is_platform_owner=True)).refused(
        "POST", KEYS, NEW, status=403, code="impersonating")
