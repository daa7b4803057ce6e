"""Signing in and out with tokens: what a JWT opens, and everything that must not open anything."""

import time
from typing import Any

import jwt
import pytest

from hub.access import tokens
from hub.models.accounts.login_failure import LoginFailure
from hub.access.callers import Visitor
from hub.lib import clock
from hub.models.accounts.session import RevokedToken
from hub.models.accounts.user import User
from hub.services.accounts import accounts
from hub.settings import current_settings
from tests.api.callers import bearer, browser, code
from tests.client import Client
from tests.factories import PASSWORD, People


def secret() -> str:
    return current_settings().session_secret


def claims(user: User, **other: Any) -> dict[str, Any]:
    """Those of an access token as the hub makes it, with something else in it."""
    mine = jwt.decode(accounts.issue_tokens(user).access, secret(), algorithms=["HS256"])
    return {name: value for name, value in {**mine, **other}.items() if value is not None}


def test_it_signs_in_and_the_token_opens_the_api(app: Any, client: Client, people: People) -> None:
    sent = {"email": people.alice.email, "password": PASSWORD}
    answer = client.call("POST", "/api/auth/login", json=sent, expect=200)
    found = answer.get_json()
    assert found["token_type"] == "bearer"
    assert found["user"].pop("trial_ends_at") == clock.iso(people.tenant.trial_ends_at, whole_seconds=True)
    assert found["user"] == {"id": people.alice.id, "uuid": str(people.alice.uuid), "email": people.alice.email,
                             "full_name": "Alice", "first_name": "Alice", "last_name": "", "is_admin": False,
                             "role": "owner", "subscription_plan": "trial"}
    assert jwt.decode(found["access_token"], secret(), algorithms=["HS256"])["subscription_plan"] == "trial"
    assert bearer(app, found["access_token"]).get("/api/tenant")["name"] == "Bakery"
    line = answer.headers["Set-Cookie"]
    assert found["refresh_token"] in line
    assert "HttpOnly" in line and "SameSite=Lax" in line
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_password_is_checked_as_for_a_session(client: Client, people: People) -> None:
    answer = client.call("POST", "/api/auth/login", json={"email": people.alice.email, "password": "Wrong-horse-7"})
    assert (answer.status_code, code(answer)) == (401, "INVALID_CREDENTIALS")
    assert "Set-Cookie" not in answer.headers
    assert LoginFailure.get().failures == 1


def test_an_access_token_is_worth_fifteen_minutes(people: People) -> None:
    result = claims(people.alice)
    assert result["exp"] - result["iat"] == 15 * 60
    assert {"user_id", "email", "jti", "typ"} <= set(result)
    assert "password" not in str(result) and str(people.alice.password_hash) not in str(result)


@pytest.mark.parametrize(("what", "changes", "key", "algorithm", "expect"), [
    ("expired", {"exp": int(time.time()) - 1}, "", "HS256", "TOKEN_EXPIRED"),
    ("without an end", {"exp": None}, "", "HS256", "token_invalid"),
    ("of no kind", {"typ": None}, "", "HS256", "token_invalid"),
    ("of another kind", {"typ": "refresh"}, "", "HS256", "token_invalid"),
    ("signed by somebody else", {}, "another secret of at least thirty-two characters", "HS256", "token_invalid"),
    ("signed with a guessed secret", {}, "secret" * 6, "HS256", "token_invalid"),
    ("signed by nobody", {}, "", "none", "token_invalid"),
    ("of an unknown person", {"user_id": "00000000-0000-7000-8000-000000000000"}, "", "HS256", "token_invalid"),
    ("of a person with a strange id", {"user_id": "' OR 1=1 --"}, "", "HS256", "token_invalid"),
    ("of nobody", {"user_id": None}, "", "HS256", "token_invalid"),
    ("from before the password changed", {"pw": "0" * 16}, "", "HS256", "token_invalid"),
    ("not valid yet", {"nbf": int(time.time()) + 600}, "", "HS256", "token_invalid")])
def test_it_refuses_a_token(app: Any, people: People, what: str, changes: dict[str, Any], key: str, algorithm: str,
                            expect: str) -> None:
    result = jwt.encode(claims(people.alice, **changes), (key or secret()) if algorithm != "none" else "",
                      algorithm=algorithm)
    assert code(bearer(app, result).get("/api/tenant", expect=401)) == expect, what


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer a.b.c", "Bearer \u00e9", "Basic YWxpY2U6eA==",
                                    "Bearer null", "Bearer " + "x" * 9000, "bearer,bearer", "Bearer a b c"])
def test_it_refuses_nonsense_in_the_header(client: Client, people: People, header: str) -> None:
    client.get("/api/tenant", expect=401, headers={"Authorization": header})


def test_a_changed_token_is_refused(app: Any, people: People) -> None:
    head, body, mark = accounts.issue_tokens(people.carol).access.split(".")
    other = accounts.issue_tokens(people.alice).access.split(".")[1]
    for result in (f"{head}.{other}.{mark}", f"{head}.{body}.", f"{head}.{body}", f"{head}.{body}.{mark[:-2]}AA"):
        bearer(app, result).get("/api/tenant", expect=401)


def test_refresh_and_visitor_tokens_open_nothing_of_the_api(app: Any, people: People) -> None:
    visitor = tokens.issue_visitor(secret(), Visitor("v-1", 1, people.tenant.id))
    for result in (accounts.issue_tokens(people.alice).refresh, visitor):
        bearer(app, result).get("/api/tenant", expect=401)


def test_a_wrong_token_is_not_replaced_by_a_good_cookie(app: Any, people: People) -> None:
    browser(app, people.alice).get("/api/tenant", expect=401, headers={"Authorization": "Bearer nonsense"})


def test_a_refresh_token_gives_new_tokens_once(app: Any, client: Client, people: People) -> None:
    old = accounts.issue_tokens(people.alice).refresh
    fresh = client.post("/api/auth/refresh", {"refresh_token": old})
    assert set(fresh) == {"access_token", "refresh_token", "token_type", "user"}
    assert bearer(app, fresh["access_token"]).get("/api/tenant")["name"] == "Bakery"
    client.post("/api/auth/refresh", {"refreshToken": fresh["refresh_token"]})
    assert code(client.post("/api/auth/refresh", {"refresh_token": old}, expect=401)) == "token_invalid"


def test_the_refresh_token_may_come_in_its_cookie(client: Client, people: People) -> None:
    client.http.set_cookie("parley_refresh", accounts.issue_tokens(people.alice).refresh)
    first = client.post("/api/auth/refresh")
    assert client.http.get_cookie("parley_refresh").value == first["refresh_token"]
    client.post("/api/auth/refresh")


@pytest.mark.parametrize("token", ["", None, "nonsense", 7, "access"])
def test_nothing_else_is_a_refresh_token(client: Client, people: People, token: Any) -> None:
    given = accounts.issue_tokens(people.alice).access if token == "access" else token
    client.post("/api/auth/refresh", {"refresh_token": given}, expect=422 if token == 7 else 401)


def test_a_disabled_person_gets_no_new_tokens(client: Client, people: People) -> None:
    token = accounts.issue_tokens(people.bob).refresh
    User.update(is_active=False).where(User.id == people.bob.id).execute()
    client.post("/api/auth/refresh", {"refresh_token": token}, expect=401)


def test_signing_out_makes_the_access_token_worthless(app: Any, people: People) -> None:
    caller, other = Client(app, people.alice), Client(app, people.alice)
    assert caller.post("/api/auth/logout") == {"success": True}
    assert code(caller.get("/api/tenant", expect=401)) == "token_invalid"
    caller.post("/api/auth/logout", expect=401)
    other.get("/api/tenant")
    assert RevokedToken.select().count() == 2, "the token and its family"


def test_signing_out_ends_the_refresh_token_as_well(app: Any, client: Client, people: People) -> None:
    sent = {"email": people.alice.email, "password": PASSWORD}
    first, other = (client.post("/api/auth/login", sent) for _ in range(2))
    second = client.post("/api/auth/refresh", {"refresh_token": first["refresh_token"]})
    bearer(app, second["access_token"]).post("/api/auth/logout")
    for token in (first, second):
        bearer(app, token["access_token"]).get("/api/tenant", expect=401)
        client.post("/api/auth/refresh", {"refresh_token": token["refresh_token"]}, expect=401)
    bearer(app, other["access_token"]).get("/api/tenant")
    client.post("/api/auth/refresh", {"refresh_token": other["refresh_token"]})


def test_a_spent_refresh_token_that_comes_again_ends_its_family(app: Any, client: Client, people: People) -> None:
    stolen, other = (accounts.issue_tokens(people.alice).refresh for _ in range(2))
    chain = [client.post("/api/auth/refresh", {"refresh_token": stolen})]
    chain.append(client.post("/api/auth/refresh", {"refresh_token": chain[0]["refresh_token"]}))
    client.post("/api/auth/refresh", {"refresh_token": stolen}, expect=401)
    for token in chain:
        assert code(bearer(app, token["access_token"]).get("/api/tenant", expect=401)) == "token_invalid"
        client.post("/api/auth/refresh", {"refresh_token": token["refresh_token"]}, expect=401)
    client.post("/api/auth/refresh", {"refresh_token": other})


@pytest.mark.parametrize("path", ["/auth/logout", "/api/auth/logout"])
def test_a_browser_that_signs_out_leaves_no_refresh_token_behind(
        app: Any, people: People, path: str) -> None:
    page = browser(app, people.alice)
    kept = accounts.issue_tokens(people.alice).refresh
    page.http.set_cookie("parley_refresh", kept)
    page.post(path)
    assert page.http.get_cookie("parley_refresh") is None
    Client(app).post("/api/auth/refresh", {"refresh_token": kept}, expect=401)


def test_a_token_of_the_release_before_has_no_family_and_still_works(app: Any, client: Client, people: People) -> None:
    def old(token: str) -> str:
        return jwt.encode({name: value for name, value in jwt.decode(
            token, secret(), algorithms=["HS256"]).items() if name != "fam"}, secret())

    pair = accounts.issue_tokens(people.alice)
    fresh = client.post("/api/auth/refresh", {"refresh_token": old(pair.refresh)})
    bearer(app, fresh["access_token"]).get("/api/tenant")
    client.post("/api/auth/refresh", {"refresh_token": old(pair.refresh)}, expect=401)
    bearer(app, fresh["access_token"]).get("/api/tenant")
    bearer(app, old(pair.access)).post("/api/auth/logout")
    bearer(app, old(pair.access)).get("/api/tenant", expect=401)


def test_signing_out_by_cookie_ends_that_session(app: Any, people: People) -> None:
    page = browser(app, people.alice)
    page.post("/api/auth/logout")
    page.get("/api/tenant", expect=401)
