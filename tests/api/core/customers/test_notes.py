"""What the team notes about a customer."""

from typing import Any

import pytest

from hub.models.customers.customer import Customer
from hub.models.customers.customer_note import CustomerNote
from tests import factories
from tests.api.callers import code
from tests.client import Client
from tests.factories import People


@pytest.fixture
def vera(people: People) -> Customer:
    return factories.make_conversation(factories.make_site(people.tenant), "Hello", name="Vera Ivanova").customer


def test_the_team_writes_notes_newest_first(bob: Client, carol: Client, vera: Customer) -> None:
    path = f"/api/customers/{vera.uuid}/notes"
    bob.post(path, {"noteText": "Likes poppy seeds."}, expect=201)
    second = bob.post(path, {"note_text": " Pays \x07in cash.\nAlways. "}, expect=201)
    assert set(second) == {"id", "noteText", "authorName", "createdAt"}
    assert (second["noteText"], second["authorName"]) == ("Pays in cash.\nAlways.", "Bob")
    assert [note["noteText"] for note in carol.get(path)] == ["Pays in cash.\nAlways.", "Likes poppy seeds."]


@pytest.mark.parametrize("text", ["", "   ", "\u202e", "x" * 2049, None, 7])
def test_an_empty_or_endless_note_is_refused(bob: Client, vera: Customer, text: Any) -> None:
    bob.refused("POST", f"/api/customers/{vera.uuid}/notes", {"noteText": text}, status=400, field="noteText")
    assert CustomerNote.select().count() == 0


def test_only_the_author_or_an_administrator_deletes_a_note(
        app: Any, alice: Client, bob: Client, people: People, vera: Customer) -> None:
    path = f"/api/customers/{vera.uuid}/notes"
    mine, other = (bob.post(path, {"noteText": "A note."}, expect=201)["id"] for _ in range(2))
    colleague = Client(app, factories.make_user(people.tenant, "operator"))
    assert code(colleague.delete(f"{path}/{mine}", expect=403)) == "not_your_note"
    assert bob.delete(f"{path}/{mine}", expect=200) == {"success": True}
    assert alice.delete(f"{path}/{other}", expect=200) == {"success": True}
    bob.delete(f"{path}/{mine}", expect=404)


def test_a_note_is_only_found_under_its_own_customer(alice: Client, people: People, vera: Customer) -> None:
    note = alice.post(f"/api/customers/{vera.uuid}/notes", {"noteText": "A note."}, expect=201)["id"]
    other = Customer.create(tenant=people.tenant, name="Other")
    alice.delete(f"/api/customers/{other.uuid}/notes/{note}", expect=404)
    assert CustomerNote.select().count() == 1


def test_the_notes_of_somebody_who_left_stay(alice: Client, people: People, vera: Customer) -> None:
    CustomerNote.create(tenant=people.tenant, customer=vera, author=people.bob, text="A note.")
    people.bob.delete_instance()
    note, = alice.get(f"/api/customers/{vera.uuid}/notes")
    assert (note["noteText"], note["authorName"]) == ("A note.", None)
