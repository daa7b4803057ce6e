"""What the kit makes of a model: answers from columns, filters as data, rows below rows, and what it refuses."""

from typing import Annotated

import pytest

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import SALES
from hub.api.kit.crud import crud, partial
from hub.api.kit.filters import Filters, equals
from hub.api.kit.schema import Out
from hub.api.kit.surface import Surface, coded_error
from hub.models.agents.agent import Agent
from hub.models.channels.channel import Channel
from hub.models.customers.customer import Customer
from hub.models.customers.customer_note import CustomerNote
from hub.models.sales.product import Product
from hub.settings import Settings
from hub.web.schema import In
from tests.api.callers import served
from tests.factories import People


class JottingIn(In):
    """A note."""

    text: str


class JottingOut(Out, columns=(CustomerNote.id, CustomerNote.text)):
    """A note of these tests."""


class JottingsQuery(Filters):
    """Which notes: by their text."""

    text: Annotated[str, equals(CustomerNote.text)] = ""


def test_an_answer_has_its_columns_with_their_types_and_the_rows_name_as_its_id() -> None:
    class BotOut(Out, columns=(Agent.id, Agent.name, Agent.response_language, Agent.is_active, Agent.created_at)):
        """A bot of these tests."""

        average_response_time: int | None

    described = BotOut.model_json_schema(mode="serialization")["properties"]
    assert {name: field.get("type") or field["anyOf"] for name, field in described.items()} == {
        "id": "string", "name": "string", "responseLanguage": [{"type": "string"}, {"type": "null"}],
        "isActive": "boolean", "createdAt": "string", "averageResponseTime": [{"type": "integer"}, {"type": "null"}]}
    assert described["createdAt"]["format"] == "date-time"


@pytest.mark.parametrize("column", [Channel.secret, Agent.search_text, Agent.working_schedule, Agent.tenant])
def test_what_is_secret_or_no_plain_value_is_not_shown_by_being_named(column: object) -> None:
    with pytest.raises(TypeError, match="is not shown as it stands"):
        type("LeakOut", (Out,), {"__module__": __name__}, columns=(column,))


def test_a_filter_that_asks_nothing_is_refused_at_the_start() -> None:
    with pytest.raises(TypeError, match="what do color ask"):
        type("SilentQuery", (Filters,), {"__module__": __name__, "__annotations__": {"color": str}, "color": ""})


def test_a_change_needs_nothing_and_checks_what_it_gets() -> None:
    change = partial(JottingIn)
    assert change.__name__ == "JottingPatch"
    assert [change.model_validate(body).given() for body in ({}, {"text": "a"})] == [{}, {"text": "a"}]
    with pytest.raises(ValueError, match="text"):
        change.model_validate({"text": None})


def test_rows_that_write_must_say_who_may() -> None:
    with pytest.raises(TypeError, match="nobody said who may"):
        crud("/goods", Product, JottingOut, JottingIn, read=Permission.SIGNED_IN, only=["delete"])
    assert len(crud("/goods", Product, JottingOut, read=Permission.SIGNED_IN, only=["list", "show"])) == 2


def test_rows_below_a_row_are_its_own_and_nothing_elses(people: People, settings: Settings) -> None:
    made = Surface("test", ("/test",), lambda permission: UserCaller(people.alice, people.tenant, "token"),
                   coded_error, {})
    made.table("jottings", *crud("/test/<customer>/notes", CustomerNote, JottingOut, JottingIn, JottingsQuery,
                                 called="note", read=Permission.SIGNED_IN, write=Permission.SIGNED_IN, limit=()),
               dialect=SALES)
    client = served([made], settings)
    vera, other = (Customer.create(tenant=people.tenant, name=name) for name in ("Vera", "Other"))
    note = client.post(f"/test/{vera.uuid}/notes", json={"text": "Likes poppy seeds."}).get_json()
    assert CustomerNote.get().customer_id == vera.id
    assert client.get(f"/test/{vera.uuid}/notes").get_json() == [note]
    assert client.get(f"/test/{vera.uuid}/notes?text=Nothing").get_json() == []
    assert client.get(f"/test/{other.uuid}/notes").get_json() == []
    for method in ("GET", "PATCH", "DELETE"):
        assert client.open(f"/test/{other.uuid}/notes/{note['id']}", method=method, json={}).status_code == 404
        assert client.open(f"/test/{vera.uuid}/notes/{note['id']}", method=method, json={}).status_code < 300
