"""Every cookie carries what protects it, whoever sets it."""

from typing import Any

import pytest
from werkzeug.test import Client as Wsgi
from werkzeug.wrappers import Request, Response

from hub.lib.cookies import Cookies
from tests.factories import PASSWORD, People


def sent(cookie: str, secure: bool) -> str:
    app = Request.application(lambda request: Response(headers={"Set-Cookie": cookie}))
    return str(Wsgi(Cookies(app, secure)).get("/").headers["Set-Cookie"])


@pytest.mark.parametrize(("cookie", "expect"), [
    ("a=1; Path=/", "a=1; Path=/; HttpOnly; SameSite=Lax; Secure"),
    ("a=1; secure; httponly; samesite=Strict", "a=1; secure; httponly; samesite=Strict"),
    ("a=Secure; Path=/; SameSite=None", "a=Secure; Path=/; SameSite=None; HttpOnly; Secure"),
    ("a=; Max-Age=0; Path=/", "a=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure"),
])
def test_what_is_missing_is_added_once(cookie: str, expect: str) -> None:
    assert sent(cookie, secure=True) == expect
    assert sent(cookie, secure=False) == expect.removesuffix("; Secure") or "secure" in cookie


def test_in_production_every_cookie_of_the_hub_is_protected(app: Any, people: People) -> None:
    http = Wsgi(Cookies(app.wsgi_app, secure=True))
    login = {"email": people.alice.email, "password": PASSWORD}
    answers = [http.get("/auth/login"), http.post("/auth/login", json=login), http.post("/auth/logout", json={}),
               http.post("/api/auth/login", json=login), http.post("/api/auth/refresh", json={})]
    lines = [line for answer in answers for line in answer.headers.getlist("Set-Cookie")]
    assert {line.partition("=")[0] for line in lines} >= {"session", "parley_session", "parley_refresh"}
    for line in lines:
        assert all(f"; {word}" in line for word in ("HttpOnly", "SameSite=Lax", "Secure")), line
