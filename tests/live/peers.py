"""Peers of the live connections: a well-behaved WebSocket, an event stream, and a raw socket for everything else."""

import base64
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import orjson
import websocket

from tests.live.hub import ORIGIN, Hub, Visitor
from tests.waits import STUCK_S

Frame = dict[str, Any]


class Socket:
    """A WebSocket of a visitor. `closed` is the close code once the server has ended it."""

    def __init__(self, hub: Hub, site: str, origin: str | None = ORIGIN) -> None:
        self.closed: int | None = None
        self._ws = websocket.create_connection(f"ws://127.0.0.1:{hub.port}/widget/live?site={site}", timeout=STUCK_S,
                                               origin=origin)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ws.close(timeout=0)

    def say(self, **frame: Any) -> None:
        self._ws.send(json.dumps(frame))

    def frame(self, within: float = STUCK_S) -> Frame | None:
        """The next frame; None when the server has closed, or when nothing came in time."""
        self._ws.settimeout(within)
        try:
            code, data = self._ws.recv_data()
        except websocket.WebSocketTimeoutException:
            return None
        except (websocket.WebSocketConnectionClosedException, OSError):
            self.closed = self.closed or 1006
            return None
        if code == websocket.ABNF.OPCODE_CLOSE:
            self.closed = int.from_bytes(data[:2], "big") if data else 1005
            return None
        return dict(json.loads(data))

    def until(self, wanted: Callable[[Frame], bool], within: float = STUCK_S) -> list[Frame]:
        """Every frame up to the first that is wanted. AssertionError when it does not come in time."""
        seen: list[Frame] = []
        deadline = time.monotonic() + within
        while not seen or not wanted(seen[-1]):
            frame = self.frame(max(0.05, deadline - time.monotonic()))
            assert frame is not None, f"closed: {self.closed}; came: {[item['type'] for item in seen]}"
            seen.append(frame)
        return seen

    def quiet(self, seconds: float) -> bool:
        """Nothing comes for so long, and the socket stays open."""
        return self.frame(seconds) is None and self.closed is None

    def ended(self, within: float = STUCK_S) -> int:
        """The close code that the server ends with. AssertionError when it goes on."""
        deadline = time.monotonic() + within
        while self.closed is None:
            assert time.monotonic() < deadline, "the server did not end it"
            self.frame(0.5)
        return self.closed


def greeted(hub: Hub, site: str, token: str, **more: Any) -> tuple[Socket, Frame | None]:
    """A socket that has said hello, and the first frame that came. A machine that stood still for longer than a hello
    is waited for opens another one."""
    while True:
        ws = Socket(hub, site)
        ws.say(type="hello", token=token, **more)
        first = ws.frame()
        if ws.closed != 4408:
            return ws, first
        ws.__exit__()


def opened(visitor: Visitor, since: int | None = 0) -> tuple[Socket, list[Frame]]:
    """A socket that has said hello, and what came until `ready`."""
    ws, first = greeted(visitor.hub, visitor.site, visitor.token, **({} if since is None else {"since": since}))
    assert first is not None, f"closed: {ws.closed}"
    is_ready = first["type"] == "ready"
    return ws, [first, *([] if is_ready else ws.until(lambda frame: frame["type"] == "ready"))]


def texts(frames: list[Frame]) -> list[str]:
    return [frame["message"]["text"] for frame in frames if frame["type"] == "message.new"]


class Stream:
    """A server-sent event stream, read line by line from a plain socket. `is_over`: the server has ended it."""

    is_over = False

    def __init__(self, hub: Hub, path: str, **headers: str) -> None:
        self._sock = socket.create_connection(("127.0.0.1", hub.port), timeout=STUCK_S)
        told = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        self._sock.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{hub.port}\r\n{told}\r\n".encode())
        self._come = b""
        while b"\r\n\r\n" not in self._come:
            self._come += self._sock.recv(1)
        self.status, self._come = int(self._come.split()[1]), b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sock.close()

    def events(self, within: float) -> Iterator[dict[str, str]]:
        """Events as {"id", "event", "data", "comment"} until nothing came for so long or the stream has ended."""
        event: dict[str, str] = {}
        for line in self._lines(within):
            name, _, value = line.partition(":")
            if line:
                event[name or "comment"] = value.strip()
            elif event:
                yield event
                event = {}

    def ended(self) -> bool:
        """Has the server ended it? What still comes is passed over."""
        self._sock.settimeout(0.5)
        while self._chunk():
            pass
        try:
            return self._come.startswith(b"0\r\n") or self._sock.recv(1) == b""
        except TimeoutError:
            return False
        except OSError:
            return True

    def _lines(self, within: float) -> Iterator[str]:
        self._sock.settimeout(within)
        while chunk := self._chunk():
            yield from chunk.decode().split("\n")[:-1]

    def _chunk(self) -> bytes:
        """The next piece of the chunked body; nothing at its end or when none came in time."""
        while True:
            length, found, rest = self._come.partition(b"\r\n")
            size = int(length, 16) if found else 0
            if found and len(rest) >= size + 2:
                self._come = rest[size + 2:]
                self.is_over = size == 0
                return rest[:size]
            try:
                piece = self._sock.recv(65536)
            except TimeoutError:
                return b""
            except OSError:         # reset: ended as well
                piece = b""
            if not piece:
                self.is_over = True
                return b""
            self._come += piece


def visitor_stream(visitor: Visitor, query: str = "", **headers: str) -> Stream:
    """The visitor's events, for pages that cannot open a WebSocket."""
    return Stream(visitor.hub, f"/widget/events{query}", Authorization=f"Bearer {visitor.token}", Origin=ORIGIN,
                  **headers)


class Raw:
    """A peer that speaks WebSocket by hand: wrong frames, endless frames, or none at all."""

    def __init__(self, hub: Hub, site: str, receive_buffer: int = 0) -> None:
        self.sock = socket.socket()
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(STUCK_S)
        self.sock.connect(("127.0.0.1", hub.port))
        key = base64.b64encode(os.urandom(16)).decode()
        self.sock.sendall((f"GET /widget/live?site={site} HTTP/1.1\r\nHost: 127.0.0.1:{hub.port}\r\n"
                           f"Origin: {ORIGIN}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                           f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n").encode())
        self._head = b""
        while b"\r\n\r\n" not in self._head:
            self._head += self.sock.recv(1)
        assert b" 101 " in self._head, self._head

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.sock.close()

    def frame(self, opcode: int, payload: bytes, announced: int | None = None) -> None:
        """One masked frame; `announced` is the length that its header claims."""
        size = len(payload) if announced is None else announced
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 65536:
            head += bytes([0x80 | 126]) + size.to_bytes(2, "big")
        else:
            head += bytes([0x80 | 127]) + size.to_bytes(8, "big")
        self.sock.sendall(head + b"\0\0\0\0" + payload)

    def text(self, **frame: Any) -> None:
        self.frame(1, json.dumps(frame).encode())

    def is_ready(self) -> bool:
        """Has the hub said that it hears from now on? What it said stays unread."""
        return b'"type":"ready"' in self.sock.recv(4096, socket.MSG_PEEK)

    def rest(self, within: float = STUCK_S) -> bytes:
        """Everything until the server ends the connection. AssertionError when it does not."""
        got, deadline = b"", time.monotonic() + within
        while True:
            assert time.monotonic() < deadline, f"still open after {within} s, {len(got)} bytes came"
            self.sock.settimeout(max(0.05, deadline - time.monotonic()))
            try:
                piece = self.sock.recv(65536)
            except TimeoutError:
                continue
            except OSError:         # reset: ended as well
                return got
            if not piece:
                return got
            got += piece


@contextmanager
def all_closed(*sockets: Socket) -> Iterator[None]:
    try:
        yield
    finally:
        for ws in sockets:
            ws.__exit__()


def row_of(visitor: Visitor) -> tuple[int, int]:
    """(tenant, conversation) as rows count them, taken from an event of the visitor's own."""
    with visitor.hub.redis() as redis, redis.pubsub(ignore_subscribe_messages=True) as line:
        line.psubscribe("parley:events:*")
        line.get_message(timeout=STUCK_S)       # that it listens
        visitor.say("Which row am I?")
        uuid = visitor.conversation()
        deadline = time.monotonic() + STUCK_S
        while time.monotonic() < deadline:
            item = line.get_message(timeout=1)
            for event in orjson.loads(item["data"]) if item else ():
                if event.get("conversation_uuid") == uuid:
                    return event["tenant"], event["conversation"]
    raise AssertionError("the visitor's line was not published")
