"""Signing in and out with a session cookie."""

from typing import Any

from hub.access.identity import COOKIE
from hub.models.accounts.session import UserSession
from hub.models.accounts.user import User
from tests import factories
from tests.access.signing_in import cookies, login
from tests.api.callers import browser, code
from tests.api.noun import Wrong
from tests.client import Client
from tests.factories import People


LOGIN = Wrong("POST /auth/login", {"email": ["", ["a"], "a" * 256, None], "password": ["", "x" * 1025, 12345678]})


def test_it_signs_in_and_the_cookie_opens_the_api(client: Client, people: People) -> None:
    answer = login(client, people.alice.email, expect=200)
    assert answer.get_json() == {"success": True, "user": {
        "id": str(people.alice.uuid), "email": "alice@bakery.example", "username": None, "role": "owner",
        "tenantId": str(people.tenant.uuid)}}
    assert client.get("/api/tenant")["name"] == "Bakery"
    assert User.get_by_id(people.alice.id).last_login_at is not None


def test_the_email_is_found_however_it_is_written(client: Client, people: People) -> None:
    login(client, "  ALICE@Bakery.Example ", expect=200)


def test_an_unknown_email_a_wrong_password_and_a_disabled_person_get_the_same_answer(
        client: Client, people: People) -> None:
    User.update(is_active=False).where(User.id == people.bob.id).execute()
    answers = [login(client, "nobody@bakery.example"), login(client, people.alice.email, "Wrong-horse-7"),
               login(client, people.bob.email)]
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert len({answer.text for answer in answers}) == 1
    assert code(answers[0]) == "INVALID_CREDENTIALS"
    assert all(COOKIE not in cookies(answer) for answer in answers)


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


def test_people_of_two_businesses_see_their_own(app: Any, people: People) -> None:
    factories.make_user(people.other, "viewer", email="eve@florist.example")
    client = Client(app)
    login(client, "eve@florist.example", expect=200)
    assert client.get("/api/tenant")["name"] == "Florist"
    login(client, people.carol.email, expect=200)
    assert client.get("/api/tenant")["name"] == "Bakery"
