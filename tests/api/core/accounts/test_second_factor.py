"""The second factor in the API: set up, confirmed, turned off by whoever shows that it is them."""

from typing import Any

import pytest

from hub.lib import clock
from hub.models.accounts.totp import BEGUN_S, RecoveryCode, Totp
from hub.models.accounts.user import User
from hub.models.platform.event import Event
from hub.models.platform.idempotency import IdempotencyKey
from tests import second_factors
from tests.access.signing_in import login
from tests.api.callers import Acting, browser
from tests.api.noun import Wrong
from tests.client import Client
from tests.factories import PASSWORD, People

TOTP = "/api/account/totp"
BEGIN = {"password": PASSWORD}
CONFIRMING = Wrong(f"POST {TOTP}/confirm", {"code": ["", "12345", None]})


def kinds(user: User) -> list[str]:
    return [event.kind for event in Event.select().where(Event.actor == f"user:{user.uuid}").order_by(Event.id)]


def test_it_is_set_up_and_confirmed_by_a_code(app: Any, people: People) -> None:
    bob = browser(app, people.bob)
    assert bob.get("/api/account/second-factor") == {"isOn": False, "since": None, "recoveryCodesLeft": 0}
    made = bob.post(f"{TOTP}/begin", BEGIN, expect=201, headers={"Idempotency-Key": "once"})
    assert made["address"] == (f"otpauth://totp/Parley:bob%40bakery.example?secret={made['secret']}&issuer=Parley")
    phone = second_factors.begun(people.bob)
    bob.refused("POST", f"{TOTP}/confirm", {"code": phone.wrong()}, status=400, code="code_wrong", field="code")
    login(Client(app), people.bob.email, expect=200)
    codes = bob.post(f"{TOTP}/confirm", {"code": phone.code()})["recoveryCodes"]
    assert len(set(codes)) == 10 and all(len(one) == 19 for one in codes)
    shown = bob.get("/api/account/second-factor")
    assert shown["isOn"] and shown["since"] and shown["recoveryCodesLeft"] == 10
    bob.refused("POST", f"{TOTP}/begin", BEGIN, status=409, code="totp_on")
    assert {"user.totp_begun", "user.totp_enabled"} <= set(kinds(people.bob))
    assert not IdempotencyKey.select().exists(), "an answer that is shown once was kept"


@pytest.mark.parametrize("proof", ["password", "code", "recovery code"])
def test_it_is_turned_off_by_whoever_shows_that_it_is_them(bob: Client, people: People, proof: str) -> None:
    bob.refused("DELETE", TOTP, {"proof": PASSWORD}, status=409, code="totp_off")
    phone = second_factors.turned_on(people.bob)
    given = {"password": PASSWORD, "code": phone.fresh(), "recovery code": phone.recovery_codes[3]}[proof]
    bob.refused("DELETE", TOTP, {"proof": "Wrong-horse-7"}, status=400, code="proof_wrong", field="proof")
    bob.delete(TOTP, json={"proof": given})
    login(bob, people.bob.email, expect=200)
    assert "user.totp_disabled" in kinds(people.bob) and not RecoveryCode.select().exists()


def test_guessing_the_proof_at_an_open_browser_ends_too(bob: Client, people: People) -> None:
    second_factors.turned_on(people.bob)
    for _ in range(5):
        bob.refused("DELETE", TOTP, {"proof": "Wrong-horse-7"}, status=400)
    bob.refused("DELETE", TOTP, {"proof": PASSWORD}, status=423)


def test_nobody_who_acts_in_somebodys_place_touches_it(app: Any, people: People) -> None:
    second_factors.turned_on(people.bob)
    User.update(is_platform_owner=True).where(User.id == people.dave.id).execute()
    acting = Acting(app, people.carol, people.dave)
    acting.refused("POST", f"{TOTP}/begin", BEGIN, status=403, code="impersonating")


def test_whoever_finds_an_open_browser_sets_up_nothing(bob: Client, people: People) -> None:
    for _ in range(5):
        bob.refused("POST", f"{TOTP}/begin", {"password": "Wrong-horse-7"}, status=400, code="INVALID_CREDENTIALS",
                    field="password")
    bob.refused("POST", f"{TOTP}/begin", BEGIN, status=423)
    assert not Totp.select().exists()


def test_what_was_begun_and_left_is_not_there_for_the_next_one(bob: Client, people: People) -> None:
    app = second_factors.begun(people.bob)
    Totp.update(created_at=clock.ahead(-BEGUN_S - 1)).execute()
    bob.refused("POST", f"{TOTP}/confirm", {"code": app.code()}, status=409, code="totp_not_begun")
