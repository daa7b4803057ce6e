"""Signing in and out with a session cookie."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from hub.access.identity import COOKIE
from hub.lib import clock, ids
from hub.models.accounts.login_failure import LoginFailure
from hub.models.accounts.session import UserSession
from hub.models.accounts.user import User
from hub.services.platform import sweep
from tests import factories
from tests.api.callers import ORIGIN, browser, code
from tests.client import Client
from tests.factories import PASSWORD, People


def login(client: Client, email: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.call("POST", "/auth/login", json={"email": email, "password": password}, **more)


def cookies(answer: Any) -> dict[str, str]:
    """name -> the whole Set-Cookie line."""
    return {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}


def test_it_signs_in_and_the_cookie_opens_the_api(client: Client, people: People) -> None:
    answer = login(client, people.alice.email, expect=200)
    assert answer.get_json() == {"success": True, "user": {
        "id": str(people.alice.uuid), "email": "alice@bakery.example", "username": None, "role": "owner",
        "tenantId": str(people.tenant.uuid)}}
    assert client.get("/api/tenant")["name"] == "Bakery"
    assert User.get_by_id(people.alice.id).last_login_at is not None


def test_the_email_is_found_however_it_is_written(client: Client, people: People) -> None:
    login(client, "  ALICE@Bakery.Example ", expect=200)


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


def test_an_unknown_email_a_wrong_password_and_a_disabled_person_get_the_same_answer(
        client: Client, people: People) -> None:
    User.update(is_active=False).where(User.id == people.bob.id).execute()
    answers = [login(client, "nobody@bakery.example"), login(client, people.alice.email, "Wrong-horse-7"),
               login(client, people.bob.email)]
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert len({answer.text for answer in answers}) == 1
    assert code(answers[0]) == "INVALID_CREDENTIALS"
    assert all(COOKIE not in cookies(answer) for answer in answers)


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour_whether_or_not_there_is_an_account(
        client: Client, people: People) -> None:
    answers = []
    for email in (people.alice.email, "nobody@bakery.example"):
        for _ in range(5):
            login(client, email, "Wrong-horse-7", expect=401)
        locked = login(client, email.upper(), expect=423)
        assert code(locked) == "ACCOUNT_LOCKED"
        assert 14 * 60 < int(locked.headers["Retry-After"]) <= 15 * 60 + 1
        answers.append(locked.text)
    assert answers[0] == answers[1]
    LoginFailure.update(locked_until=clock.now() - timedelta(seconds=1)).execute()
    login(client, people.alice.email, expect=200)


def test_a_right_password_forgets_the_wrong_ones(client: Client, people: People) -> None:
    for _ in range(3):
        for _ in range(4):
            login(client, people.alice.email, "Wrong-horse-7", expect=401)
        login(client, people.alice.email, expect=200)
    assert not LoginFailure.select().exists()


@pytest.mark.parametrize("elsewhere", ["203.0.113.9", "2001:db8:1:2::5", "::ffff:203.0.113.9"])
def test_a_stranger_elsewhere_cannot_lock_the_owner_out(client: Client, people: People, elsewhere: str) -> None:
    there: dict[str, Any] = {"environ_overrides": {"REMOTE_ADDR": elsewhere}}
    kept = login(client, people.alice.email, expect=200, **there)
    signed_in = {"Cookie": cookies(kept)[COOKIE].split(";")[0]}
    for _ in range(5):
        login(client, people.alice.email, "Wrong-horse-7", expect=401, **there)
    assert code(login(client, people.alice.email, expect=423, **there)) == "ACCOUNT_LOCKED"
    login(client, people.alice.email, expect=200, environ_overrides={"REMOTE_ADDR": "198.51.100.7"})
    client.call("GET", "/api/tenant", headers=signed_in, expect=200, **there)


def test_addresses_of_one_subscriber_count_together(client: Client, people: People) -> None:
    for number in range(5):
        login(client, people.alice.email, "Wrong-horse-7", expect=401,
              environ_overrides={"REMOTE_ADDR": f"2001:db8:1:2::{number}"})
    login(client, people.alice.email, expect=423, environ_overrides={"REMOTE_ADDR": "2001:db8:1:2:ffff::1"})
    login(client, people.alice.email, expect=200, environ_overrides={"REMOTE_ADDR": "2001:db8:1:3::1"})


def test_of_many_tries_at_once_no_more_are_judged_than_in_a_row(app: Any, people: People) -> None:
    def tried(_: int) -> int:
        return int(login(Client(app), people.alice.email, "Wrong-horse-7").status_code)

    with ThreadPoolExecutor(12) as pool:
        said = Counter(pool.map(tried, range(12)))
    assert said[401] <= 5 and said[401] + said[423] == 12
    assert code(login(Client(app), people.alice.email, expect=423)) == "ACCOUNT_LOCKED"


def test_failed_tries_are_kept_for_a_day(client: Client, people: People) -> None:
    for email in ("old@bakery.example", "new@bakery.example"):
        login(client, email, "Wrong-horse-7", expect=401)
    first = LoginFailure.select().order_by(LoginFailure.id).get()
    LoginFailure.update(updated_at=clock.ahead(-25 * 3600)).where(LoginFailure.id == first.id).execute()
    sweep._tidy()
    assert [row.id for row in LoginFailure.select()] == [first.id + 1]


def test_a_person_without_a_password_cannot_sign_in_with_one(client: Client, people: People) -> None:
    User.update(password_hash=None).where(User.id == people.alice.id).execute()
    login(client, people.alice.email, "None", expect=401)


def test_signing_out_ends_the_session_on_the_server(app: Any, people: People) -> None:
    page = browser(app, people.alice)
    kept = page.http.get_cookie(COOKIE).value
    assert page.post("/auth/logout") == {"success": True}
    assert page.http.get_cookie(COOKIE) is None
    thief = Client(app)
    thief.http.set_cookie(COOKIE, kept)
    assert code(thief.get("/api/tenant", expect=401)) == "unauthorized"
    assert UserSession.select().count() == 0


def test_signing_out_twice_or_without_a_session_is_fine(client: Client) -> None:
    assert [client.post("/auth/logout") for _ in range(2)] == [{"success": True}] * 2


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


def test_it_tells_who_is_signed_in(app: Any, client: Client, people: People) -> None:
    assert client.get("/auth/me") == {"authenticated": False, "user": None, "tenantId": None, "role": None}
    for caller in (browser(app, people.carol), Client(app, people.carol)):
        found = caller.get("/auth/me")
        assert (found["authenticated"], found["role"], found["tenantId"]) == (True, "viewer", str(people.tenant.uuid))
        assert found["user"]["email"] == people.carol.email
    assert Client(app, headers={"Authorization": "Bearer nonsense"}).get("/auth/me")["authenticated"] is False


def test_it_shows_the_account(alice: Client, people: People) -> None:
    assert alice.get("/api/auth/user") == {
        "id": str(people.alice.uuid), "email": people.alice.email, "username": None, "role": "owner",
        "tenantId": str(people.tenant.uuid), "authProvider": "local", "isPlatformAdmin": False,
        "isPlatformOwner": False}


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


@pytest.mark.parametrize(("body", "field"), [
    ({}, "email"), ({"email": "a@b.example"}, "password"), ({"email": "", "password": "x"}, "email"),
    ({"email": "a@b.example", "password": ""}, "password"), ({"email": ["a"], "password": "x"}, "email"),
    ({"email": "a" * 256, "password": "x"}, "email"), ({"email": "a", "password": "x" * 1025}, "password"),
    ({"email": None, "password": "x"}, "email"), ({"email": "a", "password": 12345678}, "password")])
def test_a_wrong_body_names_the_field(client: Client, body: Any, field: str) -> None:
    client.refused("POST", "/auth/login", body, status=400, code="VALIDATION_ERROR", field=field)


def test_a_form_signs_in_as_well(client: Client, people: People) -> None:
    client.call("POST", "/auth/login", data={"email": people.alice.email, "password": PASSWORD}, expect=200)


@pytest.mark.parametrize("password", ["ё" * 40 + "A1", "a\x00b"])
def test_a_strange_password_is_just_wrong(client: Client, people: People, password: str) -> None:
    login(client, people.alice.email, password, expect=401)


def test_people_of_two_businesses_see_their_own(app: Any, people: People) -> None:
    factories.make_user(people.other, "viewer", email="eve@florist.example")
    client = Client(app)
    login(client, "eve@florist.example", expect=200)
    assert client.get("/api/tenant")["name"] == "Florist"
    login(client, people.carol.email, expect=200)
    assert client.get("/api/tenant")["name"] == "Bakery"
