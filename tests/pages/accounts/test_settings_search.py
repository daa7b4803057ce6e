"""All settings in their groups, and whatever is in them found by its words."""

import re
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest

from hub.pages.accounts import settings_index
from hub.pages.nav import ENTRIES
from tests.api.callers import browser
from tests.client import Client
from tests.factories import People, make_site

NAMED = [entry[0] for _, entries in ENTRIES for entry in entries if entry[0] not in ("inbox.index", "settings.index")]


def text(who: Client, url: str, locale: str = "en") -> str:
    who.http.set_cookie("locale", locale)
    return unescape(who.call("GET", url).text)


def found(who: Client, asked: str, locale: str = "en") -> list[str]:
    """The addresses of what is found, in their order."""
    return re.findall('class="settings-link" href="([^"]+)"', text(who, f"/settings?q={quote(asked)}", locale))


@pytest.fixture
def root(app: Any, people: People) -> Client:
    """Alice, who owns the installation as well: she may see every page."""
    type(people.alice).update(is_platform_owner=True).execute()
    return browser(app, people.alice)


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_every_page_of_the_menu_is_found_by_its_own_title_and_heading(root: Client, locale: str) -> None:
    links = dict(re.findall('class="settings-link with-icon" href="([^"]+)">.*?<span class="strong">([^<]+)<',
                            text(root, "/settings", locale), re.S))
    assert len(links) == len(NAMED) - 1         # the first steps stand in no group
    for url, label in {**links, "/onboarding": links["/account"]}.items():
        heading = re.search("<h1[^>]*>([^<]+)</h1>", text(root, url, locale))
        titles = {heading[1].strip() if heading else label, *([label] if url in links else [])}
        assert [title for title in titles if url not in found(root, title, locale)[:2]] == [], url


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_words_of_either_language_lead_to_the_field(page: Client, locale: str) -> None:
    wanted = {
        "пароль": "/account#password-part", "как сменить пароль": "/account#password-part",
        "паролем": "/account#password-part", "password": "/account#password-part",
        "логотип": "/settings/business#logo-part", "2fa": "/account/second-factor", "gdpr": "/settings/retention",
        "SMTP": "/settings/mail", "обед": "/settings/business-hours", "пригласить": "/settings/team#invite",
        "валюта": "/settings/business#currency", "retention": "/settings/retention"}
    assert [asked for asked, url in wanted.items() if url not in found(page, asked, locale)[:2]] == []


def test_every_place_that_is_led_to_is_on_its_page(app: Any, root: Client, people: People) -> None:
    site = make_site(people.tenant)
    with app.test_request_context():
        places = {tuple(item.address.replace("<site>", str(site.uuid)).split("#")) for item in settings_index._items()
                  if "#" in item.address}
    shown = {url: set(re.findall(' id="([^"]+)"', text(root, url)))
             for url, _ in places if "<" not in url and "/check" not in url}
    missing = {f"{url}#{anchor}" for url, anchor in places if url in shown and anchor not in shown[url]}
    # What comes when something was done: an app is connected, a key was made.
    assert missing == {"/settings/api-keys#made", "/account/second-factor#connect", "/account/second-factor#code",
                       "/account/second-factor#proof", "/onboarding#readiness-now", "/onboarding#questions"}


def test_the_only_site_is_led_to_and_of_several_the_list(page: Client, people: People) -> None:
    site = make_site(people.tenant)
    assert found(page, "domains") == [f"/settings/sites/{site.uuid}#allowed_domains"]
    make_site(people.tenant)
    assert found(page, "domains") == ["/settings/sites"]


def test_nobody_finds_what_they_may_not_see(app: Any, people: People, page: Client) -> None:
    carol = browser(app, people.carol)
    assert found(carol, "SMTP") == found(carol, "invite") == found(page, "proxies") == []
    assert found(carol, "password")[0] == "/account#password-part"
    assert found(page, "zebra") == found(page, "\0") == []


def test_the_menu_marks_one_page_and_opens_its_group(page: Client) -> None:
    shown = text(page, "/account/second-factor")
    rail = shown[shown.index("rail-nav"):shown.index("rail-end")]
    assert re.findall(r'href="([^"]+)" aria-current="page"', rail) == ["/account/second-factor"]
    assert re.findall(r'<details class="rail-group" name="rail-group" open>\s*<summary[^>]*>([^<]+)<', rail) == [
        "People and access"]
