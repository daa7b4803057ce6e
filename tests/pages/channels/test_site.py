"""A site's page: everything an owner sets about the chat, checked, saved together, shown as it will look."""

import html
import re
from typing import Any

import pytest

from hub.lib import crypto
from hub.models.accounts.tenant import Tenant
from hub.models.channels.channel import Channel
from hub.models.platform.event import Event
from hub.services.channels import sites
from tests import factories
from tests.api import world as worlds
from tests.api.callers import browser
from tests.client import Client
from tests.factories import People
from tests.pages.forms import secret, submit

GOOD = {"name": "Shop", "color": "#B4531F", "position": "left", "theme": "dark", "locale": "en",
        "texts.en.title": "Cakes", "texts.en.greeting": "Hello!\r\nWhat may it be?", "allowed_domains": "shop.example",
        "hours_start": "18:00", "hours_end": "02:00", "timezone": "Asia/Almaty"}


@pytest.fixture
def site(people: People) -> Channel:
    return factories.make_site(people.tenant, color="#112233", pre_chat=[{"name": "email"}])


def save(page: Client, site: Channel, expect: int = 303, **changes: str) -> Any:
    fields = {**GOOD, **{name.replace("__", "."): value for name, value in changes.items()}}
    return submit(page, f"/settings/sites/{site.uuid}", expect, **fields)


def test_what_is_saved_is_what_the_widget_shows(client: Client, page: Client, site: Channel) -> None:
    answer = save(page, site)
    assert "Saved." in page.call("GET", answer.location, expect=200).text
    factories.forget()
    config = client.get(f"/widget/config?site={site.token}", headers={"Origin": "https://shop.example"})
    assert {name: config[name] for name in ("color", "position", "theme", "locale")} == {
        "color": "#b4531f", "position": "left", "theme": "dark", "locale": "en"}
    assert config["texts"] == {"en": {"title": "Cakes", "greeting": "Hello!\nWhat may it be?"}}
    assert config["hours"] == {"start": "18:00", "end": "02:00", "timezone": "Asia/Almaty"}
    assert config["preChat"] == {"fields": [{"name": "email"}]}        # what the page does not know of stays


@pytest.mark.parametrize(("typed", "rules"), [
    ("https://myshop.example/", ["myshop.example"]), ("www.x.example:8443", ["www.x.example:8443"]),
    ("*.Example.com", ["*.example.com"]), ("пекарня.рф", ["xn--80ajpngj0i.xn--p1ai"]), ("", []),
    ("a.example, b.example\r\n\r\n  a.example ", ["a.example", "b.example"]),
    ("http://localhost:3000/x?y", ["localhost:3000"])])
def test_domains_are_taken_as_people_type_them(page: Client, site: Channel, typed: str, rules: list[str]) -> None:
    save(page, site, allowed_domains=typed)
    assert Channel.get_by_id(site.id).config["allowed_domains"] == rules


@pytest.mark.parametrize(("name", "typed", "said"), [
    ("allowed_domains", "shop.example\r\nowner@shop.example", "looks like an e-mail address"),
    ("allowed_domains", "*", "Leave the list empty"), ("allowed_domains", "ftp://x.example", "only pages on http://"),
    ("allowed_domains", "my shop!", "is no domain"), ("name", "  ", "Fill this in."),
    ("name", "", "Fill this in."), ("color", "red", "Write a colour like #2f6fed."),
    ("color", "#12345é", "Write a colour"),
    ("position", "top", "Choose one of what is offered."), ("hours_start", "25:00", "Write a time like 09:00."),
    ("hours_end", "late", "Write a time like 09:00."), ("hours_end", "1²:00", "Write a time"),
    ("timezone", "Mars/Olympus", "This time zone does not exist."),
    ("texts__en__title", "x" * 61, "At most 60 characters")])
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved_or_lost(
        page: Client, site: Channel, people: People, name: str, typed: str, said: str) -> None:
    before = worlds.picture(people.tenant)
    text = html.unescape(save(page, site, 422, **{name: typed}).text)
    assert said in text and text.count('aria-invalid="true"') + text.count("radio-field") >= 1
    assert "What may it be?" in text and (name.startswith("hours") or 'value="18:00"' in text)
    if typed.strip() and name not in ("position", "timezone"):
        assert typed.replace("\r\n", "\n").splitlines()[-1] in text
    assert worlds.picture(people.tenant) == before


def test_the_sentences_are_in_the_persons_language(page: Client, site: Channel) -> None:
    page.http.set_cookie("locale", "ru")
    text = html.unescape(save(page, site, 422, allowed_domains="owner@shop.example").text)
    assert "похоже на адрес почты" in text


def test_the_preview_shows_what_is_typed_and_keeps_what_is_wrong(page: Client, site: Channel) -> None:
    path = f"/settings/sites/{site.uuid}/preview"
    text = submit(page, path, 200, **GOOD).text
    assert "Cakes" in text and 'cx="30"' in text and "#16181d" in text and "<html" not in text
    wrong = submit(page, path, 200, **{**GOOD, "color": 'red" onload="x'}).text
    assert "onload" not in wrong and "#112233" not in Channel.get_by_id(site.id).name
    assert Channel.get_by_id(site.id).config["color"] == "#112233"


def test_the_line_to_paste_names_this_hub_and_this_site(page: Client, site: Channel) -> None:
    text = html.unescape(page.call("GET", f"/settings/sites/{site.uuid}", expect=200).text)
    assert f'<script src="http://localhost/widget.js" data-site="{site.token}" async></script>' in text


def test_a_new_secret_counts_at_once_and_can_be_undone(page: Client, site: Channel) -> None:
    former = site.secret.reveal()
    answer = submit(page, f"/settings/sites/{site.uuid}/secret", 303)
    fresh = Channel.get_by_id(site.id)
    assert fresh.secret.reveal() != former
    text = page.call("GET", answer.location, expect=200).text
    assert fresh.secret.reveal() in text and former not in text
    sites.enter(fresh, None, ("u-1", crypto.sign(fresh.secret.reveal(), "u-1")))
    log = str([(event.kind, event.old, event.new) for event in Event.select()])
    assert "channel.changed" in log and former not in log and fresh.secret.reveal() not in log
    sealed = re.search(r'name="former" value="([^"]+)"', text)
    assert sealed is not None
    submit(page, f"/settings/sites/{site.uuid}/secret/restore", 303, former=sealed[1])
    assert Channel.get_by_id(site.id).secret.reveal() == former


def test_an_undo_of_something_else_is_refused(page: Client, site: Channel, people: People) -> None:
    other = factories.make_site(people.tenant)
    answer = submit(page, f"/settings/sites/{other.uuid}/secret", 303)
    sealed = re.search(r'name="former" value="([^"]+)"', page.call("GET", answer.location, expect=200).text)
    assert sealed is not None
    for former in (sealed[1], "", "nonsense", "é"):
        submit(page, f"/settings/sites/{site.uuid}/secret/restore", 400, former=former)
    assert Channel.get_by_id(site.id).secret.reveal() == site.secret.reveal()


def test_only_sites_have_such_a_page_and_only_for_those_who_manage_channels(app: Any, page: Client, people: People,
                                                                            site: Channel) -> None:
    hook = factories.make_custom(people.tenant, "https://hook.example/")
    page.call("GET", f"/settings/sites/{hook.uuid}", expect=404)
    for path in ("", "/preview", "/secret", "/secret/restore"):
        submit(page, f"/settings/sites/{hook.uuid}{path}", 404, **GOOD)
    bob = browser(app, people.bob)
    bob.call("GET", f"/settings/sites/{site.uuid}", expect=403)
    submit(bob, f"/settings/sites/{site.uuid}/secret", 403)
    browser(app, people.dave).call("GET", f"/settings/sites/{site.uuid}", expect=404)


def test_hours_are_the_businesss_own(page: Client, site: Channel, people: People) -> None:
    save(page, site)
    tenant = Tenant.get_by_id(people.tenant.id)
    assert (tenant.working_hours_start, tenant.working_hours_end, tenant.timezone) == ("18:00", "02:00", "Asia/Almaty")


def test_a_page_of_an_old_installation_is_shown_whatever_is_stored(page: Client, people: People) -> None:
    Tenant.update(timezone="Europe/Kiev").where(Tenant.id == people.tenant.id).execute()
    odd = factories.make_site(people.tenant, "HTTPS://Odd.example/", color="blue", position="middle", locale="de")
    text = page.call("GET", f"/settings/sites/{odd.uuid}", expect=200).text
    assert "Europe/Kiev" in text and "HTTPS://Odd.example/" in text


def test_the_list_of_sites_says_where_each_may_stand(page: Client, people: People, site: Channel) -> None:
    factories.make_site(people.tenant, "one.example", "two.example")
    factories.make_custom(people.tenant, "https://hook.example/")
    text = page.call("GET", "/settings/sites", expect=200).text
    assert "one.example, two.example" in text and "every site" in text and "Own system" not in text
    assert secret(page, "/settings/sites")


def test_a_chat_that_is_off_says_so_and_is_switched_on(page: Client, site: Channel) -> None:
    assert "switched off" not in page.call("GET", f"/settings/sites/{site.uuid}", expect=200).text
    Channel.update(is_active=False).where(Channel.id == site.id).execute()
    assert "This chat is switched off" in page.call("GET", f"/settings/sites/{site.uuid}", expect=200).text
    submit(page, f"/settings/sites/{site.uuid}/on", 303)
    assert Channel.get_by_id(site.id).is_active
