"""Bodies that are no JSON object, or too much of one: every route refuses them before anything happens."""

import orjson
import pytest

from hub.api.kit.table import Route
from tests.api import bodies
from tests.api import world as worlds
from tests.api.bodies import WRITES
from tests.api.callers import code
from tests.api.world import World
from tests.client import Client

pytestmark = pytest.mark.usefixtures("uncounted")
each_write = pytest.mark.parametrize("route", WRITES, ids=[bodies.name(route) for route in WRITES])

BROKEN = {
    "cut": b'{"name": "a', "an array": b"[]", "a string": b'"text"', "null": b"null", "NaN": b'{"x": NaN}',
    "1e400": b'{"x": 1e400}', "infinity": b'{"x": -Infinity}', "arrays ten thousand deep": b"[" * 10_000,
    "objects ten thousand deep": b'{"x":' * 10_000 + b"1" + b"}" * 10_000,
    "just too deep": b'{"x":' * 40 + b"1" + b"}" * 40, "half a character": b'{"x": "\\ud800"}',
    "not UTF-8": b'{"x": "\xff\xfe"}', "UTF-16": '{"x": 1}'.encode("utf-16"), "two objects": b"{}{}",
    "a comment": b"{} // x", "single quotes": b"{'x': 1}", "a number with a zero": b'{"x": 01}',
    "a control character": b'{"x": "\x01"}', "nothing but blanks": b"   ", "XML": b"<x/>",
}


@each_write
def test_what_is_no_json_object_is_refused(route: Route, world: World, callers: dict[str, Client]) -> None:
    path = world.fill(route.path)
    with worlds.undone():
        before, caller = worlds.picture(), callers[bodies.caller(route)]
        for what, broken in BROKEN.items():
            answer = caller.call(route.method, path, data=broken, content_type="application/json")
            assert (answer.status_code, code(answer)) == (bodies.invalid(route), "invalid_json"), what
        assert worlds.picture() == before


@each_write
def test_a_body_that_is_too_large_is_refused(route: Route, world: World, callers: dict[str, Client]) -> None:
    path = world.fill(route.path)
    data = orjson.dumps({**bodies.smallest(route, world), "padding": "x" * route.largest_body()})
    with worlds.undone():
        answer = callers[bodies.caller(route)].call(route.method, path, data=data, content_type="application/json")
    assert (answer.status_code, code(answer)) == (413, "too_large")
