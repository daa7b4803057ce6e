"""Whatever its own description allows, and what it does not: no route fails, and none answers what it does not say."""

import os
import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from hub.access.roles import Permission
from hub.api.kit.table import Route
from tests import factories
from tests.api import bodies
from tests.api.world import World, undone
from tests.client import Client

pytestmark = pytest.mark.slow
# The same bodies at every run: chosen anew they would find something on some other day, in somebody else's change.
_RULES = settings(max_examples=int(os.environ.get("FUZZ_EXAMPLES") or 8), derandomize=True, database=None,
                  deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck))
_CHECKS = [not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
           checks.response_schema_conformance]
ROUTES = bodies.routes()
_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


@pytest.fixture(scope="module")
def described(web: Any) -> Any:
    return schemathesis.openapi.from_wsgi("/openapi.json", web)


@pytest.mark.parametrize("route", ROUTES, ids=[bodies.name(route) for route in ROUTES])
def test_a_route_answers_as_it_says_whatever_it_is_asked(
        web: Any, described: Any, world: World, callers: dict[str, Client], route: Route) -> None:
    operation = described[_PLACE.sub(r"{\1}", route.path)][route.method]
    caller = callers[bodies.caller(route)]
    said = set[int]()
    rows = {name: world.fill(f"<{name}>") for name in _PLACE.findall(route.path)}

    @_RULES
    @given(case=_cases(operation), is_real=st.integers(0, 3))
    def ask(case: Any, is_real: int) -> None:
        if is_real:         # else of a row that there may not be
            case.path_parameters = {**case.path_parameters, **rows}
        factories.uncount(web)
        with undone():
            answer = case.call_and_validate(headers={**caller.headers, "Accept-Encoding": "identity"}, checks=_CHECKS)
            said.add(answer.status_code)

    ask()
    if route.permission is not Permission.ANYBODY:      # of which some want a proof inside
        assert said - {401, 403}, "nobody was let in"


def _cases(operation: Any) -> Any:
    """What the description allows, and what it does not, where it says anything."""
    allowed = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not (list(operation.query) or list(operation.body) or list(operation.path_parameters)):
        return allowed
    return allowed | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
