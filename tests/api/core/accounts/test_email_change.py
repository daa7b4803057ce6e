"""Another address to sign in with: two letters, two yeses, and nothing before the second one."""

from datetime import timedelta
from typing import Any

import pytest

from hub.access.identity import COOKIE
from hub.lib import clock
from hub.models.accounts.email_change import EmailChange
from hub.models.accounts.user import User
from hub.services.accounts import accounts
from hub.services.platform import impersonation
from tests import factories, letters
from tests.api.callers import bearer, browser
from tests.api.noun import Wrong
from tests.client import Client
from tests.factories import PASSWORD, People

EMAIL, CONFIRM, NEW = "/api/account/email", "/auth/confirm-email-change", "bob@mill.example"
WANTED = Wrong(f"POST {EMAIL}", {"email": ["", "bob", "x" * 256, None], "current_password": ["", None]})


def ask(client: Client, email: str = NEW, **more: Any) -> Any:
    """As somebody whose present address is confirmed."""
    User.update(email_verified_at=clock.now()).execute()
    return client.call("POST", EMAIL, json={"email": email, "current_password": PASSWORD}, **more)


def link(recipient: str) -> str:
    return letters.token(letters.written(recipient)[-1])


@pytest.mark.parametrize("order", [("old", "new"), ("new", "old")])
def test_nothing_changes_before_both_mailboxes_said_yes(
        client: Client, bob: Client, people: People, order: tuple[str, str]) -> None:
    found = ask(bob, expect=200).get_json()
    assert found["email"] == people.bob.email and found["wanted"]["email"] == NEW
    tokens = {"old": link(people.bob.email), "new": link(NEW)}
    first, second = (tokens[side] for side in order)
    for _ in range(2):      # the same yes twice is one yes
        assert client.post(CONFIRM, {"token": first}) == {"changed": False}
    wanted = bob.get(EMAIL)["wanted"]
    assert bool(wanted["oldSaidAt"]) == (order[0] == "old") and bool(wanted["newSaidAt"]) == (order[0] == "new")
    assert User.get_by_id(people.bob.id).email == people.bob.email
    client.refused("POST", "/auth/login", {"email": NEW, "password": PASSWORD}, status=401)
    assert client.post(CONFIRM, {"token": second}) == {"changed": True}
    assert User.get_by_id(people.bob.id).email_verified_at is not None
    client.post("/auth/login", {"email": NEW, "password": PASSWORD})
    client.refused("POST", CONFIRM, {"token": first}, status=400, code="token_invalid")
    assert not EmailChange.select().exists()


def test_everybody_else_is_signed_out_as_after_a_new_password(app: Any, people: People) -> None:
    page, other, tokens = browser(app, people.bob), browser(app, people.bob), accounts.issue_tokens(people.bob)
    stranger = browser(app, people.alice)
    ask(page, expect=200)
    for token in (link(people.bob.email), link(NEW)):
        page.get("/api/users/me")
        page.post(CONFIRM, {"token": token})
    assert page.get("/api/users/me")["email"] == NEW and stranger.get("/api/users/me")
    other.get("/api/users/me", expect=401)
    bearer(app, tokens.access).get("/api/users/me", expect=401)
    other.post("/api/auth/refresh", {"refresh_token": tokens.refresh}, expect=401)


def test_an_address_that_somebody_has_is_asked_for_as_any_other_and_never_given(
        client: Client, bob: Client, people: People) -> None:
    free, taken = ask(bob, expect=200).get_json(), ask(bob, people.dave.email, expect=200).get_json()
    for answer in (free, taken):
        answer["wanted"].pop("email"), answer["wanted"].pop("expiresAt")
    assert free == taken
    assert "already" in letters.text(letters.written(people.dave.email)[-1])
    assert client.post(CONFIRM, {"token": link(people.bob.email)}) == {"changed": False}
    assert User.get_by_id(people.bob.id).email == people.bob.email


def test_an_address_that_was_taken_meanwhile_stays_with_whoever_has_it(client: Client, bob: Client,
                                                                       people: People) -> None:
    ask(bob, expect=200)
    client.post(CONFIRM, {"token": link(people.bob.email)})
    token = link(NEW)
    factories.make_user(people.other, email=NEW)
    client.refused("POST", CONFIRM, {"token": token}, status=409, code="email_taken")
    assert User.get_by_id(people.bob.id).email == people.bob.email


def test_the_password_is_needed_and_the_same_address_is_no_change(bob: Client, people: People) -> None:
    bob.refused("POST", EMAIL, {"email": NEW, "current_password": "Wrong-horse-7"}, status=400,
                code="INVALID_CREDENTIALS", field="current_password")
    bob.refused("POST", EMAIL, {"email": people.bob.email.upper(), "current_password": PASSWORD}, status=400,
                code="same_email", field="email")
    assert bob.get(EMAIL) == {"email": people.bob.email, "wanted": None} and not letters.written()


@pytest.mark.parametrize("ends", ["cancelled", "expired", "asked anew", "another password", "disabled"])
def test_what_was_asked_for_ends(client: Client, bob: Client, people: People, ends: str) -> None:
    ask(bob, expect=200)
    token = link(people.bob.email)
    if ends == "cancelled":
        bob.delete(EMAIL)
    elif ends == "expired":
        EmailChange.update(expires_at=clock.now() - timedelta(seconds=1)).execute()
    elif ends == "asked anew":
        ask(bob, "bob@shop.example", expect=200)
    else:
        values: dict[str, Any] = {"password_hash": "another"} if ends == "another password" else {"is_active": False}
        User.update(**values).where(User.id == people.bob.id).execute()
    client.refused("POST", CONFIRM, {"token": token}, status=400, code="token_invalid")


def test_who_acts_in_somebodys_place_changes_no_address(app: Any, people: People) -> None:
    root = factories.make_user(people.other, "owner", is_platform_owner=True)
    client = Client(app)
    client.http.set_cookie(COOKIE, impersonation.begin(factories.caller(root), people.bob, "Asked by phone"))
    assert ask(client, expect=403).get_json()["error"]["code"] == "impersonating"
