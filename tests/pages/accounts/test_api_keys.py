"""The page of API keys: made with boxes to tick, shown once, revoked."""

import re
from typing import Any

import pytest

from hub.models.accounts.api_key import ApiKey
from hub.models.accounts.user import User
from tests import factories
from tests.client import Client
from tests.factories import People
from tests.pages import forms

PAGE = "/settings/api-keys"


@pytest.fixture
def owner(alice: Client) -> Client:
    alice.headers["X-CSRFToken"] = forms.secret(alice, PAGE)
    return alice


def test_a_key_is_made_shown_once_and_opens_what_was_ticked(owner: Client, app: Any) -> None:
    made = owner.call("POST", PAGE, expect=201, data={"name": "Till <1>", "scopes": ["VIEW_CUSTOMERS"],
                                                      "expires_in_days": ""})
    (key,) = re.findall(r'id="new-key">(pky_[\w-]+)<', made.text)
    assert "Till &lt;1&gt;" in made.text and made.headers["Cache-Control"] == "no-store"
    assert ApiKey.get().scopes == ["VIEW_CUSTOMERS"] and ApiKey.get().expires_at is None
    Client(app, headers={"X-API-Key": key}).get("/chat/api/tenants/tnt_default")
    text = owner.call("GET", PAGE, expect=200).text
    assert "Till &lt;1&gt;" in text and key not in text


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(owner: Client) -> None:
    refused = owner.call("POST", PAGE, expect=422, data={"name": "Till", "expires_in_days": "0"})
    assert 'value="Till"' in refused.text and 'id="scopes-error"' in refused.text
    again = owner.call("POST", PAGE, expect=422, data={"name": "", "scopes": ["VIEW_CUSTOMERS"]})
    assert re.search(r'value="VIEW_CUSTOMERS" checked', again.text) and ApiKey.select().count() == 0


def test_a_taken_name_is_told_beside_the_name(owner: Client, people: People) -> None:
    factories.make_api_key(people.tenant, name="Till")
    assert 'id="name-error"' in owner.call("POST", PAGE, expect=422, data={
        "name": "Till", "scopes": ["VIEW_CUSTOMERS"]}).text


def test_a_key_is_revoked_and_leaves_the_list(owner: Client, people: People) -> None:
    key = factories.make_api_key(people.tenant, name="Till")
    assert key.prefix in owner.call("GET", PAGE, expect=200).text
    owner.call("POST", f"{PAGE}/{key.uuid}/revoke", expect=303)
    assert key.prefix not in owner.call("GET", PAGE, expect=200).text and ApiKey.select().count() == 0


def test_only_who_owns_the_installation_may_tick_every_business(owner: Client, people: People) -> None:
    assert 'value="platform-admin"' not in owner.call("GET", PAGE, expect=200).text
    User.update(is_platform_owner=True).where(User.id == people.alice.id).execute()
    assert 'value="platform-admin"' in owner.call("GET", PAGE, expect=200).text
