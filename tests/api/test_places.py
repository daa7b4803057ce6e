"""Every row that a path names: what there is not is not found, and no row is found below another one than its own."""

import re
from typing import Any

import pytest

from hub.api.kit.table import Route
from hub.models.base import TenantModel
from hub.web import binding
from tests.api import bodies
from tests.api import world as worlds
from tests.api.world import World
from tests.client import Client

pytestmark = pytest.mark.usefixtures("uncounted")
_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
NOWHERE = ["00000000-0000-7000-8000-000000000000", "nonsense", "0", "-1", "99999999", "9" * 30, "%00", "é", "x" * 2000]


def rows(route: Route) -> dict[str, type[TenantModel]]:
    """The rows of a route's path by their names, in their order."""
    path = binding.bind(route.handler, route.path).path
    return {name: kind for name, kind in path.items() if isinstance(kind, type) and issubclass(kind, TenantModel)}


PLACES = [route for route in bodies.routes() if rows(route) and not route.plain]
NESTED = [(route, above, below) for route in PLACES for above in rows(route) for below in rows(route)
          if above != below and rows(route)[above] in rows(route)[below]._meta.model_refs]


def asked(client: Client, route: Route, world: World, path: str) -> Any:
    body: Any = {} if route.method == "GET" else {"json": bodies.smallest(route, world)}
    return client.call(route.method, path, **body)


@pytest.mark.parametrize("route", PLACES, ids=bodies.name)
def test_a_row_that_there_is_not_is_not_found(route: Route, world: World, callers: dict[str, Client]) -> None:
    world.fill(route.path)
    for place in rows(route):
        for key in NOWHERE:
            path = _PLACE.sub(lambda found: key if found[1] == place else world.fill(found[0]), route.path)
            answer, changed = worlds.effect(lambda: asked(callers[bodies.caller(route)], route, world, path))
            assert answer.status_code == 404 and not changed, (path, answer.text)


def twin(row: TenantModel) -> TenantModel:
    """Another row of the same business that says the same."""
    own = {name for name, field in row._meta.fields.items() if field.unique} | {"id", "number"}
    return type(row).create(**{name: value for name, value in row.__data__.items() if name not in own})


@pytest.mark.parametrize(("route", "above", "below"), NESTED,
                         ids=[f"{bodies.name(route)}-{below}" for route, _, below in NESTED])
def test_a_row_is_found_below_its_own_only(
        route: Route, above: str, below: str, world: World, callers: dict[str, Client]) -> None:
    path, client, model = world.fill(route.path), callers[bodies.caller(route)], rows(route)[above]
    with worlds.undone():
        assert asked(client, route, world, path).status_code == route.status
    with worlds.undone():
        another = twin(model.get(model.uuid == world.places[above]))
        answer = asked(client, route, world, path.replace(world.places[above], str(another.uuid)))
        assert answer.status_code == 404, answer.text


def test_the_walk_knows_rows_below_rows() -> None:
    assert {(above, below) for _, above, below in NESTED} >= {("customer", "note"), ("channel", "inbound_event")}
