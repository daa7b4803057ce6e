"""The pages before one is signed in: signing up, an invitation, a forgotten password, a confirmed address."""

from dataclasses import replace
from typing import Any

import pytest

from hub import queue
from hub.access import limits
from hub.access.limits import Limiter
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.settings import Settings
from tests import letters
from tests.api.callers import browser
from tests.client import Client
from tests.factories import PASSWORD, People
from tests.pages.forms import secret, submit

NEW = {"business": "Цветы", "name": "Вера Розальская", "email": "vera@shop.example", "password": PASSWORD}
INBOX = "/inbox"


def sent(client: Client, page: str, path: str, expect: int, **fields: str) -> Any:
    """A form of that page, sent with the page's secret."""
    return client.call("POST", path, data={"csrf_token": secret(client, page), **fields}, expect=expect)


def test_a_new_owner_comes_in_by_one_form(client: Client, people: People) -> None:
    page = client.call("GET", "/auth/signup", expect=200).text
    assert 'name="business"' in page and 'autocomplete="new-password"' in page
    answer = sent(client, "/auth/signup", "/auth/sign-up", 302, **NEW, invite="")       # as a browser sends it
    assert answer.location == "/onboarding", "a new business takes its first steps"
    user = User.by_email("vera@shop.example")
    assert user is not None and (user.first_name, user.last_name, user.role) == ("Вера", "Розальская", "owner")
    assert "Цветы" in str(user.tenant.name) and client.call("GET", INBOX, expect=200)
    assert client.call("GET", "/auth/signup", expect=302).location == INBOX


@pytest.mark.parametrize(("change", "says"), [
    ({"password": "correct-horse"}, "at least 8 characters"), ({"email": "vera"}, "This is no e-mail address."),
    ({"email": "alice@bakery.example"}, "Somebody signs in with this address already.")])
def test_what_does_not_fit_is_said_at_its_field_and_nothing_typed_is_lost(
        client: Client, people: People, change: dict[str, str], says: str) -> None:
    page = sent(client, "/auth/signup", "/auth/sign-up", 422, **{**NEW, **change}).text
    assert says in page and "Цветы" in page and "Вера Розальская" in page
    assert {**NEW, **change}["password"] not in page


def test_an_invited_person_joins_by_the_letters_link(client: Client, alice: Client, people: People) -> None:
    alice.post("/auth/invite", {"email": "erin@bakery.example", "role": "operator"}, expect=201)
    path = letters.link(letters.written("erin@bakery.example")[0]).partition("127.0.0.1:5000")[2]
    page = client.call("GET", path, expect=200).text
    assert "Join Bakery" in page and "erin@bakery.example" in page and 'name="business"' not in page
    sent(client, path, "/auth/sign-up", 302, email="erin@bakery.example", password=PASSWORD, name="Erin",
         invite=path.partition("=")[2])
    erin = User.by_email("erin@bakery.example")
    assert erin is not None and erin.tenant == people.tenant and erin.role == "operator" and erin.email_verified_at
    stranger = Client(client.app)
    assert "This invitation is not valid any more." in stranger.call("GET", path, expect=200).text


def test_who_joins_by_the_link_that_the_inviter_was_shown_has_not_shown_the_mailbox(
        client: Client, alice: Client, people: People) -> None:
    shown = alice.post("/auth/invite", {"email": "erin@bakery.example", "role": "operator"}, expect=201)["inviteLink"]
    sent(client, "/auth/signup", "/auth/sign-up", 302, email="erin@bakery.example", password=PASSWORD, name="Erin",
         invite=shown.partition("=")[2])
    erin = User.by_email("erin@bakery.example")
    assert erin is not None and erin.tenant == people.tenant and erin.email_verified_at is None
    assert "/auth/verify-email" in letters.link(letters.written("erin@bakery.example")[-1])


def test_where_addresses_must_be_confirmed_the_page_says_so_and_nobody_is_signed_in(
        client: Client, people: People, use: Any) -> None:
    use(email_confirmation=True)
    assert sent(client, "/auth/signup", "/auth/sign-up", 303, **NEW).location == "/auth/login"
    assert "Confirm your e-mail address first" in client.call("GET", "/auth/login", expect=200).text
    assert client.get("/auth/me")["authenticated"] is False


def test_where_sign_up_is_closed_the_page_says_so(client: Client, people: People, use: Any) -> None:
    use(sign_up="closed")
    assert "one joins by invitation" in client.call("GET", "/auth/signup", expect=200).text
    assert "/auth/signup" not in client.call("GET", "/auth/login", expect=200).text
    sent(client, "/auth/login", "/auth/sign-up", 403, **NEW)


def test_a_forgotten_password_is_replaced_and_the_new_one_signs_in(client: Client, people: People) -> None:
    for email in (people.bob.email, "nobody@bakery.example"):
        page = sent(client, "/auth/forgot-password", "/auth/forgot", 200, email=email).text
        assert f"If {email} has an account" in page
    link = letters.link(letters.written(people.bob.email)[0])
    path = link.partition("127.0.0.1:5000")[2]
    token = path.partition("=")[2]
    weak = sent(client, path, "/auth/reset", 422, token=token, password="short").text
    assert "at least 8 characters" in weak and token in weak
    assert sent(client, path, "/auth/reset", 303, token=token, password="Better-horse-8").location == "/auth/login"
    submit(client, "/auth/sign-in", 302, email=people.bob.email, password="Better-horse-8")
    again = sent(Client(client.app), path, "/auth/reset", 422, token=token, password="Better-horse-9").text
    assert "This link is not valid any more." in again


def test_to_look_at_the_link_of_an_address_spends_nothing(app: Any, client: Client, bob: Client,
                                                          people: People) -> None:
    bob.post("/auth/send-verification")
    path = letters.link(letters.written(people.bob.email)[0]).partition("127.0.0.1:5000")[2]
    for _ in range(2):
        client.call("GET", path, expect=200)
    assert User.get_by_id(people.bob.id).email_verified_at is None
    given = {"token": path.partition("=")[2], "password": PASSWORD}
    assert sent(client, path, "/auth/verify", 303, **given).location == "/auth/login"
    assert User.get_by_id(people.bob.id).email_verified_at is not None
    again = sent(browser(app, people.bob), path, "/auth/verify", 422, token=path.partition("=")[2]).text
    assert "This link is not valid any more." in again


def test_asking_for_letters_by_the_page_is_limited_like_the_api(
        app: Any, client: Client, people: People, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.RATE_LIMITS, "letter-address",
                        replace(limits.RATE_LIMITS["letter-address"], development="2/minute"))
    monkeypatch.setitem(app.extensions, "parley.limiter", Limiter(settings, queue.redis()))
    for _ in range(2):
        sent(client, "/auth/forgot-password", "/auth/forgot", 200, email="nobody@bakery.example")
    sent(client, "/auth/forgot-password", "/auth/forgot", 429, email="Nobody@Bakery.example")


def test_who_joins_a_suspended_business_is_told_so(client: Client, alice: Client, people: People) -> None:
    invited = alice.post("/auth/invite", {"email": "erin@bakery.example", "role": "operator"}, expect=201)["inviteLink"]
    Tenant.update(status="restricted").where(Tenant.id == people.tenant.id).execute()
    told = submit(client, "/auth/sign-up", 403, **NEW | {"email": "erin@bakery.example"},
                  invite=invited.partition("=")[2]).text
    assert "This business is suspended" in told
