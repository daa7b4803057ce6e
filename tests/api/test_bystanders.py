"""A write is about the rows of its path: what stands beside them in the same business, and in another one, stays."""

from collections.abc import Callable
from typing import Any

import pytest

from hub.api.kit.table import Route
from hub.models.conversations.turn import Turn
from hub.models.customers.customer_note import CustomerNote
from hub.models.platform.task import Task
from hub.models.channels.channel import Channel
from hub.models.channels.inbound_event import InboundEvent
from tests import factories
from tests.api import bodies
from tests.api import world as worlds
from tests.api.routes import name, routes
from tests.api.world import World
from tests.client import Client

pytestmark = pytest.mark.usefixtures("uncounted")
CHANGING = [route for route in routes() if route.method != "GET"]

# What a write is about, though it does not stand in its path.
MEANT: dict[str, Callable[[Any, World], bool]] = {
    "POST /api/admin/tenants/<tenant>/restrict":
        lambda row, world: isinstance(row, Channel) and row.tenant == world.people.tenant}


def beside(world: World) -> list[Any]:
    """Rows like those of the world, of both businesses."""
    made: list[Any] = []
    for tenant in (world.people.tenant, world.people.other):
        site, hook = factories.make_site(tenant), factories.make_custom(tenant, "http://127.0.0.1:9/")
        talk = factories.make_conversation(site, "And my bread?", who="v-boris", name="Boris")
        line = talk.messages.first()
        made += [site, hook, talk, talk.customer, line, factories.make_user(tenant),
                 factories.make_line(site, "Hello?", who="v-boris"),
                 CustomerNote.create(tenant=tenant, customer=talk.customer, author=world.people.bob, text="Likes rye."),
                 Turn.create(tenant=tenant, conversation=talk, question=line, floor_version=0, state="suggested"),
                 Task.create(tenant=tenant, job="knowledge.reindex.restore", permission="MANAGE_KNOWLEDGE_BASE"),
                 InboundEvent.create(tenant=tenant, channel=hook, external_id="e-9", body=b"x", state="failed"),
                 *(noun.make(tenant) for noun in world.nouns.values() if noun.above is None)]
    return made


def as_stored(rows: list[Any]) -> dict[str, Any]:
    return {f"{type(row).__name__} {row.id}": type(row).select().where(type(row).id == row.id).tuples().first()
            for row in rows}


@pytest.mark.parametrize("route", CHANGING, ids=[name(route) for route in CHANGING])
def test_what_stands_beside_the_rows_of_a_write_stays_as_it_is(
        route: Route, world: World, callers: dict[str, Client]) -> None:
    path = world.fill(route.path)
    with worlds.undone():
        rows = beside(world)
        before = as_stored(rows)
        answer = callers[bodies.caller(route)].call(route.method, path, json=bodies.smallest(route, world))
        after = as_stored(rows)
    assert answer.status_code < 500, answer.text
    meant = MEANT.get(name(route), lambda row, world: False)
    beside_it = [key for key, row in zip(before, rows, strict=True) if not meant(row, world)]
    assert {row: (before[row], after[row]) for row in beside_it if before[row] != after[row]} == {}
