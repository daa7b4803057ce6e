"""Passwords tried: five wrong ones close the account for the address that tried them, and for no other."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from hub.access.identity import COOKIE
from hub.lib import clock
from hub.models.accounts.login_failure import LoginFailure
from hub.models.accounts.user import User
from hub.services.platform import sweep
from tests.access.signing_in import cookies, login
from tests.api.callers import code
from tests.client import Client
from tests.factories import PASSWORD, People


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour_whether_or_not_there_is_an_account(
        client: Client, people: People) -> None:
    answers = []
    for email in (people.alice.email, "nobody@bakery.example"):
        for _ in range(5):
            login(client, email, "Wrong-horse-7", expect=401)
        locked = login(client, email.upper(), expect=423)
        assert code(locked) == "ACCOUNT_LOCKED"
        assert 14 * 60 < int(locked.headers["Retry-After"]) <= 15 * 60 + 1
        for _ in range(6):      # whoever does not wait waits no longer for it
            login(client, email, expect=423)
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
    first, second = LoginFailure.select().order_by(LoginFailure.id)
    LoginFailure.update(updated_at=clock.ahead(-25 * 3600)).where(LoginFailure.id == first.id).execute()
    sweep._tidy()
    assert [row.id for row in LoginFailure.select()] == [second.id]


def test_a_person_without_a_password_cannot_sign_in_with_one(client: Client, people: People) -> None:
    User.update(password_hash=None).where(User.id == people.alice.id).execute()
    login(client, people.alice.email, "None", expect=401)


@pytest.mark.parametrize(("path", "body"), [
    ("/api/account/email", {"email": "alice@mill.example", "current_password": PASSWORD}),
    ("/api/users/change-password", {"current_password": PASSWORD, "new_password": "Better-horse-8"}),
    ("/api/tenant/closing", {"password": PASSWORD}), ("/api/account/totp/begin", {"password": PASSWORD})])
def test_who_has_no_password_is_told_to_set_one_and_shut_out_of_nothing(app: Any, people: People, path: str,
                                                                        body: dict[str, str]) -> None:
    User.update(password_hash=None).where(User.id == people.alice.id).execute()
    alice = Client(app, User.get_by_id(people.alice.id))
    for _ in range(6):
        alice.refused("POST", path, body, status=409, code="no_password")


@pytest.mark.parametrize("password", ["ё" * 40 + "A1", "a\x00b"])
def test_a_strange_password_is_just_wrong(client: Client, people: People, password: str) -> None:
    login(client, people.alice.email, password, expect=401)
