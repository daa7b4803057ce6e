"""The pages of proxies: a list is pasted, what cannot be read stays; one is changed, given away, off, deleted."""

from typing import Any

import pytest

from hub.models.platform.proxy import Proxy
from hub.services.platform import proxies
from tests import factories
from tests.api.callers import browser
from tests.client import Client
from tests.factories import People
from tests.pages.forms import submit

LIST = "/platform/proxies"


@pytest.fixture
def root(app: Any, people: People) -> Client:
    """The browser of who owns the platform."""
    return browser(app, factories.make_user(factories.make_tenant(name="Platform"), "owner", is_platform_owner=True))


def test_a_pasted_list_is_taken_and_what_cannot_be_read_stays_in_the_form(root: Client) -> None:
    pasted = "one.example:1080:vera:hush-4711\nnothing at all\nsocks5://two.example:1081"
    text = submit(root, LIST, 422, text=pasted, protocol="https").text
    assert "1 line could not be read." in text and "nothing at all</textarea>" in text and "hush-4711" not in text
    assert [(row.host, row.protocol) for row in Proxy.select().order_by(Proxy.port)] == [
        ("one.example", "https"), ("two.example", "socks5")]
    submit(root, LIST, 303, text="one.example:1080:vera:hush-4711\nthree.example:80", protocol="https")
    text = root.call("GET", LIST, expect=200).text
    assert "1 proxy is new." in text and "1 proxy was known already." in text and Proxy.select().count() == 3


def test_one_is_changed_and_an_empty_password_keeps_the_stored_one(root: Client) -> None:
    submit(root, LIST, 303, text="one.example:1080:vera:hush-4711\ntwo.example:1080", protocol="http")
    row = Proxy.get(Proxy.host == "one.example")
    page, fields = f"{LIST}/{row.uuid}", {"host": "one.example", "port": "1080", "protocol": "http", "country": "de"}
    submit(root, page, 303, **fields, username="vera", password="")
    assert Proxy.get_by_id(row.id).url == "http://vera:hush-4711@one.example:1080"
    assert "hush-4711" not in root.call("GET", page, expect=200).text
    assert "two letters" in submit(root, page, 422, **{**fields, "country": "1"}).text
    assert "known already" in submit(root, page, 422, **{**fields, "host": "two.example"}).text


def test_one_is_given_to_a_business_switched_off_and_on_and_deleted(root: Client, people: People) -> None:
    submit(root, LIST, 303, text="one.example:1080", protocol="http")
    page = f"{LIST}/{Proxy.get().uuid}"
    assert "There is nothing with this id." in submit(root, f"{page}/assign", 422, tenant_id="nobody").text
    submit(root, f"{page}/assign", 303, tenant_id=str(people.tenant.uuid), channel_id="")
    assert "Bakery" in root.call("GET", LIST, expect=200).text
    assert "Given to somebody" in root.call("GET", page, expect=200).text
    for verb, status in (("off", "disabled"), ("check", "unchecked")):
        submit(root, f"{page}/{verb}", 303)
        assert Proxy.get().status == status
    submit(root, f"{page}/delete", 303)
    assert not Proxy.select().exists() and "The proxy is deleted." in root.call("GET", LIST, expect=200).text


def test_proxies_are_found_by_host_state_and_whether_they_are_given(root: Client, people: People) -> None:
    submit(root, LIST, 303, text="one.example:1080\ntwo.example:1080", protocol="http")
    one = Proxy.get(Proxy.host == "one.example")
    proxies.change(factories.caller(people.alice), one, {"label": "Москва, Ёлкина"})
    Proxy.update(status="failed", error="The proxy speaks another protocol.", for_tenant=people.tenant).where(
        Proxy.host == "two.example").execute()
    for asked, count in (("q=one", 1), ("q=ONE.ex", 1), ("q=елкина москва", 1), ("q=o_e", 0),
                         ("state=failed", 1), ("given=yes", 1), ("given=no", 1), ("state=active", 0)):
        text = root.call("GET", f"{LIST}?{asked}", expect=200).text.partition('id="listing-rows"')[2]
        assert text.partition("</table>")[0].count('class="strong"') == count, asked


def test_an_administrator_who_is_not_the_owner_stays_outside(app: Any, people: People) -> None:
    ada = browser(app, factories.make_user(factories.make_tenant(), "owner", is_platform_admin=True))
    ada.call("GET", LIST, expect=403)
    submit(ada, LIST, 403, text="one.example:1080", protocol="http")
