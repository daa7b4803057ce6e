"""What the team notes about a customer."""

from typing import Any

import pytest

from hub.models.accounts.tenant import Tenant
from hub.models.customers.customer import Customer
from hub.models.customers.customer_note import CustomerNote
from tests import factories
from tests.api.callers import code
from tests.api.noun import Noun
from tests.api.walks import walks
from tests.client import Client
from tests.factories import People


def customer(tenant: Tenant) -> Customer:
    return Customer.of(tenant).first() or Customer.create(tenant=tenant, name="Vera")


def make_note(tenant: Tenant) -> CustomerNote:
    return CustomerNote.create(tenant=tenant, customer=customer(tenant), text="Likes poppy seeds.")


NOUN = Noun("/api/customers/<customer>/notes", make=make_note, new={"note_text": "Pays in cash.\nAlways."},
            wrong={"note_text": ["", "   ", "\u202e", "x" * 2049, None, 7]}, deletes="admin", above=customer)
globals().update(walks(NOUN))


@pytest.fixture
def vera(people: People) -> Customer:
    return customer(people.tenant)


def test_only_the_author_or_an_administrator_deletes_a_note(
        app: Any, alice: Client, bob: Client, people: People, vera: Customer) -> None:
    path = f"/api/customers/{vera.uuid}/notes"
    mine, other = (bob.post(path, {"noteText": "A note."}, expect=201)["id"] for _ in range(2))
    colleague = Client(app, factories.make_user(people.tenant, "operator"))
    assert code(colleague.delete(f"{path}/{mine}", expect=403)) == "not_your_note"
    assert bob.delete(f"{path}/{mine}", expect=200) == {"success": True}
    assert alice.delete(f"{path}/{other}", expect=200) == {"success": True}
    bob.delete(f"{path}/{mine}", expect=404)


def test_the_notes_of_somebody_who_left_stay(alice: Client, people: People, vera: Customer) -> None:
    CustomerNote.create(tenant=people.tenant, customer=vera, author=people.bob, text="A note.")
    people.bob.delete_instance()
    note, = alice.get(f"/api/customers/{vera.uuid}/notes")
    assert (note["noteText"], note["authorName"]) == ("A note.", None)
