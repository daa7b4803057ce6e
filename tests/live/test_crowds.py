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
from tests.live.peers import Socket
from tests.waits import STUCK_S, until

_CALLER, _ADDRESS, _TENANT = 4, 20, 30
# A machine that stands still for long enough has a hello come too late; that place is free again.
_LIMITED, _LATE = {101, 429}, {4408}


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


def _open(stack: ExitStack, visitor: Visitor, address: str) -> int:
    """101: it is heard, until the stack ends; or the status or close code with which it was refused."""
    try:
        ws = websocket.create_connection(
            f"ws://127.0.0.1:{visitor.hub.port}/widget/live?site={visitor.site}", timeout=STUCK_S, origin=ORIGIN,
            header={"X-Forwarded-For": address})
    except websocket.WebSocketBadStatusException as refused:
        return int(refused.status_code)
    stack.enter_context(closing(ws))
    ws.send(json.dumps({"type": "hello", "token": visitor.token}))      # who says nothing is sent away soon
    code, frame = ws.recv_data()
    return int.from_bytes(frame[:2], "big") if code == websocket.ABNF.OPCODE_CLOSE else 101


def _crowd(stack: ExitStack, hub: Hub, site: str, addresses: list[str]) -> list[int]:
    """Statuses of sockets of as many visitors."""
    return [_open(stack, Visitor(hub, site), address) for address in addresses]


@pytest.mark.slow
def test_idle_sockets_of_one_address_end_with_429_and_others_go_on(narrow: Hub, shop: Business) -> None:
    with ExitStack() as stack:
        said = _crowd(stack, narrow, shop.site, ["203.0.113.7"] * (3 * _ADDRESS))
        assert _LIMITED <= set(said) <= _LIMITED | _LATE and said.count(101) <= _ADDRESS
        assert _crowd(stack, narrow, shop.site, ["198.51.100.1"]) == [101]
        Visitor(narrow, shop.site).say("Am I heard?")
        assert httpx2.get(f"{narrow.url}/health", timeout=STUCK_S).status_code == 200
    until(lambda: _again(narrow, shop.site, "203.0.113.7"), lambda: "a place that was left stays taken")


def _again(hub: Hub, site: str, address: str) -> bool:
    with ExitStack() as stack:
        return _crowd(stack, hub, site, [address]) == [101]


@pytest.mark.slow
def test_sockets_of_one_site_end_with_429_and_another_business_goes_on(narrow: Hub, shop: Business) -> None:
    with ExitStack() as stack:
        said = _crowd(stack, narrow, shop.site, [f"203.0.113.{number}" for number in range(2 * _TENANT)])
        assert _LIMITED <= set(said) <= _LIMITED | _LATE and said.count(101) <= _TENANT
        assert _crowd(stack, narrow, narrow.business("other").site, ["203.0.113.1"]) == [101]
        Visitor(narrow, shop.site).say("My line is taken all the same")


@pytest.mark.slow
def test_sockets_of_one_visitor_beyond_the_limit_are_closed_and_the_others_hear(narrow: Hub, shop: Business) -> None:
    visitor = Visitor(narrow, shop.site)
    visitor.say("Hello")
    with ExitStack() as stack:
        sockets = [stack.enter_context(Socket(narrow, shop.site)) for _ in range(3 * _CALLER)]
        for ws in sockets:
            ws.say(type="hello", token=visitor.token)
        heard = [_begins(ws) for ws in sockets]
        assert 0 < heard.count(True) <= _CALLER
        assert {ws.closed for ws, is_heard in zip(sockets, heard, strict=True) if not is_heard} == {4429}
        visitor.say("Is it heard on all pages?")
        for ws, is_heard in zip(sockets, heard, strict=True):
            if is_heard:
                ws.until(lambda frame: frame["type"] == "message.new")


def _begins(ws: Socket) -> bool:
    while (frame := ws.frame()) is not None:
        if frame["type"] == "ready":
            return True
    return False


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
