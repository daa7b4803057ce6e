"""Proxies at work: a channel's lines leave through the one it was given; each is asked again and again what it can."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from peewee import OperationalError

from hub.access.callers import Caller
from hub.lib import clock
from hub.models.base import db
from hub.models.channels.channel import Channel
from hub.models.conversations.delivery import Delivery
from hub.models.platform.proxy import Proxy, ProxyStatus
from hub.services import changes, work
from hub.services.conversations import deliver
from hub.services.platform import proxies, proxy_checks
from tests import factories
from tests.factories import People
from tests.fakes import FakeServer
from tests.fakes.proxy import NAME, PASSWORD, FakeProxy
from tests.services import steps
from tests.services.conversations.test_deliver import wrote
from tests.there import there


@pytest.fixture
def way() -> Iterator[FakeProxy]:
    with FakeProxy() as found:
        yield found


@pytest.fixture
def shop(people: People, fake: FakeServer) -> Channel:
    factories.make_agent(people.tenant)
    return factories.make_custom(people.tenant, fake.channel_url("shop"))


def make_proxy(way: FakeProxy, protocol: str = "socks5", **more: Any) -> Proxy:
    """As a row, which nobody has checked yet."""
    values = {"host": "127.0.0.1", "port": way.port, "protocol": protocol, "username": NAME, "password": PASSWORD}
    return Proxy.create(**proxies._columns({**values, **more}))


@pytest.mark.parametrize(("protocol", "asked"), [("http", "POST"), ("socks5", "socks5")])
@pytest.mark.parametrize("whose", ["for_tenant", "for_channel"])
def test_lines_leave_through_the_proxy_of_the_channel_or_of_its_business(
        people: People, shop: Channel, fake: FakeServer, way: FakeProxy, protocol: str, asked: str, whose: str) -> None:
    make_proxy(way, protocol, **{whose: {"for_tenant": people.tenant, "for_channel": shop}[whose]})
    (delivery,) = wrote(people, shop, "On its way")
    deliver.deliver(delivery.id)
    assert [how for how, _ in way.seen] == [asked] and steps.fresh(delivery).state == "sent"
    assert [call.body["text"] for call in fake.calls("channel")] == ["On its way"]


def test_a_channel_without_one_goes_directly_and_so_does_one_whose_proxy_is_off(
        people: People, shop: Channel, fake: FakeServer, way: FakeProxy) -> None:
    make_proxy(way, for_tenant=people.other)
    make_proxy(way, "http", for_channel=shop, status=ProxyStatus.DISABLED)
    (delivery,) = wrote(people, shop, "On its way")
    deliver.deliver(delivery.id)
    assert way.seen == [] and steps.fresh(delivery).state == "sent"


def test_whoever_has_a_proxy_never_goes_directly_when_it_fails(
        people: People, shop: Channel, fake: FakeServer, way: FakeProxy) -> None:
    way.mode = "refuse"
    make_proxy(way, for_channel=shop, status=ProxyStatus.FAILED)
    (delivery,) = wrote(people, shop, "On its way")
    deliver.deliver(delivery.id)
    assert fake.calls("channel") == [] and Delivery.get_by_id(delivery.id).state == "queued"


def test_of_several_one_that_works_is_taken_always_the_same(people: People, shop: Channel, way: FakeProxy) -> None:
    for port, status in ((1, "failed"), (2, "active"), (3, "unchecked"), (4, "disabled")):
        make_proxy(way, port=port, for_tenant=people.tenant, status=status)
    taken = {proxies._way(shop) for _ in range(5)}
    assert len(taken) == 1 and str(taken.pop()).rpartition(":")[2] in ("2", "3")


@pytest.mark.parametrize("protocol", ["http", "socks5"])
def test_a_check_says_that_a_proxy_works_and_when_the_next_one_is_due(
        fake: FakeServer, way: FakeProxy, use: Any, app: Any, protocol: str) -> None:
    use(proxy_check_url=fake.url)
    proxy = make_proxy(way, protocol)
    assert [row_id for _, row_id in work.forgotten(proxy_checks.CHECKS, clock.now(), 5)] == [proxy.id]
    proxy_checks.check(proxy.id)
    proxy_checks.check(proxy.id)
    now = Proxy.get_by_id(proxy.id)
    assert (now.status, now.error, now.lease_until) == ("active", "", None) and now.latency_ms is not None
    assert len(way.seen) == 1 and there(now.due_at) > clock.ahead(1700)
    assert work.forgotten(proxy_checks.CHECKS, clock.now(), 5) == []


@pytest.mark.parametrize("protocol", ["http", "socks5"])
@pytest.mark.parametrize("how", ["refuse", "close", "garbage", "password", "gone"])
def test_a_check_says_that_a_proxy_fails_and_why(
        fake: FakeServer, way: FakeProxy, use: Any, app: Any, protocol: str, how: str) -> None:
    use(proxy_check_url=fake.url)
    way.mode = how if how in ("refuse", "close", "garbage") else "ok"
    wrong: dict[str, dict[str, Any]] = {"password": {"password": "another"}, "gone": {"port": 9}}
    proxy = make_proxy(way, protocol, **wrong.get(how, {}))
    proxy_checks.check(proxy.id)
    now = Proxy.get_by_id(proxy.id)
    assert now.status == "failed" and now.error and now.checked_at and PASSWORD not in now.error
    assert there(now.due_at) > clock.now()


def test_what_was_changed_while_it_was_checked_is_checked_again(
        fake: FakeServer, way: FakeProxy, use: Any, app: Any, monkeypatch: pytest.MonkeyPatch, people: People) -> None:
    use(proxy_check_url=fake.url)
    proxy, tried = make_proxy(way), proxy_checks._tried

    def meanwhile(url: str) -> Any:
        proxies.change(factories.caller(people.alice), Proxy.get_by_id(proxy.id), {"port": 9})
        return tried(url)

    monkeypatch.setattr(proxy_checks, "_tried", meanwhile)
    proxy_checks.check(proxy.id)
    now = Proxy.get_by_id(proxy.id)
    assert (now.status, now.checked_at, now.port) == ("unchecked", None, 9) and there(now.due_at) <= clock.now()


def pasted(count: int) -> list[dict[str, Any]]:
    return [{"host": "proxy.example", "port": 1 + number, "protocol": "http"} for number in range(count)]


def test_between_a_few_of_a_long_list_others_have_their_turn(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[bool] = []
    monkeypatch.setattr(proxies, "time", SimpleNamespace(sleep=lambda _: turns.append(db.is_closed())), raising=False)
    proxies.create_all(factories.caller(people.alice), pasted(60))
    made = len(turns)
    assert proxies.remove_all(factories.caller(people.alice), ProxyStatus.UNCHECKED) == 60
    assert made >= 2 and len(turns) >= 2 * made and all(turns), "and nobody waits for the connection"


def test_a_clearing_that_the_database_breaks_off_is_done_again(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    proxies.create_all(factories.caller(people.alice), pasted(3))
    remove: Any = changes.remove
    broken: Any = OperationalError("deadlock detected")
    broken.orig = SimpleNamespace(pgcode="40P01")

    def once(caller: Caller, row: Proxy) -> None:
        monkeypatch.setattr(changes, "remove", remove)
        raise broken

    monkeypatch.setattr(changes, "remove", once)
    assert proxies.remove_all(factories.caller(people.alice), ProxyStatus.UNCHECKED) == 3
