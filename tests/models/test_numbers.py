"""The numbers that people see are counted by each business for itself."""

from functools import partial
from typing import Any

import pytest

from hub.models.agents.agent import Agent
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.customers.customer import Customer
from tests import factories
from tests.client import Client
from tests.factories import People
from tests.services import steps


def test_a_new_businesss_first_visitor_is_number_one(alice: Client, dave: Client, people: People) -> None:
    ours, theirs = factories.make_site(people.tenant), factories.make_site(people.other)
    for _ in range(3):
        factories.make_line(ours)
    factories.make_line(theirs)
    assert [row["number"] for row in dave.get("/api/customers")] == [1]
    assert [row["number"] for row in dave.get("/api/conversations")] == [1]
    assert [row["number"] for row in alice.get("/api/customers")] == [3, 2, 1]
    assert "Visitor 1" in dave.call("GET", "/inbox", expect=200).text
    assert "Visitor 4" not in dave.call("GET", "/inbox", expect=200).text


def test_agents_and_articles_have_numbers_of_their_own(alice: Client, dave: Client, people: People) -> None:
    for client in (alice, dave):
        for number in (1, 2):
            doc = client.post("/api/knowledge-docs", {"title": "T", "content": "Something."}, expect=201)
            agent = client.post("/api/agents", {"name": "A", "system_instructions": "Answer politely."}, expect=201)
            assert (doc["number"], agent["agent"]["number"]) == (number, number)
    copy = alice.post(f"/api/agents/{agent_of(people)}/duplicate", expect=201)
    assert copy["agent"]["number"] == 3


def agent_of(people: People) -> Any:
    return Agent.of(people.tenant).get().uuid


def test_a_number_is_never_given_twice(alice: Client, people: People) -> None:
    for expected in (1, 2, 3):
        customer = Customer.create(tenant=people.tenant)
        assert customer.number == expected
        alice.delete(f"/api/customers/{customer.uuid}/data", expect=200)


def test_those_who_come_at_once_get_different_numbers(people: People) -> None:
    site = factories.make_site(people.tenant)
    steps.good(steps.at_once(*[partial(factories.make_line, site, "Hello", f"v-{number}") for number in range(12)]))
    for model in (Customer, Conversation):
        assert sorted(row.number for row in model.select()) == list(range(1, 13)), model


def test_lines_are_numbered_within_their_conversation_and_paged_by_it(alice: Client, people: People) -> None:
    site = factories.make_site(people.tenant)
    for number in range(5):
        factories.make_line(site, f"line {number}", "v-1")
        factories.make_line(site, f"other {number}", "v-2")
    path = f"/api/conversations/{Conversation.select().order_by(Conversation.id).get().uuid}/messages"
    lines = alice.get(path)
    assert [line["number"] for line in lines] == [1, 2, 3, 4, 5]
    older = alice.get(path, query_string={"before": lines[3]["number"], "limit": 2})
    assert [line["content"] for line in older] == ["line 1", "line 2"]
    assert alice.get(path, query_string={"before": 1}) == []


@pytest.mark.parametrize(("number", "is_there"), [
    (1, True), (2, False), (0, False), (-1, False), (2**40, False), (2**70, False)])
def test_a_row_is_found_by_its_number_in_its_business_alone(people: People, number: int, is_there: bool) -> None:
    customer = Customer.create(tenant=people.tenant)
    assert (Customer.by_number(people.tenant, number) == customer) is is_there
    assert Customer.by_number(people.other, number) is None
    assert Message.by_number(people.tenant, 0) is None
