"""The client's side of the wire for tens of thousands of connections: HTTP, WebSocket and event streams on asyncio."""

import asyncio
import base64
import os
import re
from collections.abc import Callable
from typing import Any, Self

_STATUS, _LENGTH = re.compile(rb"HTTP/1\.1 (\d+)"), re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_HOST = "127.0.0.1"
PING, PONG, CLOSE = 0x9, 0xA, 0x8


class Link(asyncio.Protocol):
    """A TCP connection that knows whether it is still there."""

    def __init__(self) -> None:
        self.transport: Any = None
        self.buffer = b""
        self.is_open = False

    @classmethod
    async def to(cls, port: int, *args: Any, source: str = _HOST) -> Self:
        """Connect, from one of the loopback addresses: each has 28,000 ports."""
        loop = asyncio.get_running_loop()
        return (await loop.create_connection(lambda: cls(*args), _HOST, port, local_addr=(source, 0)))[1]

    def connection_made(self, transport: Any) -> None:
        self.transport, self.is_open = transport, True

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False

    def close(self) -> None:
        self.transport.abort()


class Http(Link):
    """One request at a time over one kept connection."""

    def __init__(self) -> None:
        super().__init__()
        self._response: asyncio.Future[tuple[int, bytes]] | None = None

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """(status, body)."""
        self._response = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._response

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, gap, body = self.buffer.partition(b"\r\n\r\n")
        if not gap or self._response is None:
            return
        length, status = _LENGTH.search(head), _STATUS.match(head)
        if length is None or status is None:
            self._response.set_exception(ConnectionError(f"not a response: {head[:200]!r}"))
        elif len(body) >= int(length[1]):
            self.buffer = b""
            self._response.set_result((int(status[1]), body))

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        if self._response is not None and not self._response.done():
            self._response.set_exception(ConnectionError("the server closed the connection"))


class Stream(Link):
    """Server-sent events: `heard(data)` for each `data:` line."""

    _DATA = re.compile(rb"data: (.*?)\n\n")

    def __init__(self, heard: Callable[[bytes], None]) -> None:
        super().__init__()
        self._heard = heard

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = 0
        for found in self._DATA.finditer(self.buffer):
            end = found.end()
            self._heard(found[1])
        self.buffer = self.buffer[end:]


class Socket(Link):
    """A WebSocket (RFC 6455). `heard(text)` may be replaced at any time; pings are answered."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: Callable[[bytes], None] = lambda text: None
        self._opened: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def open(self, path: str, origin: str = f"http://{_HOST}") -> None:
        """The handshake. Raises ConnectionError when the server does not answer 101."""
        key = base64.b64encode(os.urandom(16)).decode()
        self.transport.write(f"GET {path} HTTP/1.1\r\nHost: {_HOST}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             f"Origin: {origin}\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
                             .encode())
        if (status := await self._opened) != 101:
            raise ConnectionError(f"the server answered {status}")

    def say(self, text: bytes, opcode: int = 0x1) -> None:
        """Send a frame. Its mask is all zeros, which is allowed and leaves the text as it is."""
        length = bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + len(text).to_bytes(2, "big")
        self.transport.write(bytes([0x80 | opcode]) + length + b"\0\0\0\0" + text)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self._opened.done():
            head, gap, self.buffer = self.buffer.partition(b"\r\n\r\n")
            if not gap:
                self.buffer = head
                return
            status = _STATUS.match(head)
            self._opened.set_result(int(status[1]) if status else 0)
        while (frame := self._frame()) is not None:
            self._take(*frame)

    def _frame(self) -> tuple[int, bytes] | None:
        """(opcode, payload) of the next whole frame."""
        data = self.buffer
        if len(data) < 2:
            return None
        extra = {126: 2, 127: 8}.get(data[1], 0)
        start = 2 + extra
        end = start + (int.from_bytes(data[2:start], "big") if extra else data[1])
        if len(data) < end:
            return None
        self.buffer = data[end:]
        return data[0] & 0xF, data[start:end]

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == PING:
            self.say(payload, PONG)
        elif opcode == CLOSE:
            self.close()
        else:
            self.heard(payload)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        if not self._opened.done():
            self._opened.set_exception(ConnectionError("closed during the handshake"))
