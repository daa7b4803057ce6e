"""No list reads other businesses' rows, and none sorts what it read: every filter and order has an index."""

import re
import sys
from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Any, Literal, get_args, get_origin
from urllib.parse import urlencode

import pytest
from peewee import SqliteDatabase

from hub.access.roles import Permission
from hub.api.kit.schema import Many
from hub.pages.conversations.inbox_view import FILTERS
from hub.pages.kit import PAGES
from hub.pages.kit.listing import Listing
from hub.models.base import db
from hub.models.customers.customer import Customer
from hub.models.platform.event import Event
from hub.web import binding
from tests.api import crowd, plans
from tests.api.routes import routes
from tests.api.world import World
from tests.client import Client
from tests.api.plans import Plan

pytestmark = [pytest.mark.usefixtures("uncounted"), pytest.mark.slow]

# Lists of the whole platform are of every business by their very purpose.
PLATFORM = (Permission.PLATFORM_ADMIN, Permission.PLATFORM_OWNER)
OF_PLATFORM = {path for _, path, permission in PAGES if permission in PLATFORM}
LISTS = [route for route in routes() if route.method == "GET" and route.permission not in PLATFORM
         and get_origin(binding.bind(route.handler, route.path).returns) in (Many, list)]
# Lists that are sorted after they were read, and filters that no index answers: why not.
SORTED = {
    "/settings/team": "the people of one business",
    "/settings/sites": "the sites of one business",
    "/settings/api-keys": "the keys of one business",
}
_PARTS = "a part of a word may stand anywhere: the business's own rows are looked at, newest first"
_FEW = "a business has few of them"
_URGENT = "the business's own, as the inbox orders them: another index would have to be kept at every line"
_LOG = "the business's own log, newest first; written far more often than read"
UNANSWERED = {
    "/api/agents?search": _PARTS,
    "/api/agents?is_active": _FEW,
    "/api/knowledge-docs?search": _PARTS,
    "/api/knowledge-docs?category": "five categories of some hundred articles",
    "/api/customers?search": _PARTS,
    "/api/channels/<channel>/events?state": "failed is what is asked for without a filter, and has an index; the other "
                                            "states are sought by programs that hardly ever come",
    "/api/conversations/<conversation>/messages?before": "the place is found first: the list is that without it",
    "/api/conversations?channel_type": _URGENT,
    "/api/conversations?date_from": _URGENT,
    "/api/conversations?date_to": _URGENT,
    "/api/admin/audit-events?action": _LOG,
    "/api/admin/audit-events?entity_type": _LOG,
    "/api/admin/audit-events?since": _LOG,
    "/api/admin/audit-events?until": _LOG,
    "/settings/team?role": _FEW,
    "/settings/team?state": _FEW,
    "/settings/team?q": _FEW,
    "/settings/sites?q": _FEW,
    "/settings/api-keys?q": _FEW,
    "/api/api-keys?search": _PARTS,
}


def values(annotation: Any) -> list[str]:
    """What a query parameter of this type may say."""
    options = [kind for kind in get_args(annotation) if kind is not type(None)]
    if get_origin(annotation) is Literal:
        return [str(option) for option in options]
    if isinstance(annotation, type):
        if issubclass(annotation, Enum):
            return [str(member.value) for member in annotation]
        sample = {bool: "true", int: "5", str: "word", date: "2026-01-01"}
        return [said for kind, said in sample.items() if issubclass(annotation, kind)][:1]
    return [said for option in options for said in values(option)][:9]


def asked(web: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """(path, query) of every list with each of its filters and orders, one at a time."""
    for route in LISTS:
        yield route.path, {}
        model: Any = binding.bind(route.handler, route.path).query
        for name, field in (model.model_fields if model else {}).items():
            yield from ((route.path, {name: value}) for value in values(field.annotation) if name != "limit")
    yield from (("/inbox/rows", {"filter": chosen}) for chosen in FILTERS)
    yield "/inbox/rows", {"q": "word"}
    for path, listing in listings(web):
        yield path, {}
        for column in listing.columns:
            if column.sort is not None:
                yield from ((path, {"sort": f"{sign}{column.name}"}) for sign in ("", "-"))
        yield from ((path, {one.name: value}) for one in listing.filters for value in one.options)
        yield path, {"q": "word"}


def listings(web: Any) -> Iterator[tuple[str, Listing[Any]]]:
    """Of every page that is a list: its address."""
    for rule in web.url_map.iter_rules():
        view = web.view_functions[rule.endpoint]
        listing = getattr(sys.modules[view.__module__], "LISTING", None)
        if isinstance(listing, Listing) and view.__name__ == "index" and rule.rule not in OF_PLATFORM:
            yield rule.rule, listing


@pytest.fixture(scope="module")
def found(web: Any, world: World) -> dict[str, list[Plan]]:
    """{"/api/agents?is_active=true": the plans of what it asks the database}, in a crowd of businesses."""
    for noun in world.nouns:
        world.fill(f"<{noun}>")
    alice = Client(web, world.people.alice)
    queries = list(asked(web))
    with plans.statements() as seen:
        for path, query in queries:
            alice.call("GET", world.fill(path), query_string=query, expect=200)
    owner, rows = crowd.fill(world.people.tenant, {table for sql, _ in seen for table in plans.tables(sql)})
    client, rows = Client(web, owner), {**world.places, **rows, "entity_id": rows[world.places["entity_type"]],
                                         "actor": Event.select(Event.actor).order_by(Event.id.desc()).scalar()}
    return {f"{path}?{urlencode(query)}": _plans(client, rows, path, query) for path, query in queries}


def _plans(client: Client, rows: dict[str, str], path: str, query: dict[str, str]) -> list[Plan]:
    address = re.sub(r"<(\w+)>", lambda place: rows[place[1]], path)
    query = {name: rows.get(name.removesuffix("_id"), value) for name, value in query.items()}
    query |= {"limit": "5"} if path.startswith("/api/") else {}
    with plans.statements() as seen:
        first = client.call("GET", address, query_string=query, expect=200)
        after = first.headers.get("X-Next-After")
        if after:
            client.call("GET", address, query_string={**query, "after": after}, expect=200)
    return [plans.of(statement) for statement in seen]


def test_no_list_reads_rows_of_other_businesses(found: dict[str, list[Plan]]) -> None:
    assert {name: tables for name, some in found.items()
            if (tables := sorted({table for plan in some for table in plan.foreign}))} == {}


def test_what_is_sorted_after_it_was_read_is_a_list_of_few_rows(found: dict[str, list[Plan]]) -> None:
    is_sorted = {name.partition("?")[0] for name, some in found.items() if any(plan.sorts for plan in some)}
    assert is_sorted == set(SORTED)


def test_a_filter_that_no_index_answers_has_its_reason(found: dict[str, list[Plan]]) -> None:
    plain = {name[:-1]: {plan.by for plan in some} for name, some in found.items() if name.endswith("?")}
    unanswered = {name.partition("=")[0] for name, some in found.items()
                  if not name.endswith("?") and "?sort=" not in name
                  and {plan.by for plan in some} <= plain.get(name.partition("?")[0], set())}
    assert unanswered - set(UNANSWERED) == set()
    if isinstance(db.obj, SqliteDatabase):      # Postgres answers some of them from an index that is not for them
        assert set(UNANSWERED) - unanswered == set(), "an index answers it now"


def test_every_list_is_asked(found: dict[str, list[Plan]]) -> None:
    assert {route.path for route in LISTS} | {"/inbox/rows", *SORTED} <= {name.partition("?")[0] for name in found}


def test_the_walk_would_notice(found: dict[str, list[Plan]]) -> None:
    """Rows without a business, and an order that nothing keeps."""
    with plans.statements() as seen:
        list(Customer.select().where(Customer.name == "Vera").limit(1))
        list(Customer.select().where(Customer.tenant == 1).order_by(Customer.name).limit(1))
    foreign, unordered = map(plans.of, seen)
    assert foreign.foreign == ("customer",) and unordered.sorts
