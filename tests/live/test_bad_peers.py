"""Peers that do not read, send too much, or send nonsense: each ends alone, and nobody else notices."""

import json
import struct
from pathlib import Path

import pytest

from hub import bus
from tests.live.hub import Business, Hub, Visitor
from tests.live.peers import Raw, Socket, opened, row_of
from tests.waits import STUCK_S, until

pytestmark = pytest.mark.slow
_EVENTS, _KILOBYTES = 800, 16


def _closed_with(got: bytes) -> int:
    """The code of the close frame at the end of what a raw peer got; 0 when the connection just ended."""
    at = got.rfind(b"\x88")
    return struct.unpack("!H", got[at + 2:at + 4])[0] if at >= 0 and len(got) >= at + 4 else 0


def test_a_reader_that_stopped_is_cut_off_and_nobody_else_waits(hub: Hub, bakery: Business, visitor: Visitor) -> None:
    visitor.say("Hello")
    slow = Raw(hub, bakery.site, receive_buffer=4096)
    quick, _ = opened(visitor)
    with slow, quick:
        slow.text(type="hello", token=visitor.token, since=0)
        until(slow.is_ready)
        heard = _flood(hub, visitor, quick)
        assert heard == list(range(_EVENTS)), "the reader that reads got everything, in order"
        until(lambda: not _is_held(hub, slow))      # a frame may wait ten seconds for its reader
        got = slow.rest()
        assert got.count(b'"type":"typing"') < _EVENTS, "it was never cut off"
        visitor.say("Still there?")
        assert quick.until(lambda frame: frame["type"] == "message.new")


def _is_held(hub: Hub, peer: Raw) -> bool:
    """Does the hub still hold this connection? Asked of the kernel: to read from it would be to wake the reader up."""
    ours = f"{hub.port:04X} 0100007F:{peer.sock.getsockname()[1]:04X} 01"       # state 01: established
    return ours in Path("/proc/net/tcp").read_text()


def _flood(hub: Hub, visitor: Visitor, quick: Socket) -> list[int]:
    """Far more than the buffers between two processes hold; what the quick reader got of it."""
    tenant, row = row_of(visitor)
    numbers: list[int] = []
    with hub.redis() as redis:
        for start in range(0, _EVENTS, 40):
            news: list[bus.Event] = [
                {"type": "typing", "tenant": tenant, "conversation": row, "conversation_uuid": "x",
                 "audience": bus.ALL, "data": {"number": number, "name": "x" * 1024 * _KILOBYTES}}
                for number in range(start, start + 40)]
            assert bus.publish(redis, *news)
            came = quick.until(lambda frame, last=start + 39: frame.get("number") == last)  # type: ignore[misc]
            numbers += [frame["number"] for frame in came if "number" in frame]
    return numbers


def test_a_frame_of_64_megabytes_is_refused_long_before_its_end(hub: Hub, bakery: Business, visitor: Visitor) -> None:
    with Raw(hub, bakery.site) as peer:
        peer.text(type="hello", token=visitor.token)
        peer.frame(1, b"x" * 16 * 1024, announced=64 * 1024 * 1024)
        assert _closed_with(peer.rest()) == 1009


@pytest.mark.parametrize("garbage", [b"\x00" * 64, b"\xff" * 64, b"GET / HTTP/1.1\r\n\r\n", bytes(range(256))])
def test_bytes_that_are_no_frames_end_the_connection(hub: Hub, bakery: Business, garbage: bytes) -> None:
    with Raw(hub, bakery.site) as peer:
        peer.sock.sendall(garbage)
        peer.rest()


@pytest.mark.parametrize("text", [b"not json", b"[1]", b'"hello"', b"\xff\xfe", b'{"type":'])
def test_a_frame_that_is_no_object_ends_the_connection(hub: Hub, bakery: Business, visitor: Visitor,
                                                       text: bytes) -> None:
    with Raw(hub, bakery.site) as peer:
        peer.text(type="hello", token=visitor.token)
        peer.frame(1, text)
        peer.rest()


def test_endless_pings_end_the_connection_with_4429(hub: Hub, bakery: Business, visitor: Visitor) -> None:
    with Raw(hub, bakery.site) as peer:
        peer.text(type="hello", token=visitor.token)
        ping, got = json.dumps({"type": "ping"}).encode(), b""
        peer.sock.settimeout(STUCK_S)
        for _ in range(2_100):
            peer.frame(1, ping)
            got = peer.sock.recv(65_536)        # who does not read is cut off earlier, without a word
            if b"\x88" in got:
                break
        assert _closed_with(got + peer.rest()) == 4429


def test_after_all_of_them_the_hub_is_well(hub: Hub, visitor: Visitor) -> None:
    assert len(hub.web_pids()) == 2
    ws, _ = opened(visitor)
    with ws:
        visitor.say("Hello")
        assert ws.until(lambda frame: frame["type"] == "message.new")
    assert "Traceback" not in hub.tree.text(), hub.tree.text()[-3000:]
