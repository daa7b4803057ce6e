"""A write that is repeated under the same key: one effect, the first answer."""

from functools import partial
from typing import Any, get_args

import pytest

from hub.access.roles import Permission
from hub.lib import clock, masking
from hub.models.agents.agent import Agent
from hub.models.customers.customer_note import CustomerNote
from hub.models.platform.idempotency import IdempotencyKey
from hub.services.platform import sweep
from hub.web import binding
from tests import factories
from tests.api.callers import code
from tests.api.routes import name, routes
from tests.client import Client
from tests.factories import People
from tests.services import steps

AGENTS = "/api/agents"
NEW = {"name": "Aino", "system_instructions": "Answer politely and briefly."}


def make(client: Client, key: str, body: Any = None, header: str = "Idempotency-Key", **more: Any) -> Any:
    return client.call("POST", AGENTS, json=body or NEW, headers={header: key}, **more)


@pytest.mark.parametrize("header", ["Idempotency-Key", "X-Idempotency-Key"])
def test_the_same_key_is_one_effect_and_the_same_answer(alice: Client, header: str) -> None:
    first = make(alice, "key-1", header=header, expect=201)
    again = [make(alice, "key-1", header=header, expect=201) for _ in range(3)]
    assert [answer.data for answer in again] == [first.data] * 3
    assert "Idempotency-Replayed" not in first.headers
    assert again[0].headers["Idempotency-Replayed"] == "true"
    assert again[0].headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert Agent.select().count() == 1


def test_without_a_key_every_request_counts(alice: Client) -> None:
    for _ in range(2):
        alice.post(AGENTS, NEW, expect=201)
    assert Agent.select().count() == 2


def test_the_same_key_for_another_request_is_refused(alice: Client) -> None:
    make(alice, "key-1", expect=201)
    assert code(make(alice, "key-1", {**NEW, "name": "Bo"}, expect=422)) == "idempotency_key_reused"
    other = alice.call("PATCH", "/api/tenant", json=NEW, headers={"Idempotency-Key": "key-1"}, expect=422)
    assert code(other) == "idempotency_key_reused"
    assert Agent.select().count() == 1


def test_while_the_first_request_runs_the_second_is_told_to_wait(alice: Client) -> None:
    make(alice, "key-1", expect=201)
    IdempotencyKey.update(status=None, answer=None).execute()
    assert code(make(alice, "key-1", expect=409)) == "idempotency_key_running"
    assert Agent.select().count() == 1


def test_a_refused_request_leaves_its_key_free(alice: Client) -> None:
    assert code(make(alice, "key-1", {"name": ""}, expect=422)) == "VALIDATION_ERROR"
    make(alice, "key-1", expect=201)


def test_a_key_belongs_to_one_person(app: Any, alice: Client, dave: Client, people: People) -> None:
    admin = Client(app, factories.make_user(people.tenant, "admin"))
    result = [make(caller, "key-1", expect=201).get_json()["agent"]["id"] for caller in (alice, admin, dave)]
    assert len(set(result)) == 3


def test_a_key_does_not_open_what_the_role_does_not(alice: Client, carol: Client) -> None:
    make(alice, "key-1", expect=201)
    make(carol, "key-1", expect=403)


def test_answers_without_a_body_are_repeated_as_well(bob: Client, people: People) -> None:
    doc = factories.make_doc(people.tenant, "Hours", "From nine to six.")
    for _ in range(2):
        answer = bob.call("DELETE", f"/api/knowledge-docs/{doc.uuid}", headers={"Idempotency-Key": "gone"})
        assert (answer.status_code, answer.data) == (204, b"")


def test_reading_needs_no_key_and_ignores_one(alice: Client) -> None:
    for _ in range(2):
        alice.get("/api/tenant", headers={"Idempotency-Key": "key-1"})
    assert IdempotencyKey.select().count() == 0


@pytest.mark.parametrize(("key", "status"), [("", 422), ("x" * 256, 201), ("x" * 4000, 201), ("\u00e9 a:b/'\"", 201)])
def test_a_key_has_up_to_255_characters(alice: Client, key: str, status: int) -> None:
    answer = make(alice, key, expect=status)
    assert status == 201 or code(answer) == "idempotency_key_invalid"


def test_long_keys_that_differ_at_the_end_are_two(alice: Client) -> None:
    for end in "ab":
        make(alice, "x" * 254 + end, expect=201)
    assert Agent.select().count() == 2


def test_a_key_is_forgotten_after_a_day(alice: Client) -> None:
    make(alice, "key-1", expect=201)
    IdempotencyKey.update(created_at=clock.ahead(-25 * 3600)).execute()
    sweep._tidy()
    make(alice, "key-1", expect=201)
    assert Agent.select().count() == 2


def test_many_at_once_are_one_effect(app: Any, people: People) -> None:
    conversation = factories.make_conversation(factories.make_site(people.tenant), "Hello")
    path = f"/api/customers/{conversation.customer.uuid}/notes"
    clients = [Client(app, people.bob) for _ in range(6)]
    said = steps.good(steps.at_once(*[
        partial(client.call, "POST", path, json={"noteText": "Once."}, headers={"Idempotency-Key": "key-1"})
        for client in clients]))
    assert CustomerNote.select().count() == 1
    assert 201 in {answer.status_code for answer in said} <= {201, 409}


# Of their names alone secret.
PLAIN = {"secret_id", "tokens_used", "public_key"}


def _secrets(model: Any) -> list[str]:
    """The fields of an answer, however deep, that hold something secret in clear."""
    found = [key for part in get_args(model) for key in _secrets(part)]
    for key, field in getattr(model, "model_fields", {}).items():
        is_secret = masking.is_secret(key) and key not in PLAIN and field.annotation is not bool
        found += [key] if is_secret else _secrets(field.annotation)
    return found


def test_no_answer_that_holds_a_secret_is_kept() -> None:
    kept = {name(route): found for route in routes() if route.method != "GET" and not route.is_shown_once
            and route.permission not in (Permission.ANYBODY, Permission.SERVICE)      # whose keys are not kept either
            and (found := _secrets(binding.bind(route.handler, route.path).returns))}
    assert kept == {}
