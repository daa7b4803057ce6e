"""Customers, and forgetting them."""


import pytest

from hub.models.conversations.conversation import Conversation
from hub.models.customers.customer import Customer, CustomerIdentity
from hub.models.conversations.message import Message
from tests import factories
from tests.api.noun import Noun, Wrong
from tests.api.walks import walks
from tests.client import Client
from tests.factories import People

NOUN = Noun(
    "/api/customers", make=lambda tenant: Customer.create(tenant=tenant, name="Vera", email="vera@example.com"),
    change={"name": "Надежда", "email": "nadya@example.com", "phone": "+79001234567", "tags": ["vip"]},
    filters={"search": "vERA@"},
    wrong={"name": ["x" * 256, None], "email": ["x" * 256], "phone": ["1" * 33],
           "tags": ["vip", None, ["x" * 65], [""], ["x"] * 51, [1]]})
globals().update(walks(NOUN))
LISTED = Wrong("GET /api/customers", {"search": ["x" * 256]})


@pytest.fixture
def vera(people: People) -> Customer:
    conversation = factories.make_conversation(factories.make_site(people.tenant), "Hello", name="Vera Ivanova",
                                       email="vera@example.com", phone="+79001234567")
    return conversation.customer


def test_what_is_given_is_cleaned_and_what_the_widget_noticed_stays(bob: Client, vera: Customer) -> None:
    sent = {"name": "Vera", "tags": ["vip", " two\nlines "], "phone": None, "language": "fr", "page": {"url": "x:y"}}
    found = bob.patch(f"/api/customers/{vera.uuid}", sent)
    assert (found["language"], found["page"]) == (vera.language, vera.page), "what the widget noticed, nobody types"
    assert (found["name"], found["tags"], found["phone"]) == ("Vera", ["vip", "two lines"], None)
    assert found["email"] == "vera@example.com"
    assert bob.patch(f"/api/customers/{vera.uuid}", {"email": "  "})["email"] is None
    assert bob.get(f"/api/customers/{vera.uuid}")["name"] == "Vera"


def test_forgetting_a_person_leaves_nothing(alice: Client, people: People, vera: Customer) -> None:
    alice.post(f"/api/customers/{vera.uuid}/notes", {"noteText": "A note."}, expect=201)
    kept = factories.make_line(factories.make_site(people.tenant), "Me not")
    counts = alice.delete(f"/api/customers/{vera.uuid}/data", expect=200)
    assert counts == counts | {"deletedMessages": 1, "deletedConversations": 1, "deletedNotes": 1}
    assert [row.id for row in Message.select()] == [kept.id]
    assert Conversation.select().count() == CustomerIdentity.select().count() == Customer.select().count() == 1
    alice.delete(f"/api/customers/{vera.uuid}/data", expect=404)
