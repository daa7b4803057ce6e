"""The security report as a page."""

from typing import Any

from tests import factories
from tests.api.callers import browser
from tests.client import Client
from tests.factories import People


def test_the_page_says_what_to_do_of_whom_it_concerns(app: Any, people: People) -> None:
    factories.make_site(people.tenant)
    text = browser(app, people.alice).call("GET", "/settings/security", expect=200).text
    assert "Site chats that any page may show as its own: 1." in text and "Name the domains under" in text
    assert "SESSION_SECRET" not in text and "This installation" not in text
    root = factories.make_user(people.tenant, "owner", is_platform_owner=True, locale="ru")
    text = browser(app, root).call("GET", "/settings/security", expect=200).text
    assert "APP_ENV=production" in text and "Эта установка" in text


def test_the_page_is_for_those_who_may_see_the_log(app: Any, people: People) -> None:
    bob: Client = browser(app, people.bob)
    bob.call("GET", "/settings/security", expect=403)
    assert "/settings/security" not in bob.call("GET", "/inbox", expect=200).text
    assert "/settings/security" in browser(app, people.alice).call("GET", "/inbox", expect=200).text
