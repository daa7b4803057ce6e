"""Whoever shows that the mailbox is theirs takes the account, and what somebody else set up in it opens nothing."""

from typing import Any

import pytest

from hub.lib import clock
from hub.models.accounts.account_token import Purpose
from hub.models.accounts.email_change import EmailChange
from hub.models.accounts.passkey import Passkey
from hub.models.accounts.totp import RecoveryCode, Totp
from hub.models.accounts.user import User
from hub.models.platform.event import Event
from hub.services.accounts import account_tokens, accounts
from tests import letters, second_factors
from tests.api.callers import bearer, browser
from tests.client import Client
from tests.factories import PASSWORD, People
from tests.pages.forms import submit

NEW, ELSEWHERE = "Better-horse-8", "bob@mill.example"


def passkey(user: User) -> Passkey:
    return Passkey.create(user=user, name="Phone", credential=f"c{user.id}", public_part="p")


def sent(client: Client, path: str, expect: int, **fields: str) -> str:
    return str(submit(client, path, expect, **fields).text)


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_new_password_by_letter_ends_sessions_and_passkeys_and_whatever_a_stranger_set_up(
        app: Any, client: Client, people: People, confirmed: bool) -> None:
    User.update(email_verified_at=clock.now() if confirmed else None).execute()
    second_factors.turned_on(people.bob)
    page, token, other = browser(app, people.carol), accounts.issue_tokens(people.bob), passkey(people.carol)
    passkey(people.bob)
    bob = User.get_by_id(people.bob.id)
    client.post("/auth/reset-password", {"token": account_tokens.issue(bob, Purpose.RESET), "password": NEW})
    bearer(app, token.access).get("/api/users/me", expect=401)
    client.post("/api/auth/refresh", {"refresh_token": token.refresh}, expect=401)
    assert [row.id for row in Passkey.select()] == [other.id] and page.get("/api/users/me")
    assert (Totp.on(bob) is not None, RecoveryCode.select().count()) == ((True, 10) if confirmed else (False, 0))
    client.post("/auth/login", {"email": bob.email, "password": NEW}, expect=401 if confirmed else 200)
    kinds = {event.kind for event in Event.select().where(Event.actor == f"user:{bob.uuid}")}
    assert {"passkey.deleted", "user.password_reset"} <= kinds and ("user.totp_disabled" in kinds) != confirmed


def test_who_resets_a_password_is_told_that_passkeys_go(client: Client, people: People) -> None:
    client.post("/auth/forgot-password", {"email": people.bob.email})
    letter = letters.written(people.bob.email)[-1]
    assert "removes passkeys" in letters.text(letter)
    assert "Passkeys are removed" in client.call("GET", f"/auth/reset-password?token={letters.token(letter)}").text


def test_a_letters_link_elsewhere_than_at_home_asks_for_the_password(app: Any, client: Client, people: People) -> None:
    token = account_tokens.issue(people.bob, Purpose.VERIFY)
    path = f"/auth/verify-email?token={token}"
    for stranger in (client, browser(app, people.carol)):
        page = stranger.call("GET", path, expect=200).text
        assert 'name="password"' in page and 'href="/auth/forgot-password"' in page
        for wrong in ("", "Wrong-horse-7"):
            assert "The password is wrong." in sent(stranger, "/auth/verify", 422, token=token, password=wrong)
    assert User.get_by_id(people.bob.id).email_verified_at is None
    sent(client, "/auth/verify", 303, token=token, password=PASSWORD)
    assert User.get_by_id(people.bob.id).email_verified_at is not None


def test_at_home_a_letters_link_needs_one_tap(app: Any, people: People) -> None:
    token, page = account_tokens.issue(people.bob, Purpose.VERIFY), browser(app, people.bob)
    assert 'name="password"' not in page.call("GET", f"/auth/verify-email?token={token}", expect=200).text
    sent(page, "/auth/verify", 303, token=token)
    assert User.get_by_id(people.bob.id).email_verified_at is not None


def test_a_mistyped_address_is_corrected_with_the_password_and_the_new_mailbox_alone(
        app: Any, client: Client, people: People) -> None:
    page = browser(app, people.bob)
    assert 'href="#email-change"' in page.call("GET", "/account", expect=200).text
    assert "is wrong" in sent(page, "/account/email", 422, email=ELSEWHERE, email_password="Wrong-horse-7")
    sent(page, "/account/email", 303, email=ELSEWHERE, email_password=PASSWORD)
    told = page.call("GET", "/account", expect=200).text
    assert f"you sign in with {ELSEWHERE}" in told and "Waiting for the letter" in told and "both" not in told
    assert not letters.written(people.bob.email)
    letter = letters.written(ELSEWHERE)[-1]
    assert "never confirmed" in letters.text(letter)
    token = letters.token(letter)
    for password, expect in (("Wrong-horse-7", 422), (PASSWORD, 303)):
        sent(client, "/auth/email-change/confirm", expect, token=token, password=password)
    bob = User.get_by_id(people.bob.id)
    assert bob.email == ELSEWHERE and bob.email_verified_at and not EmailChange.select().exists()
