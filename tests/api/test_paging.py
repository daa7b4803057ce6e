"""Lists: page after page by key, nothing twice and nothing left out while new rows arrive."""

from collections.abc import Callable
from typing import Any

import pytest

from hub.lib import cursor
from hub.models.customers.customer import Customer
from hub.models.customers.customer_note import CustomerNote
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from tests import factories
from tests.api.callers import code
from tests.client import Client
from tests.factories import People

Maker = Callable[[People, str], Any]


def _note(people: People, name: str) -> CustomerNote:
    customer = Customer.of(people.tenant).first() or Customer.create(tenant=people.tenant, name="Vera")
    return CustomerNote.create(tenant=people.tenant, customer=customer, text=name, author=people.bob)


def _conversation(people: People, name: str) -> Any:
    return factories.make_conversation(factories.make_site(people.tenant), name)


# list -> how a row of it comes into being
LISTS: dict[str, Maker] = {
    "/api/customers": lambda people, name: Customer.create(tenant=people.tenant, name=name),
    "/api/knowledge-docs": lambda people, name: KnowledgeDoc.create(tenant=people.tenant, title=name, content=name),
    "/api/customers/{customer}/notes": _note,
    "/api/conversations": _conversation,
}
each_list = pytest.mark.parametrize(("path", "make"), LISTS.items(), ids=list(LISTS))


def _path(path: str, people: People) -> str:
    customer = Customer.of(people.tenant).order_by(Customer.id).first()
    return path.format(customer=customer.uuid if customer else "")


@each_list
def test_every_row_comes_once_although_new_ones_arrive(
        bob: Client, people: People, path: str, make: Maker) -> None:
    mine = [str(make(people, f"Row {number}").uuid) for number in range(7)]
    seen: list[str] = []
    after: dict[str, str] = {}
    for page in range(4):
        answer = bob.call("GET", _path(path, people), query_string={"limit": 2, **after}, expect=200)
        rows = [row["id"] for row in answer.get_json()]
        assert len(rows) == (2 if page < 3 else 1)
        seen += rows
        make(people, f"Late {page}")
        if page < 3:
            after = {"after": answer.headers["X-Next-After"]}
        else:
            assert "X-Next-After" not in answer.headers and "Link" not in answer.headers
    assert seen == mine[::-1]


@each_list
def test_the_link_leads_to_the_next_page_with_the_same_question(
        bob: Client, people: People, path: str, make: Maker) -> None:
    for number in range(3):
        make(people, f"Row {number}")
    answer = bob.call("GET", f"{_path(path, people)}?limit=1&search=Row", expect=200)
    link = answer.headers["Link"]
    assert link.endswith('>; rel="next"')
    following = bob.call("GET", link[1:].partition(">")[0], expect=200)
    assert len(following.get_json()) == 1
    assert following.get_json() != answer.get_json()
    assert "search=Row" in link


@each_list
def test_a_page_of_the_right_size_is_the_last_one(bob: Client, people: People, path: str, make: Maker) -> None:
    for number in range(2):
        make(people, f"Row {number}")
    assert "X-Next-After" not in bob.call("GET", f"{_path(path, people)}?limit=2", expect=200).headers


@each_list
@pytest.mark.parametrize("after", [
    "nonsense", "é", "e30", "MQ", cursor.encode([]), cursor.encode(["1"]), cursor.encode([True]), cursor.encode([1.5]),
    cursor.encode([2**63]), cursor.encode([1, "x", 1]), cursor.encode([1, "2026-01-01", 2**64 - 1]),
    cursor.encode([1, "0001-01-01T00:00:00+23:59", 1]), cursor.encode([1, 1, 1, 1]), cursor.encode([1, "a\x00",
                                                                                                    1]), "A" * 3000])
def test_a_key_that_is_not_ours_is_refused(bob: Client, people: People, path: str, make: Maker, after: str) -> None:
    make(people, "Row")
    answer = bob.call("GET", f"{_path(path, people)}?after={after}", expect=400)
    assert code(answer) in ("after_invalid", "moment_invalid")


@pytest.mark.parametrize(("limit", "rows"), [("0", 1), ("-5", 1), ("3", 3), ("9999999999999999999999", 5)])
def test_the_size_of_a_page_is_kept_within_bounds(bob: Client, people: People, limit: str, rows: int) -> None:
    for number in range(5):
        Customer.create(tenant=people.tenant, name=f"Customer {number}")
    assert len(bob.get(f"/api/customers?limit={limit}")) == rows


def test_no_page_has_more_than_two_hundred_rows(bob: Client, people: People) -> None:
    Customer.insert_many([{"tenant": people.tenant, "name": f"Customer {number}"} for number in range(201)]).execute()
    assert len(bob.get("/api/customers?limit=5000")) == 200
    assert len(bob.get("/api/customers")) == 50


@pytest.mark.parametrize("limit", ["many", "1.5", "", "1e400", "NaN"])
def test_a_size_that_is_no_number_is_refused(bob: Client, limit: str) -> None:
    bob.refused("GET", f"/api/customers?limit={limit}", status=400, field="limit")
