"""The owner of the installation: made once from the environment, never overwritten, never somebody else unproved."""

from dataclasses import replace
from typing import Any

import bcrypt
import pytest

from hub.access import passwords
from hub.errors import SettingsError
from hub.models.accounts.session import UserSession
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.platform.event import Event
from hub.services.accounts import accounts
from hub.services.platform import owner
from hub.settings import Settings
from tests.client import Client
from tests.factories import PASSWORD, People

EMAIL, FIRST = "root@platform.example", "Owner-12345"


def given(settings: Settings, **values: Any) -> Settings:
    return replace(settings, **{"owner_email": EMAIL, "owner_password": FIRST, **values})


def signs_in(client: Client, email: str, password: str) -> bool:
    return client.call("POST", "/auth/login", json={"email": email, "password": password}).status_code == 200


def test_the_first_start_makes_an_owner_who_signs_in(client: Client, settings: Settings) -> None:
    assert owner.bootstrap(given(settings, owner_email=" Root@Platform.example ")) == \
        f"{EMAIL} owns this installation. Take OWNER_PASSWORD away now."
    user = User.by_email(EMAIL)
    assert user is not None and user.is_platform_owner and user.is_platform_admin and user.name == "Platform Owner"
    assert signs_in(client, EMAIL, FIRST)
    event = Event.get(Event.kind == "user.created")
    assert event.actor == "service:start" and FIRST not in str(event.new)


def test_the_next_start_makes_nobody_and_leaves_the_password_alone(client: Client, settings: Settings) -> None:
    owner.bootstrap(given(settings))
    said = owner.bootstrap(given(settings, owner_password="Other-12345"))
    assert said == "The owner of the installation is known: take OWNER_PASSWORD away."
    assert owner.bootstrap(given(settings, owner_password="")) == ""
    assert (User.select().count(), Tenant.select().count()) == (1, 1)
    assert signs_in(client, EMAIL, FIRST) and not signs_in(client, EMAIL, "Other-12345")


def test_a_hash_does_instead_of_the_password(client: Client, settings: Settings) -> None:
    kept = bcrypt.hashpw(FIRST.encode(), bcrypt.gensalt(passwords.ROUNDS)).decode()
    owner.bootstrap(given(settings, owner_password="", owner_password_hash=kept, owner_name="Ада Л."))
    user = User.by_email(EMAIL)
    assert user is not None and (user.first_name, user.last_name) == ("Ада", "Л.")
    assert signs_in(client, EMAIL, FIRST) and not signs_in(client, EMAIL, "Owner-12346")


@pytest.mark.parametrize(("values", "says"), [
    ({"owner_password": ""}, "OWNER_EMAIL needs OWNER_PASSWORD or OWNER_PASSWORD_HASH at the first start."),
    ({"owner_password": "weak"}, "OWNER_PASSWORD: The password needs at least 8 characters"),
    ({"owner_email": "root"}, "OWNER_EMAIL must be an e-mail address.")])
def test_what_cannot_be_used_is_said_and_makes_nobody(
        app: Any, settings: Settings, values: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        owner.bootstrap(given(settings, **values))
    assert str(wrong.value).startswith(says)
    assert not User.select().exists()


def test_whoever_took_the_address_before_is_not_the_owner_with_a_password_of_their_own(
        client: Client, people: People, settings: Settings) -> None:
    accounts.open_session(people.bob, "127.0.0.1", "tests")
    mine = given(settings, owner_email=people.bob.email)
    with pytest.raises(SettingsError):
        owner.bootstrap(replace(mine, owner_password=""))
    assert not User.get_by_id(people.bob.id).is_platform_owner
    owner.bootstrap(mine)
    assert User.get_by_id(people.bob.id).is_platform_owner
    assert signs_in(client, people.bob.email, FIRST) and not signs_in(client, people.bob.email, PASSWORD)
    assert UserSession.select().where(UserSession.user == people.bob).count() == 1     # the one of just now
