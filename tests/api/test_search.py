"""Every search box finds what people mean: in any case and form, and never another business's rows."""

from typing import Any

import pytest

from hub.models.customers.customer import Customer
from hub.services.platform import catch_up
from tests import factories
from tests.client import Client
from tests.factories import People

# (what is there, what is typed, is it found)
CASES = [
    ("Екатерина Ёлкина", "екатерина", True), ("Екатерина Ёлкина", "ЁЛКИНА", True), ("Екатерина Ёлкина", "Елкина", True),
    ("Екатерина Ёлкина", "елкина екатерина", True), ("Екатерина Ёлкина", "  кат   елк ", True),
    ("Екатерина Ёлкина", "Ｅкатерина", False), ("Ｋａｔｅ", "kate", True), ("ﬁnch", "FINCH", True),
    ("Страßе", "страss", True), ("бурмо\u00adлётик", "бурмолетик", True), ("штур\u200bманка", "штурманка", True),
    ("и\u0306од", "ЙОД", True), ("Йод", "Иод", False), ("Доставка в Казахстан", "доставка в", True),
    ("100% cotton", "100%", True), ("cotton", "%", False), ("cotton", "c_tton", False), ("back\\slash", "back\\", True),
    ("cotton", "\\", False), ("O'Neil", "o’neil", True), ("cotton", "\u200b", True), ("cotton", "'; --", False)]


def titles(client: Client, path: str, typed: str) -> list[str]:
    found: Any = client.get(path, query_string={"search": typed})
    return [row.get("name") or row.get("title") for row in (found["agents"] if isinstance(found, dict) else found)]


@pytest.mark.parametrize(("there", "typed", "is_found"), CASES)
def test_lists_find_a_name_however_it_is_typed(alice: Client, dave: Client, people: People, there: str, typed: str,
                                               is_found: bool) -> None:
    Customer.create(tenant=people.tenant, name=there)
    factories.make_agent(people.tenant, name=there)
    alice.post("/api/knowledge-docs", {"title": there, "content": "Something."}, expect=201)
    for path in ("/api/customers", "/api/agents", "/api/knowledge-docs"):
        assert len(titles(alice, path, typed)) == int(is_found), path
        assert titles(dave, path, typed) == [], path


@pytest.mark.parametrize("typed", [
    "+7 912 345-67-89", "8 (912) 345 67 89", "89123456789", "345-67", "8912345", "+7912", "＋7 912"])
def test_a_telephone_number_is_found_by_its_digits(alice: Client, people: People, typed: str) -> None:
    for number in ("8 912 345 67 89", "+7 (912) 345-67-89", "7.912.345.67.89", "+372 5550 0000"):
        Customer.create(tenant=people.tenant, phone=number)
    found = alice.get("/api/customers", query_string={"search": typed})
    assert sorted(row["phone"] for row in found) == ["+7 (912) 345-67-89", "7.912.345.67.89", "8 912 345 67 89"]


def test_whoever_was_renamed_is_found_by_the_new_name_alone(alice: Client, people: People) -> None:
    vera = Customer.create(tenant=people.tenant, name="Вера", email="Vera@Shop.example")
    alice.patch(f"/api/customers/{vera.uuid}", {"name": "Надежда"})
    assert titles(alice, "/api/customers", "ВЕРА") == []
    assert titles(alice, "/api/customers", "надежда") == titles(alice, "/api/customers", "vera@shop") == ["Надежда"]
    alice.patch(f"/api/customers/{vera.uuid}", {"tags": ["vip"]})
    assert titles(alice, "/api/customers", "надежда") == ["Надежда"]


def test_what_the_release_before_wrote_is_found_a_little_later(alice: Client, people: People) -> None:
    Customer.insert(tenant=people.tenant, name="Екатерина Ёлкина").execute()
    assert titles(alice, "/api/customers", "елкина") == []
    catch_up.catch_up()
    assert titles(alice, "/api/customers", "елкина") == ["Екатерина Ёлкина"]
    assert [row["number"] for row in alice.get("/api/customers")] == [1]
    assert catch_up.catch_up() == 0
