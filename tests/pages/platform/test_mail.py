"""The mail server of a business on its page, a test letter, and the outbox of whoever runs the hub."""

from typing import Any

import pytest

from hub.models.accounts.user import User
from hub.models.platform.event import Event
from hub.models.platform.mail_server import MailServer
from hub.services.accounts import recovery
from tests import letters
from tests.api.callers import browser
from tests.client import Client
from tests.factories import People
from tests.fakes.smtp import PASSWORD, USER, smtp_server
from tests.pages.forms import secret, submit

MAIL = "/settings/mail"
GOOD = {"is_active": "1", "sender": "Пекарня <hello@bakery.example>", "host": "127.0.0.1", "port": "465",
        "security": "none", "username": USER, "password": PASSWORD}


@pytest.fixture
def page(app: Any, people: People) -> Client:
    """The owner's browser."""
    return browser(app, people.alice)


def sent(page: Client, path: str, expect: int, **fields: str) -> Any:
    return page.call("POST", path, data={"csrf_token": secret(page, MAIL), **fields}, expect=expect)


def test_a_server_is_entered_and_takes_a_test_letter(page: Client, people: People) -> None:
    with smtp_server() as box:
        sent(page, MAIL, 303, **{**GOOD, "port": str(box.port)})
        submit(page, f"{MAIL}/test", 303, to="test@example.com")
        assert [letter["To"] for letter in box.taken] == ["test@example.com"]
        shown = page.call("GET", MAIL, expect=200).text
        assert "127.0.0.1 took the letter." in shown and PASSWORD not in shown
        sent(page, MAIL, 303, **{**GOOD, "port": str(box.port), "password": ""})
        submit(page, f"{MAIL}/test", 303, to="test@example.com")
    stored = MailServer.get(MailServer.tenant == people.tenant)
    assert stored.password is not None and stored.password.reveal() == PASSWORD
    assert PASSWORD not in str(list(Event.select().dicts()))


def test_what_the_server_says_stands_at_the_field(page: Client) -> None:
    sent(page, MAIL, 303, **{**GOOD, "port": "9"})
    assert "The mail server was not reached." in submit(page, f"{MAIL}/test", 422, to="test@example.com").text
    assert "This is no e-mail address." in submit(page, f"{MAIL}/test", 422, to="nobody").text


@pytest.mark.parametrize(("change", "says"), [({"host": ""}, "Fill this in."), ({"port": "0"}, "smallest number"),
                                              ({"sender": "Bakery"}, "This is no e-mail address."),
                                              ({"sender": "Bakery <a..b@c.example>"}, "no e-mail address.")])
def test_a_server_in_use_cannot_be_without(page: Client, change: dict[str, str], says: str) -> None:
    assert says in sent(page, MAIL, 422, **{**GOOD, **change}).text
    assert not MailServer.select().exists()


def test_the_outbox_shows_kept_letters_to_the_owner_of_the_platform_alone(app: Any, people: People) -> None:
    recovery.ask_reset(people.bob.email, "en")
    kept = letters.written(people.bob.email)[0]
    for who in (people.alice, people.bob):
        browser(app, who).call("GET", "/platform/outbox", expect=403)
        browser(app, who).call("GET", f"/platform/outbox/{kept.uuid}", expect=403)
    User.update(is_platform_owner=True).where(User.id == people.dave.id).execute()
    owner = browser(app, people.dave)
    assert people.bob.email in owner.call("GET", "/platform/outbox", expect=200).text
    shown = owner.call("GET", f"/platform/outbox/{kept.uuid}", expect=200)
    assert letters.token(kept) in shown.text and shown.mimetype == "text/plain"
    read = Event.get(Event.kind == "mail.read")
    assert read.actor == f"user:{people.dave.uuid}" and (read.new or {})["recipient"] == people.bob.email
    assert letters.token(kept) not in str(read.__data__)
    owner.call("GET", "/platform/outbox/nonsense", expect=404)
