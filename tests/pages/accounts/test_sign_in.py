"""The sign-in page and the choices a person makes about the look, with everything that must not work."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from hub import queue
from hub.access.identity import COOKIE
from hub.access.limits import Limiter
from hub.models.accounts.login_failure import LoginFailure
from hub.models.accounts.session import UserSession
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.settings import Settings
from tests.api.callers import browser
from tests.client import Client
from tests.factories import PASSWORD, People
from tests.pages.forms import secret, submit

# Leads that must not leave this site.
AWAY = ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
        "evil.example", "/\t/evil.example", "http:evil.example", "/\n/evil.example", "", " /inbox"]


@pytest.fixture
def page(app: Any, people: People) -> Client:
    """Bob's browser."""
    return browser(app, people.bob)


@pytest.fixture
def strict(app: Any, settings: Settings) -> Iterator[None]:
    """Limits as in production."""
    usual = app.extensions["parley.limiter"]
    app.extensions["parley.limiter"] = Limiter(replace(settings, env="production"), queue.redis())
    yield
    app.extensions["parley.limiter"] = usual


def sign_in(client: Client, email: str, password: str = PASSWORD, expect: int = 302, **fields: str) -> Any:
    return submit(client, "/auth/sign-in", expect, email=email, password=password, **fields)


def test_a_person_signs_in_with_the_form_and_lands_in_the_inbox(client: Client, people: People) -> None:
    answer = sign_in(client, people.bob.email)
    assert answer.location == "/inbox"
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith(COOKIE))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    client.call("GET", "/inbox", expect=200)
    assert client.call("GET", "/auth/login", expect=302).location == "/inbox"


def test_whoever_was_sent_to_sign_in_comes_back_to_where_he_wanted(client: Client, people: People) -> None:
    wanted = client.call("GET", "/inbox?filter=mine&q=cake", expect=302).location
    assert wanted == "/auth/login?next=/inbox?filter%3Dmine%26q%3Dcake"
    assert 'value="/inbox?filter=mine&amp;q=cake"' in client.call("GET", wanted, expect=200).text
    assert sign_in(client, people.bob.email, next="/inbox?filter=mine&q=cake").location == "/inbox?filter=mine&q=cake"


@pytest.mark.parametrize("target", AWAY)
def test_no_form_leads_to_another_site(page: Client, target: str) -> None:
    assert page.call("GET", "/auth/login", query_string={"next": target}, expect=302).location == "/inbox"
    assert submit(page, "/account/preferences", 302, next=target).location == "/inbox"


def test_a_wrong_password_shows_the_form_again_with_the_email(client: Client, people: People) -> None:
    for email in (people.bob.email, "no@body.example"):
        answer = sign_in(client, email, "Wrong-horse-7", expect=401).text
        assert f'value="{email}"' in answer
        assert "E-mail or password is wrong." in answer
        assert "Wrong-horse-7" not in answer
    assert UserSession.select().count() == 0


def test_the_form_says_why_a_right_password_does_not_let_in(client: Client, people: People, use: Any) -> None:
    use(email_confirmation=True)
    assert "Confirm your e-mail address first" in sign_in(client, people.bob.email, expect=403).text
    use(email_confirmation=False)
    Tenant.update(status="restricted").execute()
    assert "This business is suspended" in sign_in(client, people.bob.email, expect=403).text
    User.update(is_active=False).execute()
    assert "E-mail or password is wrong." in sign_in(client, people.bob.email, expect=401).text, "as of a stranger"


def test_a_strange_email_is_shown_as_text(client: Client) -> None:
    text = sign_in(client, '"><script>alert(1)</script>\x00', expect=401).text
    assert "<script>alert" not in text


def test_guessing_ends_after_five_tries_and_says_how_long(client: Client, people: People, strict: None) -> None:
    LoginFailure.delete().execute()
    for _ in range(5):
        client.post("/auth/login", {}, expect=400)
    answer = sign_in(client, people.bob.email, expect=429)
    assert int(answer.headers["Retry-After"]) > 60
    assert "Too many failed attempts" in answer.text


def test_signing_out_ends_the_session_on_the_server(app: Any, page: Client) -> None:
    kept = page.http.get_cookie(COOKIE).value
    assert submit(page, "/auth/sign-out", 302).location == "/auth/login"
    thief = Client(app)
    thief.http.set_cookie(COOKIE, kept)
    thief.call("GET", "/inbox", expect=302)
    assert UserSession.select().count() == 0


def test_a_new_session_is_made_at_every_signing_in(client: Client, people: People) -> None:
    sign_in(client, people.bob.email)
    first = client.http.get_cookie(COOKIE).value
    client.http.delete_cookie(COOKIE)
    sign_in(client, people.bob.email)
    assert client.http.get_cookie(COOKIE).value != first


def test_the_look_is_remembered_by_browser_and_person(app: Any, page: Client, people: People) -> None:
    submit(page, "/account/preferences", theme="dark", locale="ru")
    assert (User.get_by_id(people.bob.id).theme, User.get_by_id(people.bob.id).locale) == ("dark", "ru")
    assert 'data-theme="dark"' in page.call("GET", "/inbox", expect=200).text
    assert '<html lang="ru"' in browser(app, people.bob).call("GET", "/inbox", expect=200).text
    submit(page, "/account/preferences", theme="auto", locale="en")
    assert User.get_by_id(people.bob.id).theme == "system"


def test_an_unknown_look_is_ignored(page: Client, people: People) -> None:
    answer = submit(page, "/account/preferences", theme="'; DROP TABLE user", locale="fr")
    assert [line for line in answer.headers.getlist("Set-Cookie") if line.startswith(("theme", "locale"))] == []
    assert (User.get_by_id(people.bob.id).theme, User.get_by_id(people.bob.id).locale) == ("system", "en")
    page.http.set_cookie("locale", "../../etc")
    page.http.set_cookie("theme", '"><script>')
    assert "<script>\"" not in page.call("GET", "/inbox", expect=200).text


def test_a_stranger_may_choose_a_look_before_signing_in(client: Client) -> None:
    submit(client, "/account/preferences", theme="dark", locale="ru", next="/auth/login")
    text = client.call("GET", "/auth/login", expect=200).text
    assert '<html lang="ru"' in text and 'data-theme="dark"' in text


@pytest.mark.parametrize("ahead_s", [1, 60, 3600])
def test_a_form_of_a_machine_whose_clock_is_ahead_is_taken(
        client: Client, people: People, monkeypatch: pytest.MonkeyPatch, ahead_s: int) -> None:
    moment = int(time.time()) + ahead_s
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("itsdangerous.timed.TimestampSigner.get_timestamp", lambda self: moment)
        fields = {"csrf_token": secret(client), "email": people.bob.email, "password": PASSWORD}
    client.call("POST", "/auth/sign-in", expect=302, data=fields)
