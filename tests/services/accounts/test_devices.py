"""A letter tells of a sign-in from a device that the person never used, and of no other one."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from hub.models.accounts.known_device import KnownDevice
from hub.models.accounts.user import User
from hub.models.base import db
from hub.models.platform.mail import Mail, MailKind
from tests import letters, second_factors
from tests.client import Client
from tests.factories import PASSWORD, People

DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/604.1"
HOME = "203.0.113.9"


def sign_in(client: Client, user: User, browser: str = DESK, address: str = HOME, path: str = "/auth/login",
            **more: Any) -> Any:
    return client.call("POST", path, json={"email": user.email, "password": PASSWORD, **more},
                       headers={"User-Agent": browser}, environ_overrides={"REMOTE_ADDR": address})


def told() -> list[Mail]:
    return [row for row in letters.written() if row.kind == MailKind.NEW_DEVICE]


@pytest.mark.parametrize("path", ["/auth/login", "/api/auth/login"])
def test_another_browser_is_told_once_and_the_first_one_never(client: Client, people: People, path: str) -> None:
    sign_in(client, people.bob, path=path)
    sign_in(client, people.bob, DESK.replace("130", "131"), path=path)
    assert told() == []
    sign_in(client, people.bob, PHONE, path=path)
    sign_in(client, people.bob, PHONE, path=path)
    (letter,) = told()
    said = letters.text(letter)
    assert letter.recipient == people.bob.email and "Safari, iPhone · 203.0.113.9 ·" in said
    assert "Sign out everywhere" in said and letters.link(letter).endswith("/account")


def test_the_letter_speaks_the_persons_language_and_names_the_time_of_the_business(
        client: Client, people: People) -> None:
    User.update(locale="ru").where(User.id == people.bob.id).execute()
    for browser in (DESK, PHONE):
        sign_in(client, people.bob, browser)
    said = letters.text(told()[0])
    assert "Выйти везде" in said and f"({people.tenant.timezone})" in said


@pytest.mark.parametrize(("address", "is_new"), [("203.0.200.1", False), ("198.51.100.7", True),
                                                 ("2001:db8:1::5", True), ("::ffff:203.0.113.9", False)])
def test_another_network_is_another_place(client: Client, people: People, address: str, is_new: bool) -> None:
    sign_in(client, people.bob)
    sign_in(client, people.bob, address=address)
    assert len(told()) == is_new


def test_nothing_is_told_of_who_does_not_get_in(client: Client, people: People) -> None:
    sign_in(client, people.bob)
    app = second_factors.turned_on(people.bob)
    assert sign_in(client, people.bob, PHONE).status_code == 401
    assert sign_in(client, people.bob, PHONE, secondFactor=app.wrong()).status_code == 401
    assert told() == []
    assert sign_in(client, people.bob, PHONE, secondFactor=app.fresh()).status_code == 200
    assert len(told()) == 1


def test_of_two_sign_ins_at_once_one_is_told(app: Any, client: Client, people: People) -> None:
    sign_in(client, people.bob)
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(lambda _: sign_in(Client(app), people.bob, PHONE).status_code, range(2)))
    assert said == [200, 200] and len(told()) == 1


def test_the_table_names_no_place(client: Client, people: People) -> None:
    sign_in(client, people.bob)
    assert KnownDevice.select().count() == 1
    row = str(db.execute_sql("SELECT * FROM known_device").fetchall())
    assert HOME not in row and "Chrome" not in row


def test_without_an_address_of_its_own_the_hub_sends_it_without_a_button(
        client: Client, people: People, use: Any) -> None:
    for browser in (DESK, PHONE):
        sign_in(client, people.bob, browser)
    use(env="production")
    (letter,) = told()
    assert "http" not in letters.text(letter)
