"""Proxies over the API of the platform: added, pasted, changed, given away, deleted; passwords stay inside."""

from collections.abc import Callable
from typing import Any

import pytest

from hub.lib import ids
from hub.models import base
from hub.models.platform.event import Event
from hub.models.platform.idempotency import IdempotencyKey
from hub.models.platform.proxy import Proxy
from tests import factories
from tests.api.noun import Wrong
from tests.client import Client
from tests.factories import People

BASE = "/api/admin/proxies"
NEW = {"host": "Proxy.example", "port": 1080, "protocol": "socks5", "username": "vera-4711", "password": "hush-4711",
       "country": "de", "label": "Berlin"}
Platform = Callable[..., Client]

ADD = Wrong(f"POST {BASE}", {"host": ["", "a b", "-a", "x" * 256], "port": [0, 65536, "http", None],
                             "protocol": ["socks4", None], "country": ["D", "D1"], "label": ["x" * 256],
                             "password": ["x" * 256]})
TAKE = Wrong(f"POST {BASE}/import", {"proxies": [[], None, [{}] * 1001]})
PARSE = Wrong(f"POST {BASE}/parse", {"text": ["", None], "protocol": ["ftp"]})
CHANGE = Wrong(f"PATCH {BASE}/<proxy>", {"port": [0], "protocol": ["ftp"], "status": ["active"], "host": ["a b"]})
ASSIGN = Wrong(f"POST {BASE}/<proxy>/assign", {"tenantId": ["none", str(ids.uuid7())], "channelId": [str(ids.uuid7())]})
CLEAR = Wrong(f"DELETE {BASE}", {"status": ["gone"]})


def test_a_proxy_is_added_once_and_no_answer_event_or_column_holds_its_password(platform: Platform) -> None:
    root = platform(owner=True)
    made = root.post(BASE, NEW, expect=201)
    assert (made["host"], made["port"], made["protocol"], made["country"], made["status"]) == (
        "proxy.example", 1080, "socks5", "DE", "unchecked")
    assert made["username"] == "vera-4711" and made["hasPassword"] is True and made["tenantId"] is None
    root.refused("POST", BASE, {**NEW, "password": "another"}, status=409, code="proxy_known", field="host")
    root.patch(f"{BASE}/{made['id']}", {"password": "hush-4712", "label": "Mitte"})
    told = [str(made), root.call("GET", BASE, expect=200).text, *(str(event.__data__) for event in Event.select()),
            str(base.db.execute_sql("SELECT * FROM proxy").fetchall())]
    assert [text for text in told if "hush-471" in text] == [] and "vera-4711" not in told[-1]
    assert Proxy.get().url == "socks5://vera-4711:hush-4712@proxy.example:1080"
    assert [(event.kind, event.new["label"]) for event in Event.select().order_by(Event.id) if event.new] == [
        ("proxy.created", "Berlin"), ("proxy.changed", "Mitte")]


def test_an_import_takes_what_is_right_and_new_and_names_the_rest(platform: Platform) -> None:
    root = platform(owner=True)
    root.post(BASE, NEW, expect=201)
    given: list[Any] = [{**NEW, "port": 1081}, NEW, {**NEW, "port": 0}, {}, {**NEW, "port": 1081}]
    found = root.post(f"{BASE}/import", {"proxies": given})
    assert (found["imported"], found["failed"], [one["index"] for one in found["errors"]]) == (1, 4, [1, 2, 3, 4])
    assert Proxy.select().count() == 2 and "hush-471" not in str(found)


def test_a_thousand_come_in_one_import(platform: Platform) -> None:
    given = [{"host": "proxy.example", "port": 1 + number, "protocol": "http"} for number in range(1000)]
    assert platform(owner=True).post(f"{BASE}/import", {"proxies": given})["imported"] == 1000


def test_a_pasted_text_becomes_what_an_import_takes(platform: Platform) -> None:
    root = platform(owner=True)
    found = root.post(f"{BASE}/parse", {"text": "proxy.example:1080:vera:secret\nnothing", "protocol": "socks5"})
    assert found == {"proxies": [{"host": "proxy.example", "port": 1080, "protocol": "socks5", "username": "vera",
                                  "password": "secret"}],
                     "errors": [{"index": 2, "message": "There is no host with a port in it."}]}
    assert not Proxy.select().exists() and root.post(f"{BASE}/import", found)["imported"] == 1


def test_what_leads_elsewhere_is_checked_anew_and_what_is_off_owes_no_check(platform: Platform) -> None:
    root = platform(owner=True)
    path = f"{BASE}/{root.post(BASE, NEW, expect=201)['id']}"
    Proxy.update(status="active", due_at=None).execute()
    assert root.patch(path, {"label": "Mitte"})["status"] == "active" and Proxy.get().due_at is None
    moved = root.patch(path, {**NEW, "port": 1082, "protocol": "http"})
    assert moved["status"] == "unchecked" and Proxy.get().due_at is not None
    assert root.patch(path, {"status": "disabled"})["status"] == "disabled" and Proxy.get().due_at is None
    assert root.patch(path, {"port": 1083})["status"] == "disabled"
    assert root.patch(path, {"status": "unchecked"})["status"] == "unchecked" and Proxy.get().due_at is not None


def test_proxies_are_listed_by_state_and_free_ones_by_protocol_and_country(
        platform: Platform, people: People) -> None:
    root = platform(owner=True)
    rows = [root.post(BASE, {**NEW, "port": port, "protocol": protocol, "country": country}, expect=201)
            for port, protocol, country in ((1, "http", "DE"), (2, "socks5", "DE"), (3, "socks5", "RU"))]
    for asked, ports in (("?protocol=socks5", [3, 2]), ("?protocol=socks5&country=ru", [3]), ("", [3, 2, 1])):
        assert [one["port"] for one in root.get(f"{BASE}/available{asked}")["proxies"]] == ports
    root.post(f"{BASE}/{rows[0]['id']}/assign", {"tenantId": str(people.tenant.uuid)})
    Proxy.update(status="failed").where(Proxy.port == 2).execute()
    assert [one["port"] for one in root.get(f"{BASE}/available")["proxies"]] == [3]
    found = root.get(f"{BASE}?status=unchecked&limit=1&offset=1")
    assert found["total"] == 2 and [one["port"] for one in found["proxies"]] == [1]


def test_a_proxy_is_given_to_a_business_to_its_channel_and_to_nobody(platform: Platform, people: People) -> None:
    root, channel = platform(owner=True), factories.make_site(people.tenant)
    path = f"{BASE}/{root.post(BASE, NEW, expect=201)['id']}/assign"
    both = {"tenantId": str(people.tenant.uuid), "channelId": str(channel.uuid)}
    given = root.post(path, both)
    assert {name: given[name] for name in both} == both
    root.refused("POST", path, {**both, "tenantId": str(people.other.uuid)}, status=400, field="channelId")
    assert root.post(path)["channelId"] is None
    told = [(event.old, event.new)
            for event in Event.select().where(Event.kind == "proxy.assigned").order_by(Event.id)]
    names = {"for_tenant": both["tenantId"], "for_channel": both["channelId"]}
    assert told == [(dict.fromkeys(names), names), (names, dict.fromkeys(names))]
    assert not Event.of(people.tenant).where(Event.entity == "proxy").exists(), "no business reads of it"


def test_they_are_deleted_one_by_one_or_all_of_a_state(platform: Platform) -> None:
    root = platform(owner=True)
    one, *_ = [root.post(BASE, {**NEW, "port": port}, expect=201) for port in (1, 2, 3)]
    assert root.delete(f"{BASE}/{one['id']}", expect=200) == {"success": True}
    root.refused("DELETE", BASE, status=400, field="status")
    Proxy.update(status="failed").where(Proxy.port == 2).execute()
    assert root.delete(f"{BASE}?status=failed", expect=200) == {"deleted": 1} and Proxy.get().port == 3
    assert Event.select().where(Event.kind == "proxy.deleted").count() == 2


@pytest.mark.parametrize("owner", [True, False])
def test_only_the_owner_of_the_platform_comes_here(platform: Platform, alice: Client, owner: bool) -> None:
    proxy = platform(owner=True).post(BASE, NEW, expect=201)["id"]
    client = platform() if owner else alice
    for method, path in (("GET", ""), ("POST", ""), ("POST", "/import"), ("POST", "/parse"), ("GET", "/available"),
                         ("PATCH", f"/{proxy}"), ("DELETE", f"/{proxy}"), ("POST", f"/{proxy}/assign"),
                         ("DELETE", "?status=failed")):
        client.refused(method, BASE + path, status=403)
    assert Proxy.select().count() == 1


def test_a_pasted_password_stays_in_no_kept_answer(platform: Platform) -> None:
    root, sent = platform(owner=True), {"text": "proxy.example:1080:vera:hush-4711"}
    root.post(f"{BASE}/parse", sent, headers={"Idempotency-Key": "once"})
    assert [row.answer for row in IdempotencyKey.select() if "hush-4711" in str(row.answer)] == []
