"""Queries whose SQL is written once give what the same query gives, whatever the values are."""

from datetime import timedelta
from typing import Any

from hub.lib import clock, ids
from hub.models.conversations.conversation import Conversation
from hub.models.customers.customer import Customer
from hub.models.prepared import Prepared
from tests import factories
from tests.factories import People

BY_NAME = Prepared(lambda slots: (
    Customer.select().where(Customer.name.in_([slot(Customer.name) for slot in slots])).order_by(Customer.id)))
NEWER = Prepared(lambda slots: (
    Conversation.select(Conversation, Customer).join(Customer)
    .where(Conversation.uuid == slots[0](Conversation.uuid),
           Conversation.last_message_at > slots[0](Conversation.last_message_at))))
RENAME = Prepared(lambda slots: (
    Customer.update(name=slots[0](Customer.name)).where(Customer.id == slots[0](Customer.id))
    .returning(Customer.id).tuples()))


def test_it_finds_the_same_rows_again_and_again(people: People) -> None:
    names = ["Ann", "Ann", "O'Brien; DROP TABLE customer --", "", "%s ? {0}", "Ёлка 🎄"]
    result = [Customer.create(tenant=people.tenant, name=name) for name in names]
    for name in names * 2:
        expected = [customer.id for customer, given in zip(result, names, strict=True) if given == name]
        assert [customer.id for customer in BY_NAME.run(name=name)] == expected
    assert BY_NAME.first(name="nobody") is None


def test_values_are_put_as_the_field_keeps_them_and_joined_rows_are_loaded(people: People) -> None:
    conversation = factories.make_conversation(factories.make_site(people.tenant), "Hello")
    before = conversation.last_message_at - timedelta(seconds=1)
    found: Any = NEWER.first(uuid=conversation.uuid, last_message_at=before)
    assert found.uuid == conversation.uuid and found.last_message_at == conversation.last_message_at
    assert found.customer.__data__["id"] == conversation.customer_id and found.customer.tags == []
    assert NEWER.first(uuid=conversation.uuid, last_message_at=clock.ahead(60)) is None
    assert NEWER.first(uuid=ids.uuid7(), last_message_at=before) is None


def test_a_change_is_made_even_if_nobody_reads_its_answer(people: People) -> None:
    customer = Customer.create(tenant=people.tenant, name="Ann")
    RENAME.run(id=customer.id, name="Bea")
    assert Customer.get_by_id(customer.id).name == "Bea"
    assert RENAME.first(id=customer.id, name="Cleo") == (customer.id,)
    assert RENAME.first(id=customer.id + 1, name="Dan") is None


def test_several_rows_of_values_go_into_one_query(people: People) -> None:
    result = [Customer.create(tenant=people.tenant, name=name) for name in ("Ann", "Bea", "Cleo", "Ann")]
    for names in (["Ann"], ["Bea", "Ann"], ["Cleo", "nobody", "Bea"], ["Ann"]):
        expected = [customer.id for customer in result if customer.name in names]
        assert [customer.id for customer in BY_NAME.run_all([{"name": name} for name in names])] == expected
