"""The second factor at every door: asked for, counted, and never taken twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from hub.lib import keyring
from hub.models.accounts.account_token import Purpose
from hub.models.accounts.session import UserSession
from hub.models.accounts.totp import RecoveryCode, Totp
from hub.models.accounts.user import User
from hub.models.base import db
from hub.models.platform.event import Event
from hub.services.accounts import account_tokens, accounts, totp
from tests import factories, second_factors
from tests.access.signing_in import login
from tests.api.callers import bearer, browser, code
from tests.client import Client
from tests.factories import PASSWORD, People
from tests.second_factors import NO_CODE

WAYS = ["/auth/login", "/api/auth/login"]


def sign_in(client: Client, path: str, user: User, **more: Any) -> Any:
    return client.call("POST", path, json={"email": user.email, "password": PASSWORD, **more})


def test_nothing_that_opens_the_door_stands_in_the_database(people: People) -> None:
    made = totp.begin(factories.caller(people.bob), PASSWORD).secret.reveal()
    app = second_factors.turned_on(people.bob)
    rows = [str(db.execute_sql(f'SELECT * FROM "{table}"').fetchall()) for table in ("totp", "recovery_code", "event")]
    assert "[]" not in rows
    for secret in (made, Totp.get().secret.reveal(), *app.recovery_codes):
        assert all(secret not in row and secret.replace("-", "") not in row for row in rows)


@pytest.mark.parametrize("path", WAYS)
def test_signing_in_asks_for_a_code_and_takes_none_twice(client: Client, people: People, path: str) -> None:
    app = second_factors.turned_on(people.bob)
    assert code(sign_in(client, path, people.bob)) == "SECOND_FACTOR_REQUIRED"
    for wrong in (app.wrong(), app.used, NO_CODE, "١٢٣٤٥٦", " "):
        answer = sign_in(client, path, people.bob, secondFactor=wrong)
        assert (answer.status_code, code(answer)) == (401, "SECOND_FACTOR_WRONG")
        sign_in(client, path, people.bob, second_factor=app.fresh())
    digits = app.fresh()
    assert sign_in(client, path, people.bob, secondFactor=f"{digits[:3]} {digits[3:]}").status_code == 200
    assert sign_in(client, path, people.bob, secondFactor=digits).status_code == 401


@pytest.mark.parametrize("kind", ["code", "recovery code"])
def test_of_those_who_use_a_code_at_once_one_gets_in(app: Any, people: People, kind: str) -> None:
    phone = second_factors.turned_on(people.bob)
    shown = phone.fresh() if kind == "code" else phone.recovery_codes[0]
    with ThreadPoolExecutor(3) as pool:
        answers = pool.map(lambda _: sign_in(Client(app), WAYS[0], people.bob, secondFactor=shown).status_code,
                           range(3))
    assert Counter(answers) == {200: 1, 401: 2}


def test_a_recovery_code_is_good_once_however_it_is_typed(client: Client, people: People) -> None:
    first, second = second_factors.turned_on(people.bob).recovery_codes[:2]
    assert sign_in(client, WAYS[0], people.bob, secondFactor=first.upper().replace("-", " ")).status_code == 200
    assert sign_in(client, WAYS[0], people.bob, secondFactor=first).status_code == 401
    second_factors.turned_on(people.carol)
    assert sign_in(client, WAYS[0], people.carol, secondFactor=second).status_code == 401, "it is bob's"
    assert RecoveryCode.select().where(RecoveryCode.used_at.is_null(False)).count() == 1
    by_bob = Event.actor == f"user:{people.bob.uuid}"
    assert Event.select().where(Event.kind == "user.recovery_code_used", by_bob).count() == 1


def at(client: Client, user: User, address: str, shown: str, expect: int, password: str = PASSWORD) -> Any:
    """A sign-in from there."""
    return client.call("POST", WAYS[0], expect=expect, environ_overrides={"REMOTE_ADDR": address}, json={
        "email": user.email, "password": password, "secondFactor": shown})


def test_five_wrong_codes_close_the_second_step_for_where_they_come_from_and_nobody_else(
        client: Client, people: People) -> None:
    app = second_factors.turned_on(people.bob)
    for _ in range(5):
        at(client, people.bob, "203.0.113.9", NO_CODE, 401)
    for _ in range(60):      # more than would close it for everybody
        locked = at(client, people.bob, "203.0.113.9", app.fresh(), 423)
    assert code(locked) == "ACCOUNT_LOCKED" and 14 * 60 < int(locked.headers["Retry-After"]) <= 15 * 60 + 1
    assert not UserSession.select().exists()
    at(client, people.bob, "198.51.100.7", app.fresh(), 200)


def test_fifty_wrong_codes_from_wherever_close_it_for_a_day_and_a_new_password_opens_it(
        client: Client, people: People) -> None:
    app = second_factors.turned_on(people.bob)
    for number in range(50):
        at(client, people.bob, f"203.0.113.{number}", NO_CODE, 401)
    locked = at(client, people.bob, "198.51.100.7", app.fresh(), 423)
    assert "from too many places" in locked.text and int(locked.headers["Retry-After"]) > 23 * 3600
    token = account_tokens.issue(people.bob, Purpose.RESET)
    client.post("/auth/reset-password", {"token": token, "password": "Better-horse-8"})
    at(client, people.bob, "198.51.100.7", app.fresh(), 200, "Better-horse-8")


def test_turning_it_on_ends_everything_that_the_password_alone_opened(app: Any, people: People) -> None:
    page, other, token = browser(app, people.bob), browser(app, people.bob), accounts.issue_tokens(people.bob)
    stranger = browser(app, people.alice)
    page.post("/api/account/totp/confirm", {"code": second_factors.begun(people.bob).code()})
    assert page.get("/api/users/me") and stranger.get("/api/users/me")
    other.get("/api/users/me", expect=401)
    bearer(app, token.access).get("/api/users/me", expect=401)
    other.post("/api/auth/refresh", {"refresh_token": token.refresh}, expect=401)


def test_no_letter_goes_round_it(client: Client, people: People) -> None:
    app = second_factors.turned_on(people.bob)
    confirm = "/api/email/confirm_email"
    for more, status in (({}, 401), ({"secondFactor": app.fresh()}, 200)):
        digits = account_tokens.issue_with_code(people.bob)[1]
        client.call("POST", confirm, expect=status, json={"email": people.bob.email, "code": digits, **more})
    token = account_tokens.issue(people.bob, Purpose.RESET)
    given = {"token": token, "password": "Better-horse-8"}
    assert "Set-Cookie" not in client.call("POST", "/auth/reset-password", json=given, expect=200).headers
    asked = login(client, people.bob.email, "Better-horse-8", expect=401)
    assert code(asked) == "SECOND_FACTOR_REQUIRED"


def test_where_the_keys_of_the_installation_are_lost_recovery_codes_and_the_password_still_help(
        client: Client, people: People) -> None:
    app = second_factors.turned_on(people.bob)
    sealed = keyring.Keyring(bytes(32)).seal("of another installation", "totp.secret")
    db.execute_sql(f"UPDATE totp SET secret = '{sealed}'")
    said = [sign_in(client, WAYS[0], people.bob, secondFactor=one).status_code
            for one in (app.fresh(), app.recovery_codes[0])]
    assert said == [401, 200]
    totp.turn_off(factories.caller(people.bob), PASSWORD)
    assert not Totp.select().exists()


def test_new_recovery_codes_end_the_old_ones(client: Client, people: People) -> None:
    old = second_factors.turned_on(people.bob).recovery_codes
    new = totp.renew_codes(factories.caller(people.bob), PASSWORD)
    assert len(new) == 10 and not set(new) & set(old)
    said = [sign_in(client, WAYS[0], people.bob, secondFactor=one).status_code for one in (old[0], new[0])]
    assert said == [401, 200]
