"""Every route that reads a body or a query, with everything a caller can get wrong: an answer, never a breakdown."""

import io
from typing import Any

import orjson
import pytest
from pydantic import TypeAdapter

from hub.errors import BadInput
from hub.web import binding
from hub.api.kit.table import Route
from hub.models.accounts.user import User
from hub.models.platform.file import File
from hub.settings import current_settings
from tests import factories
from tests.api import bodies, plans
from tests.api import world as worlds
from tests.api.bodies import QUESTIONS, SLOW, UPLOADS, WRITES
from tests.api.callers import code
from tests.api.routes import PAGES
from tests.api.world import World
from tests.client import Client

pytestmark = pytest.mark.usefixtures("uncounted")
each_write = pytest.mark.parametrize("route", WRITES, ids=[bodies.name(route) for route in WRITES])
each_question = pytest.mark.parametrize("route", QUESTIONS, ids=[bodies.name(route) for route in QUESTIONS])

# Where this stands in the text of a statement, and not among its values, it could do anything.
MARK = "zqx"
INJECTED = f"{MARK}' OR \"1\"=1 /*%s?*/;--\\"
# What a field may be given that it does not expect; strings and numbers may be right, so 2xx is an answer, too.
ODD: list[Any] = [None, [], {}, [[]], {"x\x00": {"\x00": "\x00"}}, 7, -1, 1.5, True, 2**31, 2**63, 10**30, "",
                  "\x00", "x", "true", "\u202e", "\U0001f382e" + "\u0301" * 300, "0001-01-01T00:00:00+23:59", INJECTED,
                  "../../etc/passwd", "{{7*7}}%s"]
PROTECTED = {"tenant": 1, "tenant_id": 1, "tenantId": "x", "id": 1, "uuid": "00000000-0000-7000-8000-000000000000",
             "number": 1, "role": "owner", "is_platform_admin": True, "isPlatformOwner": True, "is_admin": True,
             "password_hash": "x", "passwordHash": "x", "created_at": "2020-01-01T00:00:00Z", "user": 1, "userId": 1,
             "customer": 1, "customerId": 1, "conversation": 1, "channel": 1, "change": 999, "floorUser": 1,
             "balance": 1}


@pytest.fixture(autouse=True)
def rows(request: pytest.FixtureRequest, world: World) -> None:
    """The rows of the route's path are there before anything is undone."""
    if "route" in request.fixturenames:
        world.fill(request.getfixturevalue("route").path)


def send(client: Client, route: Route, world: World, data: bytes, content_type: str = "application/json") -> Any:
    return client.call(route.method, world.fill(route.path), data=data, content_type=content_type)


@each_write
def test_the_smallest_body_is_taken_in_either_spelling_as_json_and_as_a_form(
        route: Route, world: World, callers: dict[str, Client]) -> None:
    """A route that fails here needs a line in tests/api/bodies.py."""
    small = bodies.smallest(route, world)
    model: Any = binding.bind(route.handler, route.path).body
    whole = model.model_validate(small)
    spellings = [whole.model_dump(mode="json", exclude_unset=True, by_alias=by_alias) for by_alias in (True, False)]
    for data in [small] if bodies.name(route) in SLOW else spellings:
        ways: list[dict[str, Any]] = [{"json": data}]       # a form has no lists of objects
        if not any(isinstance(item, dict) for value in data.values() if isinstance(value, list) for item in value):
            ways.append({"data": data})
        for more in ways:
            with worlds.undone():
                answer = callers[bodies.caller(route)].call(route.method, world.fill(route.path), **more)
            assert answer.status_code == bodies.REFUSED.get(bodies.name(route), route.status), (data, answer.text)


@each_write
def test_every_field_may_be_odd_without_breaking_anything(
        web: Any, route: Route, world: World, callers: dict[str, Client]) -> None:
    """What the model refuses never reaches a row: of that, one value of each field goes over HTTP."""
    model: Any = binding.bind(route.handler, route.path).body
    odd = [value for value in ODD if bodies.name(route) not in SLOW or not isinstance(value, str)]
    small = bodies.smallest(route, world)
    for field in model.model_fields:
        sent = [{**small, field: str(value) if value == 10**30 else value} for value in odd]
        refused = [body for body in sent if not _fits(model, body)]
        first = refused[:1] if current_settings().sqlite else []        # what is refused reaches no database
        for body in [*first, *(body for body in sent if body not in refused)]:
            factories.uncount(web)
            with worlds.undone(), plans.statements(("",)) as seen:
                answer = send(callers[bodies.caller(route)], route, world, orjson.dumps(body))
            assert [sql for sql, _ in seen if MARK in sql] == []
            assert answer.status_code < 500, (body, answer.text)
            assert answer.status_code < 400 or code(answer), body
            assert body not in refused or answer.status_code == bodies.invalid(route), (body, answer.text)


def _fits(model: Any, body: dict[str, Any]) -> bool:
    """Does the model take it, as it stands after the journey as JSON and without NUL characters?"""
    try:
        binding.validated(TypeAdapter(model), binding._storable(orjson.loads(orjson.dumps(body))))
    except BadInput:
        return False
    return True


@each_question
def test_every_part_of_a_query_may_be_odd_without_breaking_anything(
        web: Any, route: Route, world: World, callers: dict[str, Client]) -> None:
    fields = bodies.asked(route)
    for field in fields:
        for value in [*ODD, "%", "\ud800".encode("utf-8", "surrogatepass")]:
            factories.uncount(web)
            with worlds.undone(), plans.statements(("",)) as seen:
                answer = callers[bodies.caller(route)].call("GET", world.fill(route.path), query_string={
                    **bodies.QUERIES.get(bodies.name(route), {}), field: value})
            assert answer.status_code < 500, (field, value, answer.text)
            assert [sql for sql, _ in seen if MARK in sql] == []


# What pages ask by the address: of lists, of the inbox, of single pages.
ASKED = ("q", "search", "filter", "sort", "count", "selected", "state", "role", "kind", "entity", "actor", "turn",
         "tenant", "step", "next", "token", "invite", "since", "until", "id", "type")


@pytest.mark.parametrize("path", PAGES)
def test_what_a_page_is_asked_reaches_the_database_as_a_value(
        path: str, world: World, callers: dict[str, Client]) -> None:
    who = callers["platform_owner" if path.startswith("/platform") else "owner"]
    with plans.statements(("",)) as seen:
        for names in (ASKED, ["after"], ["before"]):        # an invented place in a list is refused before it is read
            answer = who.call("GET", world.fill(path), query_string=dict.fromkeys(names, INJECTED), buffered=False)
            assert answer.status_code < 500, names
            answer.close()
    assert [sql for sql, _ in seen if MARK in sql] == []


@each_write
def test_what_belongs_to_the_hub_is_not_taken_from_a_body(
        route: Route, world: World, callers: dict[str, Client]) -> None:
    known: Any = binding.bind(route.handler, route.path).body
    assert known is not None
    extra = {name: value for name, value in PROTECTED.items() if name not in known.model_fields}
    people = world.people
    with worlds.undone():
        others, kept = worlds.picture(people.other), _standing(people.tenant)
        answer = callers[bodies.caller(route)].call(route.method, world.fill(route.path),
                                                    json={**extra, **bodies.smallest(route, world)})
        assert answer.status_code == bodies.REFUSED.get(bodies.name(route), route.status), answer.text
        assert worlds.picture(people.other) == others
        assert bodies.name(route) in CHANGES_STANDING or _standing(people.tenant)[:len(kept)] == kept


# Whose purpose it is to change who somebody is.
CHANGES_STANDING = {"POST /api/admin/users/<user>/disable", "POST /api/admin/users/<user>/promote-admin",
                    "POST /auth/confirm-email-change"}


def _standing(tenant: Any) -> list[tuple[Any, ...]]:
    """Who is who: what no request body may ever change."""
    return list(User.select(User.id, User.uuid, User.tenant, User.email, User.role, User.is_active, User.created_at,
                            User.is_platform_admin, User.is_platform_owner).order_by(User.id).tuples())


@pytest.mark.parametrize("route", UPLOADS, ids=[bodies.name(route) for route in UPLOADS])
@pytest.mark.parametrize(("fields", "taken"), [
    (("file",), "file"), (("catalog",), "catalog"), (("catalog", "file"), "file"), (("other",), None), ((), None)])
def test_a_file_may_come_in_the_field_of_older_forms(
        route: Route, world: World, callers: dict[str, Client], fields: tuple[str, ...], taken: str | None) -> None:
    called, content = bodies.FILES[bodies.name(route)]
    sent = {field: (io.BytesIO(content), f"{field}-{called}") for field in fields}
    with worlds.undone():
        answer = callers[bodies.caller(route)].call(route.method, world.fill(route.path), data=sent,
                                                    content_type="multipart/form-data")
        names = {file.name for file in File.select()} & {name for _, name in sent.values()}
    assert answer.status_code == (route.status if taken else bodies.invalid(route)), answer.text
    assert names == ({f"{taken}-{called}"} if taken else set())
    assert taken or code(answer) == "file_missing"


@pytest.mark.parametrize(("data", "name"), [
    (b'{"name": "One", "name": "Two"}', "Two"), (b'{"na\\u0000me": "T\\u0000wo"}', "Two"), (b"\xef\xbb\xbf{}", None)])
def test_of_two_values_the_last_counts_no_name_has_a_nul_and_a_byte_order_mark_is_no_json(
        world: World, callers: dict[str, Client], data: bytes, name: str | None) -> None:
    with worlds.undone():
        answer = callers["owner"].call("PATCH", "/api/tenant", data=data, content_type="application/json")
        assert answer.status_code == (200 if name else 400)
        assert name is None or answer.get_json()["name"] == name


@pytest.mark.parametrize("content_type", [
    "text/plain", "", "application/json; charset=utf-16", "application/xml", "x" * 300, "multipart/form-data",
    "multipart/form-data; boundary=" + "x" * 300])
def test_the_content_type_breaks_nothing(world: World, callers: dict[str, Client], content_type: str) -> None:
    with worlds.undone():
        answer = callers["owner"].call("PATCH", "/api/tenant", data=b'{"name": "A"}', content_type=content_type)
    assert answer.status_code in (200, 400), answer.text


def test_a_form_with_a_hundred_thousand_fields_is_refused(world: World, callers: dict[str, Client]) -> None:
    fields = "&".join(f"f{number}=1" for number in range(100_000)).encode()
    answer = callers["owner"].call("PATCH", "/api/tenant", data=fields,
                                   content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    parts = b"".join(b'--b\r\nContent-Disposition: form-data; name="f"\r\n\r\n1\r\n' for _ in range(3_000)) + b"--b--"
    answer = callers["owner"].call("PATCH", "/api/tenant", data=parts, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 413


@pytest.mark.parametrize(("method", "status"), [
    ("PUT", 405), ("TRACE", 405), ("PROPFIND", 405), ("GET", 200), ("HEAD", 200)])
def test_a_method_that_is_not_there_is_named(
        world: World, callers: dict[str, Client], method: str, status: int) -> None:
    answer = callers["owner"].call(method, "/api/tenant", expect=status)
    if status == 405:
        assert code(answer) == "method_not_allowed"
        assert {"GET", "PATCH"} <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize("path", ["/api/nothing", "/api/", "/auth/nothing", "/widget/nothing", "/webhooks/custom",
                                  "/api/%00", "/api/tenant/x", "/health/x"])
def test_an_address_that_is_not_there_says_so_in_the_contracts_words(callers: dict[str, Client], path: str) -> None:
    assert code(callers["owner"].call("GET", path, expect=404)) == "not_found"
