"""Every list and search, asked by somebody of another business for the very words of ours: nothing comes back."""

from typing import Any, get_args

import pytest

from tests.api.bodies import QUESTIONS
from tests.api.routes import PAGES, name
from tests.api.world import World
from tests.client import Client
from hub.api.kit.table import Route
from hub.web import binding

pytestmark = pytest.mark.usefixtures("uncounted")
# What pages call what is searched for: they have no model of their query.
SEARCHES = ("search", "q")


def texts(route: Route) -> list[str]:
    """The query parameters of a route that take any text."""
    model: Any = binding.bind(route.handler, route.path).query
    fields = model.model_fields.items() if model else ()
    return [name for name, field in fields if str in (field.annotation, *get_args(field.annotation))]


ASKING = [(route, parameter) for route in QUESTIONS for parameter in texts(route)]


def leaks(client: Client, path: str, parameters: tuple[str, ...], world: World, asked: list[str]) -> list[str]:
    """Whose words of alice's business come back to somebody who asks for them, beside the words asked for."""
    found = []
    for word in asked:
        answer = client.call("GET", path, query_string=dict.fromkeys(parameters, word), buffered=False)
        if answer.status_code < 400:
            found += [secret for secret in world.told(answer.text) if secret not in path and secret not in word]
        answer.close()
    return found


@pytest.mark.parametrize(("route", "parameter"), ASKING, ids=[f"{name(route)}?{asked}" for route, asked in ASKING])
def test_no_question_of_a_stranger_finds_our_rows(
        route: Route, parameter: str, world: World, callers: dict[str, Client]) -> None:
    for noun in world.nouns:
        world.fill(f"<{noun}>")
    assert leaks(callers["stranger"], world.fill(route.path), (parameter,), world, world.secrets) == []


@pytest.mark.parametrize("path", PAGES)
def test_no_page_shows_our_rows_to_a_stranger_who_searches(
        path: str, world: World, callers: dict[str, Client]) -> None:
    assert leaks(callers["stranger"], world.fill(path), SEARCHES, world, world.secrets) == []


@pytest.mark.parametrize("path", ["/api/customers", "/api/agents", "/api/knowledge-docs"])
def test_the_walk_asks_what_the_owner_finds(path: str, world: World, callers: dict[str, Client]) -> None:
    """Or it would hold of lists that find nothing at all."""
    world.fill("<agent>/<knowledge_doc>")
    assert ("search", path) in {(asked, route.path) for route, asked in ASKING}
    assert leaks(callers["owner"], path, ("search",), world, world.secrets)
