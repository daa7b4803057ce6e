"""Sockets without end from one visitor, one address or one site: refused at the stated limits, and all others go on."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import httpx2
import pytest
import websocket

from hub.errors import TooMany
from hub.live import quota
from hub.settings import Settings, use_settings
from tests import servers
from tests.live import hub as running_hub
from tests.live.hub import ORIGIN, Business, Hub, Visitor
from tests.waits import STUCK_S, until

_CALLER, _ADDRESS, _TENANT = 4, 20, 30
_NO_HELLO = 4408


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Iterator[Hub]:
    """A hub behind a proxy, where few may come in."""
    folder = tmp_path_factory.mktemp("narrow")
    limits = {"STREAMS_PER_CALLER": str(_CALLER), "STREAMS_PER_ADDRESS": str(_ADDRESS),
              "STREAMS_PER_TENANT": str(_TENANT)}
    with servers.empty_database(database_url, folder) as own, \
            running_hub.running(folder, own, TRUST_PROXY="1", **limits) as hub:
        yield hub


@pytest.fixture(scope="module")
def shop(narrow: Hub) -> Business:
    return narrow.business("shop")


def _open(stack: ExitStack, visitor: Visitor, address: str) -> tuple[int, websocket.WebSocket | None]:
    """(101, a socket that is heard until the stack ends), or the status or close code with which it was refused. Where
    the machine stood still for so long that the hello came too late, another one is opened."""
    code = _NO_HELLO
    while code == _NO_HELLO:
        try:
            ws = websocket.create_connection(
                f"ws://127.0.0.1:{visitor.hub.port}/widget/live?site={visitor.site}", timeout=STUCK_S, origin=ORIGIN,
                header={"X-Forwarded-For": address})
        except websocket.WebSocketBadStatusException as refused:
            return int(refused.status_code), None
        stack.enter_context(closing(ws))
        try:
            ws.send(json.dumps({"type": "hello", "token": visitor.token}))      # who says nothing is sent away soon
            opcode, frame = ws.recv_data()
        except (websocket.WebSocketConnectionClosedException, OSError):         # it was sent away meanwhile
            continue
        if opcode != websocket.ABNF.OPCODE_CLOSE:
            return 101, ws
        code = int.from_bytes(frame[:2], "big")
    return code, None


def _crowd(stack: ExitStack, hub: Hub, site: str, addresses: list[str]) -> tuple[set[int], int]:
    """(what sockets of as many visitors were told, how many of them are open at once)."""
    opened = [_open(stack, Visitor(hub, site), address) for address in addresses]
    return {code for code, _ in opened}, len(_open_still(opened))


def _open_still(opened: list[tuple[int, websocket.WebSocket | None]]) -> list[websocket.WebSocket]:
    """A page that answers no ping for long enough is away, and its place free: we are one on a slow machine."""
    return [ws for _, ws in opened if ws is not None and _hears(ws, "pong", {"type": "ping"})]


def _hears(ws: websocket.WebSocket, wanted: str, said: dict[str, str] | None = None) -> bool:
    """Does a frame of that type come before the end?"""
    try:
        if said is not None:
            ws.send(json.dumps(said))
        while (got := ws.recv_data())[0] != websocket.ABNF.OPCODE_CLOSE:
            if json.loads(got[1])["type"] == wanted:
                return True
    except (websocket.WebSocketConnectionClosedException, OSError):
        pass
    return False


@pytest.mark.slow
def test_idle_sockets_of_one_address_end_with_429_and_others_go_on(narrow: Hub, shop: Business) -> None:
    with ExitStack() as stack:
        said, count = _crowd(stack, narrow, shop.site, ["203.0.113.7"] * (3 * _ADDRESS))
        assert said == {101, 429} and 0 < count <= _ADDRESS
        assert _crowd(stack, narrow, shop.site, ["198.51.100.1"]) == ({101}, 1)
        Visitor(narrow, shop.site).say("Am I heard?")
        assert httpx2.get(f"{narrow.url}/health", timeout=STUCK_S).status_code == 200
    until(lambda: _again(narrow, shop.site, "203.0.113.7"), lambda: "a place that was left stays taken")


def _again(hub: Hub, site: str, address: str) -> bool:
    with ExitStack() as stack:
        return _crowd(stack, hub, site, [address]) == ({101}, 1)


@pytest.mark.slow
def test_sockets_of_one_site_end_with_429_and_another_business_goes_on(narrow: Hub, shop: Business) -> None:
    with ExitStack() as stack:
        said, count = _crowd(stack, narrow, shop.site, [f"203.0.113.{number}" for number in range(2 * _TENANT)])
        assert said == {101, 429} and 0 < count <= _TENANT
        assert _crowd(stack, narrow, narrow.business("other").site, ["203.0.113.1"]) == ({101}, 1)
        Visitor(narrow, shop.site).say("My line is taken all the same")


@pytest.mark.slow
def test_sockets_of_one_visitor_beyond_the_limit_are_closed_and_the_others_hear(narrow: Hub, shop: Business) -> None:
    until(lambda: _again(narrow, shop.site, "203.0.113.9"))        # the crowd of before has gone
    visitor = Visitor(narrow, shop.site)
    visitor.say("Hello")
    with ExitStack() as stack:
        opened = [_open(stack, visitor, "203.0.113.9") for _ in range(3 * _CALLER)]
        heard = _open_still(opened)
        assert {code for code, _ in opened} == {101, 4429} and 0 < len(heard) <= _CALLER
        visitor.say("Is it heard on all pages?")
        assert all(_hears(ws, "message.new") for ws in heard)


def test_a_process_takes_no_more_streams_than_it_can_hold_whoever_asks(
        settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    use_settings(settings)
    monkeypatch.setattr(quota, "_MOST", 3)
    before: Any = dict(quota._open)
    leave = [quota.take(caller=number, address=f"203.0.113.{number}", tenant=number) for number in range(3)]
    with pytest.raises(TooMany) as refused:
        quota.take(caller=9, address="203.0.113.9", tenant=9)
    assert refused.value.retry_after and refused.value.retry_after > 0
    leave[0]()
    leave[0]()          # gives the place back once
    leave[0] = quota.take(caller=9, address="203.0.113.9", tenant=9)
    with pytest.raises(TooMany):
        quota.take(address="203.0.113.8")
    leave.append(quota.take(caller=9))      # one of the three says who it is: that is no fourth
    for step in leave:
        step()
    assert dict(quota._open) == before
