"""What it costs to know who calls and whether they may: one query at the most, on every route and page."""

from collections.abc import Iterator
from typing import Any

import pytest

from hub import api
from hub.access import roles, tokens
from hub.access.roles import Permission
from hub.models import base
from hub.models.accounts.session import RevokedToken
from hub.pages.kit import PAGES
from hub.lib import clock
from hub.services.accounts import accounts
from tests.api.callers import browser
from tests.api.world import World
from tests.client import Client
from tests.factories import People


def beyond(permission: Permission, role: str = "viewer") -> bool:
    """Is it refused to that role, whoever it is?"""
    return permission not in roles.ROLES[role] and (permission.isupper() or permission.startswith("platform"))


REFUSED = [(route.method, route.path) for table in api.surfaces()[0].tables for route in table.routes
           if beyond(route.permission)]
PAGES_REFUSED = [(method, path) for method, path, permission in PAGES if method == "GET" and beyond(permission)]


@pytest.fixture
def asked(web: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the database is asked from now on."""
    said: list[str] = []
    kind: Any = type(base.db.obj)
    execute = kind.execute_sql

    def noted(self: Any, sql: str, *args: Any, **more: Any) -> Any:
        if sql.startswith(("SELECT", "UPDATE", "INSERT", "DELETE")) and "tenant_setting" not in sql:
            said.append(sql)        # a limit of the business's own is kept for seconds, and no part of the check
        return execute(self, sql, *args, **more)

    monkeypatch.setattr(kind, "execute_sql", noted)
    yield said


@pytest.mark.parametrize("by", ["cookie", "token"])
def test_whoever_may_not_is_refused_after_one_query(web: Any, world: World, asked: list[str], by: str) -> None:
    carol = world.people.carol
    client = browser(web, carol) if by == "cookie" else Client(web, carol)
    assert len(REFUSED) > 60 and len(PAGES_REFUSED) > 5
    for method, path in [*REFUSED, *(PAGES_REFUSED if by == "cookie" else ())]:
        address = world.fill(path)
        asked.clear()
        client.call(method, address, expect=403, json={} if method != "GET" else None)
        assert len(asked) <= 1, (method, path, asked)


def test_a_token_that_was_signed_out_is_known_by_the_same_query(app: Any, people: People, asked: list[str]) -> None:
    token = accounts.issue_tokens(people.carol).access
    client = Client(app, headers={"Authorization": f"Bearer {token}"})
    client.get("/api/tenant")
    claims = tokens.read(app.secret_key, "access", token)
    for number in (claims["jti"], claims["fam"]):
        RevokedToken.create(jti=number, expires_at=clock.ahead(3600))
        asked.clear()
        client.get("/api/tenant", expect=401)
        assert len(asked) == 1
        RevokedToken.delete().execute()
    client.get("/api/tenant")
