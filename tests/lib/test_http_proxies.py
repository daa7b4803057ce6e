"""Calls through proxies, spoken to over the wire: both protocols, name and password, and proxies that do not work."""

from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest

from hub.lib import http
from tests.fakes import FakeServer
from tests.fakes.proxy import NAME, PASSWORD, FakeProxy
from tests.waits import until


@pytest.fixture
def proxy() -> Iterator[FakeProxy]:
    with FakeProxy() as found:
        yield found


def address(proxy: FakeProxy, scheme: str, password: str = PASSWORD) -> str:
    return f"{scheme}://{NAME}:{quote(password, safe='')}@127.0.0.1:{proxy.port}"


@pytest.mark.parametrize(("scheme", "asked"), [("http", "POST"), ("socks5", "socks5")])
def test_a_call_leaves_through_the_proxy_with_its_name_and_password(
        proxy: FakeProxy, fake: FakeServer, scheme: str, asked: str) -> None:
    target = fake.channel_url("shop")
    with http.through(address(proxy, scheme)):
        http.call("POST", target, content=b'{"id": "1"}', headers={"Content-Type": "application/json"})
    assert proxy.seen == [(asked, urlsplit(target).netloc)]
    (call,) = fake.calls("channel")
    assert call.body == {"id": "1"} and "proxy-authorization" not in call.headers


def test_outside_of_the_block_calls_go_directly(proxy: FakeProxy, fake: FakeServer) -> None:
    with http.through(address(proxy, "http")), http.through(None):
        http.call("POST", fake.channel_url("shop"), content=b"{}")
    http.call("POST", fake.channel_url("shop"), content=b"{}")
    assert len(proxy.seen) == 1 and len(fake.calls("channel")) == 2


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_another_password_is_refused_and_nothing_is_sent(proxy: FakeProxy, fake: FakeServer, scheme: str) -> None:
    for target in (fake.channel_url("shop"), "https://shop.example/"):
        with pytest.raises(http.NotReached, match=http.PROXY_REFUSES):
            http.call("POST", target, content=b"{}", proxy=address(proxy, scheme, "another"))
    assert proxy.seen == [] and fake.calls("channel") == []


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize("mode", ["close", "garbage"])
def test_what_is_no_proxy_never_breaks_a_caller(proxy: FakeProxy, scheme: str, mode: str) -> None:
    proxy.mode = mode
    with pytest.raises((http.NotReached, http.InDoubt)):
        http.call("GET", "http://shop.example/", proxy=address(proxy, scheme))


def test_a_socks_proxy_that_reaches_nothing_has_certainly_sent_nothing(proxy: FakeProxy) -> None:
    proxy.mode = "refuse"
    with pytest.raises(http.NotReached):
        http.call("GET", "https://shop.example/", proxy=address(proxy, "socks5"))
    with pytest.raises(http.NotReached):
        http.call("GET", "https://shop.example/", proxy=address(proxy, "http"))


def test_a_proxy_of_one_call_costs_no_reading_of_certificates_and_leaves_no_connection(
        proxy: FakeProxy, fake: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    http.call("GET", fake.url, proxy=address(proxy, "http"))
    monkeypatch.setattr("ssl.SSLContext.load_verify_locations", lambda *given, **named: pytest.fail("read again"))
    for scheme in ("http", "socks5"):
        http.call("GET", fake.url, proxy=address(proxy, scheme))
    until(lambda: len(proxy.ended) == 3)


def test_a_fault_of_our_own_is_not_blamed_on_a_proxy_that_is_none(
        fake: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise AssertionError("ours")

    monkeypatch.setattr(http, "_body", fails)
    with pytest.raises(AssertionError, match="ours"):
        http.call("GET", fake.url)
