"""Values that do not fit: refused by the name of their field, and nothing of the call happens."""

from typing import Any

import pytest

from tests.api import bodies, routes
from tests.api import world as worlds
from tests.api.bodies import WRITES
from tests.api.noun import Wrong, declared, named
from tests.api.world import World
from tests.client import Client

pytestmark = pytest.mark.usefixtures("uncounted")
CASES = [(wrong, field, value) for wrong in declared(Wrong) for field, values in wrong.values.items()
         for value in values]
# What a smallest body says although the model does not need it: another proof may come as a cookie, and who names no
# business means all of them.
NOT_NEEDED = {("POST /api/auth/refresh", "refresh_token"), ("POST /api/admin/feature-flags/<name>/toggle", "tenantId"),
              ("POST /api/account/passkeys/options", "proof"),
              *(("POST /api/admin/proxies/<proxy>/assign", name) for name in ("tenantId", "channelId"))}
# The bridge contract has no room for a field's name; its own tests say what it needs.
NEEDING = [route for route in WRITES
           if bodies.name(route) in bodies.BODIES and not route.path.startswith("/admin/key/")]


def refused(client: Client, route: Any, world: World, sent: dict[str, Any], code: str) -> tuple[dict[str, Any], bool]:
    """The error, and whether anything is another after it."""
    return worlds.effect(lambda: client.refused(route.method, world.fill(route.path), status=bodies.invalid(route),
                                                code=code, **sent))


@pytest.mark.parametrize(("wrong", "field", "value"), CASES,
                         ids=[f"{wrong.route}-{field}" for wrong, field, _ in CASES])
def test_a_wrong_value_is_refused_by_name_and_nothing_happens(
        world: World, callers: dict[str, Client], wrong: Wrong, field: str, value: Any) -> None:
    route = routes.find(wrong.route)
    world.fill(route.path)
    client = callers[bodies.caller(route)]
    sent = {"query_string": {**bodies.QUERIES.get(wrong.route, {}), field: value}} if route.method == "GET" else {
        "body": {**bodies.smallest(route, world), field: value}}
    error, changed = refused(client, route, world, sent, wrong.code)
    assert named(error["details"]["field"], field) and not changed, error


@pytest.mark.parametrize("route", NEEDING, ids=bodies.name)
def test_what_is_needed_is_asked_for_by_name(world: World, callers: dict[str, Client], route: Any) -> None:
    whole = bodies.smallest(route, world)
    for field in {*whole} - {field for which, field in NOT_NEEDED if which == bodies.name(route)}:
        less = {name: value for name, value in whole.items() if name != field}
        error, changed = refused(callers[bodies.caller(route)], route, world, {"body": less}, "VALIDATION_ERROR")
        assert named(error["details"]["field"], field) and not changed, error
