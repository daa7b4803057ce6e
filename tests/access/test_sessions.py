"""A session of a browser: its cookie, its end, and the sites that may use it."""

from datetime import timedelta
from typing import Any

import pytest

from hub.access.identity import COOKIE
from hub.lib import clock, ids
from hub.models.accounts.session import UserSession
from hub.models.accounts.user import User
from tests.access.signing_in import cookies, login
from tests.api.callers import ORIGIN, browser, code
from tests.client import Client
from tests.factories import PASSWORD, People


@pytest.mark.parametrize(("env", "secure"), [("test", False), ("production", True)])
def test_the_cookie_is_hidden_from_scripts_and_other_sites(
        client: Client, people: People, use: Any, env: str, secure: bool) -> None:
    use(env=env)
    line = cookies(login(client, people.alice.email, expect=200))[COOKIE]
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Path=/" in line
    assert ("Secure" in line) is secure
    assert "Max-Age=604800" in line


def test_only_a_digest_of_the_cookie_is_stored(client: Client, people: People) -> None:
    line = cookies(login(client, people.alice.email, expect=200))[COOKIE]
    value = line.split(";")[0].partition("=")[2]
    row = UserSession.get()
    assert row.digest == ids.digest(value)
    assert value not in str(row.__data__)


def test_a_session_ends_after_seven_days_without_use(app: Any, people: People) -> None:
    page = browser(app, people.alice)
    UserSession.update(expires_at=clock.now() + timedelta(days=6)).execute()
    page.get("/api/tenant")
    assert UserSession.get().expires_at > clock.now() + timedelta(days=6, hours=23)
    UserSession.update(expires_at=clock.now() - timedelta(seconds=1)).execute()
    page.get("/api/tenant", expect=401)


def test_a_disabled_person_is_out_at_once(app: Any, people: People) -> None:
    callers = [browser(app, people.bob), Client(app, people.bob)]
    for caller in callers:
        caller.get("/api/conversations")
    User.update(is_active=False).where(User.id == people.bob.id).execute()
    for caller in callers:
        caller.get("/api/conversations", expect=401)


def test_a_role_taken_away_counts_at_once(app: Any, people: People) -> None:
    callers = [browser(app, people.bob), Client(app, people.bob)]
    User.update(role="viewer").where(User.id == people.bob.id).execute()
    for caller in callers:
        assert code(caller.post("/api/agents", expect=403)) == "INSUFFICIENT_PERMISSIONS"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example",
                                    "http://localhost:81", "https://localhost", ""])
def test_a_write_by_cookie_from_another_site_is_refused(app: Any, people: People, origin: str) -> None:
    page = browser(app, people.alice)
    for content_type in ("application/json", "text/plain"):
        answer = page.call("PATCH", "/api/tenant", data='{"name": "Stolen"}', content_type=content_type,
                           headers={"Origin": origin}, expect=403)
        assert code(answer) == "origin_not_allowed"
    assert page.get("/api/tenant", headers={"Origin": origin})["name"] == "Bakery"


def test_a_write_by_cookie_from_our_own_pages_or_by_token_from_anywhere_is_taken(
        app: Any, alice: Client, people: People) -> None:
    page = browser(app, people.alice)
    assert page.patch("/api/tenant", {"name": "One"}, headers={"Origin": ORIGIN})["name"] == "One"
    assert page.patch("/api/tenant", {"name": "Two"})["name"] == "Two"
    assert alice.patch("/api/tenant", {"name": "Three"}, headers={"Origin": "https://evil.example"})["name"] == "Three"


@pytest.mark.parametrize("path", ["/auth/login", "/auth/logout", "/api/auth/login", "/api/auth/refresh"])
def test_another_site_can_neither_sign_its_visitors_in_nor_out(client: Client, people: People, path: str) -> None:
    body = {"email": people.alice.email, "password": PASSWORD}
    answer = client.call("POST", path, json=body, headers={"Origin": "https://evil.example"}, expect=403)
    assert cookies(answer) == {}
