"""Customers, and forgetting them."""

from typing import Any

import pytest

from hub.models.conversations.conversation import Conversation
from hub.models.customers.customer import Customer, CustomerIdentity
from hub.models.conversations.message import Message
from tests import factories
from tests.client import Client
from tests.factories import People

SHOWN = {"id", "number", "name", "email", "phone", "tags", "language", "page", "lastSeenAt", "createdAt"}


@pytest.fixture
def vera(people: People) -> Customer:
    conversation = factories.make_conversation(factories.make_site(people.tenant), "Hello", name="Vera Ivanova",
                                       email="vera@example.com", phone="+79001234567")
    return conversation.customer


def test_it_lists_and_shows_customers(carol: Client, vera: Customer) -> None:
    row, = carol.get("/api/customers")
    assert set(row) == SHOWN
    assert (row["id"], row["number"], row["name"]) == (str(vera.uuid), 1, "Vera Ivanova")
    assert carol.get(f"/api/customers/{vera.uuid}") == row


@pytest.mark.parametrize(("search", "count"), [
    ("Vera", 1), ("vera@", 1), ("+7900", 1), ("Ivan", 1), ("Nobody", 0), ("%", 0), ("_", 0), ("' OR 1=1 --", 0),
    ("\\", 0), ("", 1), ("x" * 255, 0)])
def test_it_searches_name_email_and_phone_for_exactly_that(
        carol: Client, vera: Customer, search: str, count: int) -> None:
    assert len(carol.get("/api/customers", query_string={"search": search})) == count


def test_a_search_longer_than_any_name_is_refused(carol: Client) -> None:
    carol.get("/api/customers?search=" + "x" * 256, expect=400)


def test_it_changes_what_is_given(bob: Client, vera: Customer) -> None:
    found = bob.patch(f"/api/customers/{vera.uuid}", {"name": "Vera", "tags": ["vip", " two\nlines "], "phone": None})
    assert (found["name"], found["tags"], found["phone"]) == ("Vera", ["vip", "two lines"], None)
    assert found["email"] == "vera@example.com"
    assert bob.patch(f"/api/customers/{vera.uuid}", {"email": "  "})["email"] is None
    assert bob.get(f"/api/customers/{vera.uuid}")["name"] == "Vera"


@pytest.mark.parametrize("body", [
    {"name": "x" * 256}, {"name": None}, {"email": "x" * 256}, {"phone": "1" * 33}, {"tags": "vip"}, {"tags": None},
    {"tags": ["x" * 65]}, {"tags": [""]}, {"tags": ["x"] * 51}, {"tags": [1]}])
def test_a_wrong_change_is_refused_by_name(bob: Client, vera: Customer, body: Any) -> None:
    error = bob.refused("PATCH", f"/api/customers/{vera.uuid}", body, status=400)
    assert error["details"]["field"].startswith(next(iter(body)))
    assert Customer.get_by_id(vera.id).updated_at == vera.updated_at


def test_whose_customer_it_is_stays(bob: Client, people: People, vera: Customer) -> None:
    bob.patch(f"/api/customers/{vera.uuid}", {"tenant": people.other.id, "tenantId": str(people.other.uuid), "id": 9,
                                              "uuid": "x", "number": 9, "created_at": "2020-01-01T00:00:00Z",
                                              "language": "fr", "page": {"url": "javascript:alert(1)"}})
    row = Customer.get_by_id(vera.id)
    assert (row.tenant_id, row.uuid, row.created_at) == (vera.tenant_id, vera.uuid, vera.created_at)
    assert (row.language, row.page) == (vera.language, vera.page)


def test_forgetting_a_person_leaves_nothing(alice: Client, people: People, vera: Customer) -> None:
    alice.post(f"/api/customers/{vera.uuid}/notes", {"noteText": "A note."}, expect=201)
    kept = factories.make_line(factories.make_site(people.tenant), "Me not")
    counts = alice.delete(f"/api/customers/{vera.uuid}/data", expect=200)
    assert counts == {"deletedMessages": 1, "deletedConversations": 1, "deletedNotes": 1}
    assert [row.id for row in Message.select()] == [kept.id]
    assert Conversation.select().count() == CustomerIdentity.select().count() == Customer.select().count() == 1
    alice.delete(f"/api/customers/{vera.uuid}/data", expect=404)
