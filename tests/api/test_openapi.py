"""The description of the API: valid, complete, and shown without asking anybody else for anything."""

import re
from pathlib import Path
from typing import Any

import html5lib  # type: ignore[import-untyped]
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from hub import api
from hub.access.roles import Permission
from hub.api.kit.dialect import Case
from hub.api.kit.table import Route
from tests.api import bodies
from tests.client import Client

ROUTES = bodies.routes()
each_route = pytest.mark.parametrize("route", ROUTES, ids=[bodies.name(route) for route in ROUTES])


@pytest.fixture(scope="module")
def described(web: Any) -> Any:
    return Client(web).get("/openapi.json")


def operation(described: Any, route: Route) -> Any:
    return described["paths"][re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)][route.method.lower()]


def test_it_is_valid_openapi(described: Any) -> None:
    validate(described, cls=OpenAPIV31SpecValidator)


def test_it_describes_every_route_and_no_other(described: Any) -> None:
    told = {(method.upper(), path) for path, place in described["paths"].items() for method in place}
    assert told == {(route.method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)) for route in ROUTES}


def test_every_operation_has_a_name_of_its_own(described: Any) -> None:
    names = [what["operationId"] for place in described["paths"].values() for what in place.values()]
    assert len(set(names)) == len(names)


@each_route
def test_it_says_what_a_route_does_takes_answers_and_who_may_call_it(described: Any, route: Route) -> None:
    told = operation(described, route)
    assert told["summary"] and told["summary"][0].isupper() and "\n" not in told["summary"]
    assert f"Permission: {route.permission}." in told["description"]
    assert str(route.status) in told["responses"]
    assert ("security" in told) is (route.permission not in (Permission.ANYBODY, Permission.PROVIDER))
    assert {place["name"] for place in told["parameters"] if place["in"] == "path"} == set(
        re.findall(r"<(?:\w+:)?(\w+)>", route.path))


@each_route
def test_no_field_is_written_in_the_other_contracts_spelling(described: Any, route: Route) -> None:
    told = operation(described, route)
    schemas = [told.get("requestBody", {}), told["responses"][str(route.status)]]
    names = set(re.findall(r"'#/components/schemas/([^']+)'", str(schemas)))
    fields = [field for name in names for field in described["components"]["schemas"][name].get("properties", {})]
    snake = _case(route) is Case.SNAKE
    odd = [field for field in fields if (re.search("[A-Z]", field) if snake else "_" in field)]
    assert odd == []


def _case(route: Route) -> Case:
    return next(table.of(route).case for surface in api.surfaces() for table in surface.tables
                if route in table.routes)


def test_answers_are_as_described(alice: Client, described: Any) -> None:
    """One answer of each spelling against its schema."""
    for path, answer in (("/api/tenant", alice.get("/api/tenant")), ("/api/users/me", alice.get("/api/users/me"))):
        place = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        schema = described["components"]["schemas"][place["$ref"].rpartition("/")[2]]
        assert set(answer) == set(schema["properties"])


def test_the_page_shows_it_with_files_of_our_own_only(client: Client, root: Path) -> None:
    page = client.call("GET", "/api-docs", expect=200)
    tree = html5lib.parse(page.text, namespaceHTMLElements=False)
    links = [element.get(name) for element in tree.iter() for name in ("src", "href") if element.get(name)]
    files = [link.partition("?")[0] for link in links if link.startswith("/static/")]
    assert {"/static/vendor/swagger-ui.css", "/static/vendor/swagger-ui-bundle.js"} <= set(files)
    assert [link for link in links if not link.startswith(("/", "#"))] == []
    for file in files:
        client.call("GET", file, expect=200)
    assert "'self'" in page.headers["Content-Security-Policy"] and "http" not in page.headers["Content-Security-Policy"]
    assert 'data-url="/openapi.json"' in page.text


def test_the_page_runs_nothing_inline(client: Client) -> None:
    tree = html5lib.parse(client.call("GET", "/api-docs", expect=200).text, namespaceHTMLElements=False)
    assert [element for element in tree.iter("script") if (element.text or "").strip()] == []
    assert list(tree.iter("style")) == []
    names = {name for element in tree.iter() for name in element.attrib}
    assert [name for name in names if name.startswith("on") or name == "style"] == []


def test_the_files_of_the_page_ask_for_nothing_elsewhere(root: Path) -> None:
    css = (root / "static/vendor/swagger-ui.css").read_text(encoding="utf-8")
    assert re.findall(r"@import|url\((?!['\"]?data:)", css) == []


@each_route
def test_every_operation_has_a_sentence_texts_for_its_parameters_and_an_example(described: Any, route: Route) -> None:
    shown = operation(described, route)
    assert len(shown["summary"].split()) > 2 and shown["summary"].endswith(".")
    assert [parameter for parameter in shown["parameters"] if not parameter.get("description")] == []
    for body in [shown.get("requestBody", {}), shown["responses"][str(route.status)]]:
        json_body = body.get("content", {}).get("application/json")
        assert json_body in (None, {}) or "example" in json_body


def test_it_begins_with_an_introduction_and_how_to_sign_in(described: Any) -> None:
    said = described["info"]["description"]
    assert "Signing in" in said
    headers = {scheme["name"] for scheme in described["components"]["securitySchemes"].values()
               if scheme.get("in") == "header"}
    assert headers and {name for name in headers if f"`{name}" not in said} == set()
    for shape in ('{"error": {"code"', '{"error": "Not Found", "message"', '{"ok": false, "error"'):
        assert shape in said
    assert described["components"]["securitySchemes"]["token"]["description"]
