"""Rows change one way: what is given and differs is written, and the log says who did it, once and for good."""

from collections.abc import Callable
from typing import Any

import pytest
from peewee import DatabaseError, IntegrityError

from hub.access.callers import Service, UserCaller
from hub.errors import NotFound
from hub.lib import masking
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.agents.agent import Agent
from hub.models.base import db, transaction
from hub.models.customers.customer import Customer
from hub.models.platform.event import Event
from hub.services import changes
from hub.services.customers import customers, erasing, notes
from tests import factories
from tests.services.steps import by, fresh
from tests.there import there


def events() -> list[Any]:
    return [(event.kind, event.entity, event.old, event.new) for event in Event.select().order_by(Event.id)]


def test_a_change_is_written_and_recorded_with_what_was_before(tenant: Tenant, agent: Agent) -> None:
    changes.apply(by(tenant), agent, {"name": "Bruno", "response_delay_seconds": 3})
    assert (fresh(agent).name, fresh(agent).response_delay_seconds) == ("Bruno", 3)
    (event,) = Event.select()
    assert (event.tenant_id, event.kind, event.entity, event.entity_uuid, event.actor, event.impersonator) == \
        (tenant.id, "agent.changed", "agent", agent.uuid, "service:test", None)
    assert event.old == {"name": "Aino", "response_delay_seconds": 0}
    assert event.new == {"name": "Bruno", "response_delay_seconds": 3}


def test_what_is_given_but_not_different_is_neither_written_nor_recorded(tenant: Tenant, agent: Agent) -> None:
    before = fresh(agent).updated_at
    changes.apply(by(tenant), agent, {"name": "Aino", "working_schedule": []})
    assert fresh(agent).updated_at == before and not events()
    changes.apply(by(tenant), agent, {"name": "Aino", "is_active": False})
    assert events() == [("agent.changed", "agent", {"is_active": True}, {"is_active": False})]


def test_an_address_in_other_letters_is_no_change(tenant: Tenant) -> None:
    user = factories.make_user(tenant, email="eve@bakery.example")
    changes.apply(by(tenant), user, {"email": " EVE@bakery.example"})
    assert not events()


def test_old_values_are_those_of_the_database_however_stale_the_row_is(tenant: Tenant, agent: Agent) -> None:
    stale = fresh(agent)
    Agent.update(name="Bruno").where(Agent.id == agent.id).execute()
    changes.apply(by(tenant), stale, {"name": "Carl"})
    assert events() == [("agent.changed", "agent", {"name": "Bruno"}, {"name": "Carl"})]


@pytest.mark.parametrize("values", [{"nme": "x"}, {"id": 1}, {"uuid": "x"}, {"tenant": 2}, {"created_at": None}])
def test_columns_that_there_are_not_or_that_never_change_are_refused(
        tenant: Tenant, agent: Agent, values: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        changes.apply(by(tenant), agent, {"name": "Bruno", **values})
    assert fresh(agent).name == "Aino" and not events()


def test_a_row_that_is_gone_cannot_be_changed(tenant: Tenant, agent: Agent) -> None:
    agent.delete_instance()
    with pytest.raises(NotFound):
        changes.apply(by(tenant), agent, {"name": "Bruno"})
    assert not events()


def test_what_is_made_and_deleted_is_recorded(tenant: Tenant) -> None:
    made = changes.create(by(tenant), Agent, {"name": "Aino"})
    changes.remove(by(tenant), made)
    (created, deleted) = Event.select().order_by(Event.id)
    assert (created.kind, created.old, created.new) == ("agent.created", None, {"name": "Aino"})
    assert (deleted.kind, deleted.new, there(deleted.old)["name"]) == ("agent.deleted", None, "Aino")
    assert created.entity_uuid == deleted.entity_uuid == made.uuid


def _rename(tenant: Tenant, agent: Agent) -> None:
    changes.apply(by(tenant), agent, {"name": "Bruno"})


def _make(tenant: Tenant, agent: Agent) -> None:
    changes.create(by(tenant), Agent, {"name": "Carl"})


def _delete(tenant: Tenant, agent: Agent) -> None:
    changes.remove(by(tenant), agent)


@pytest.mark.parametrize("step", [_rename, _make, _delete])
def test_nothing_is_recorded_of_a_change_that_is_rolled_back(
        tenant: Tenant, agent: Agent, step: Callable[[Tenant, Agent], None]) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        step(tenant, agent)
        raise ZeroDivisionError
    assert not events() and [row.name for row in Agent.select()] == ["Aino"]


def test_a_password_is_recorded_as_changed_and_never_shown(tenant: Tenant) -> None:
    user = factories.make_user(tenant)
    changes.apply(by(tenant), user, {"password_hash": "$2b$04$secret"})
    assert events() == [("user.changed", "user", {"password_hash": "***"}, {"password_hash": "***"})]


@pytest.mark.parametrize("name", [
    "password", "password_hash", "secret", "token", "apiKey", "api_key", "bot_token", "accessToken", "X-Auth-Token",
    "private_key", "client_secret", "webhookSecret", "tokens", "cookie", "Authorization"])
def test_secret_names_are_masked_at_any_depth(name: str) -> None:
    hidden = {name: "hush-hush", "in": [{name: "hush-hush"}, {"deeper": {name: ["hush-hush"]}}]}
    assert "hush" not in str(masking.masked(hidden))


def test_what_only_sounds_secret_stays_readable() -> None:
    values = {"tokens_in": 512, "max_tokens": 1, "keyboard": "ru", "author": "Ann", "secretary": "Ann"}
    assert masking.masked(values) == values


def test_a_password_inside_an_address_is_masked() -> None:
    assert masking.masked({"url": "https://bob:hush@shop.example/in"}) == {"url": "https://***@shop.example/in"}


def test_an_event_can_be_neither_altered_nor_deleted(tenant: Tenant, agent: Agent) -> None:
    changes.apply(by(tenant), agent, {"name": "Bruno"})
    for attempt in (Event.update(actor="user:nobody"), Event.update(kind="x"), Event.update(new={"name": "Carl"}),
                    Event.update(ip="1.2.3.4"), Event.delete(), Event.update(**{**Event.EMPTY, "actor": "x"})):
        with pytest.raises((IntegrityError, DatabaseError)), db.atomic():
            attempt.execute()
    assert [event.new for event in Event.select()] == [{"name": "Bruno"}]


def test_events_go_with_their_business(tenant: Tenant, agent: Agent) -> None:
    other = factories.make_tenant()
    changes.apply(by(tenant), agent, {"name": "Bruno"})
    changes.create(by(other), Agent, {"name": "Carl"})
    tenant.delete_instance()
    assert [event.new for event in Event.select()] == [{"name": "Carl"}]


def test_erasing_a_person_empties_every_event_about_them(tenant: Tenant) -> None:
    site = factories.make_site(tenant)
    vera = factories.make_conversation(site, name="Vera Winter", email="vera@mail.example").customer
    other = factories.make_conversation(site, name="Ann").customer
    operator = by(tenant)
    customers.change(operator, vera, phone="+7 900 111-22-33")
    customers.change(operator, other, phone="+7 900 999-88-77")
    notes.remove(_admin(tenant), notes.create(_admin(tenant), vera, "Vera is allergic to poppy"))
    before = Event.select().count()
    erasing.erase(operator, vera)
    everything = str([event.__data__ for event in Event.select()])
    for word in ("Vera", "Winter", "mail.example", "111-22-33", "poppy"):
        assert word not in everything
    assert "999-88-77" in everything
    assert Event.select().count() == before + 2
    kinds = [event.kind for event in Event.select().where(Event.entity_uuid == vera.uuid).order_by(Event.id)]
    assert kinds[-2:] == ["customer.changed", "customer.erased"]


def test_whoever_gets_the_number_of_somebody_erased_keeps_events_of_their_own(tenant: Tenant) -> None:
    vera = Customer.create(tenant=tenant, name="Vera")
    customers.change(by(tenant), vera, name="Vera W")
    erasing.erase(by(tenant), vera)
    assert not Event.select().where(Event.person.is_null(False)).exists()


def _admin(tenant: Tenant) -> Any:
    user = User.get(User.tenant == tenant, User.role == "owner")
    return UserCaller(user, tenant, "session")


def test_the_caller_is_named_whatever_kind_it_is(tenant: Tenant, agent: Agent) -> None:
    changes.apply(Service("sweeper", tenant), agent, {"name": "Bruno"})
    changes.apply(_admin(tenant), agent, {"name": "Carl"})
    assert [event.actor for event in Event.select().order_by(Event.id)] == \
        ["service:sweeper", f"user:{_admin(tenant).user.uuid}"]
