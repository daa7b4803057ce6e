"""The pages of secrets: entered, replaced and revoked with a reason, found, and never shown."""

from typing import Any

import pytest

from hub.models.platform.integration_secret import IntegrationSecret
from hub.services.platform import secrets
from tests import factories
from tests.api.callers import browser
from tests.client import Client
from tests.factories import People
from tests.pages.forms import submit

LIST, NAME, WHY = "/platform/secrets", "OPENAI_API_KEY", "Asked by phone"


@pytest.fixture
def root(app: Any, people: People) -> Client:
    """The browser of who owns the platform."""
    return browser(app, factories.make_user(factories.make_tenant(name="Platform"), "owner", is_platform_owner=True))


def enter(client: Client, value: str, expect: int = 303, **more: str) -> Any:
    return submit(client, LIST, expect, key_name=NAME, plaintext_value=value, reason=WHY, **more)


def test_a_secret_is_entered_replaced_and_revoked_and_no_page_shows_it(root: Client, people: People) -> None:
    page = enter(root, "sk-first-value", tenant_id=f" {people.tenant.uuid} ").location
    assert secrets.value(NAME, people.tenant) == "sk-first-value"
    submit(root, f"{page}/rotate", 303, plaintext_value="sk-second-value", reason=WHY)
    assert secrets.value(NAME, people.tenant) == "sk-second-value"
    assert enter(root, "sk-third-value", tenant_id=str(people.tenant.uuid)).location == page
    text = root.call("GET", page, expect=200).text
    assert "it has the new value now" in text and "New value" in text and "Bakery" in text
    refused = submit(root, f"{page}/rotate", 422, plaintext_value="sk-fourth-value", reason="no").text
    assert "Write at least 3" in refused
    submit(root, f"{page}/revoke", 303, reason=WHY)
    gone = root.call("GET", page, expect=200).text
    assert "Its value is deleted" in gone and secrets.value(NAME, people.tenant) == ""
    assert "-value" not in text + refused + gone + root.call("GET", LIST, expect=200).text


def test_a_form_that_does_not_fit_comes_back_with_all_but_the_value(root: Client) -> None:
    for given, said in (({"tenant_id": "nobody"}, "There is no business with this id."),
                        ({"key_name": "lower case"}, "does not look right")):
        typed = {"key_name": NAME, "plaintext_value": "sk-first-value", "reason": WHY, **given}
        text = submit(root, LIST, 422, **typed).text
        assert said in text and WHY in text and next(iter(given.values())) in text and "sk-first" not in text
    assert not IntegrationSecret.select().exists()


def test_secrets_are_found_by_name_and_by_business_and_revoked_ones_by_their_filter(
        root: Client, people: People) -> None:
    enter(root, "sk-1")
    page = enter(root, "sk-2", tenant_id=str(people.tenant.uuid)).location
    for asked, count in (("", 2), ("?q=openai", 2), ("?q=bakery", 1), ("?q=florist", 0), ("?state=revoked", 0)):
        text = root.call("GET", LIST + asked, expect=200).text.partition('id="listing-rows"')[2]
        assert text.partition("</table>")[0].count('class="strong"') == count, asked
    submit(root, f"{page}/revoke", 303, reason=WHY)
    assert "Bakery" in root.call("GET", f"{LIST}?state=revoked", expect=200).text
    assert "Bakery" not in root.call("GET", LIST, expect=200).text


def test_the_page_of_a_business_leads_to_a_new_secret_of_its_own(root: Client, people: People) -> None:
    page = root.call("GET", f"/platform/tenants/{people.tenant.uuid}", expect=200).text
    assert f'href="{LIST}?tenant={people.tenant.uuid}#new"' in page
    assert f'value="{people.tenant.uuid}"' in root.call("GET", f"{LIST}?tenant={people.tenant.uuid}", expect=200).text


def test_an_administrator_is_offered_nothing_that_is_the_owners(app: Any, root: Client) -> None:
    page = enter(root, "sk-1").location
    ada = browser(app, factories.make_user(factories.make_tenant(), "owner", is_platform_admin=True))
    text = ada.call("GET", page, expect=200).text
    assert f"{page}/rotate" not in text and "Only the owner of the platform" in text
    submit(ada, f"{page}/revoke", 403, reason=WHY)
    enter(ada, "sk-2", expect=403)
