"""HTTP/1.1 on one asyncio connection: reading a request, writing a reply, noticing that the client has left.

Written by hand because the modes need what no WSGI server gives: to cut, reset and trickle, and to see a
hang-up at once.
"""
from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class ClientGone(Exception):
    """The client closed its side before the answer was written."""


class BadRequest(Exception):
    """The bytes on the wire are no HTTP request."""


@dataclass(frozen=True)
class Request:
    """One request as it arrived. Header names are lower-case; `raw` is the body, byte for byte."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes

    @cached_property
    def body(self) -> Any:
        """The body as JSON, else as form fields, else as text; None when there is none."""
        if not self.raw:
            return None
        with contextlib.suppress(ValueError):
            return json.loads(self.raw)
        text = self.raw.decode("utf-8", "replace")
        form = self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        return dict(parse_qsl(text, keep_blank_values=True)) if form else text


@dataclass
class Reply:
    """What a provider answers. With `pieces` it is an event stream, otherwise `content` is the whole body.

    `answered` is what the ledger keeps (shorter than the bytes where these are long); `is_accepted` says that
    the provider did the work, whether or not the answer then reaches the client.
    """

    status: int = 200
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    pieces: list[bytes] | None = None
    answered: Any = None
    is_accepted: bool = False
    note: dict[str, Any] = field(default_factory=dict)

    def parts(self) -> list[bytes]:
        """The body as it goes on the wire: chunked frames of a stream, or the two halves of a plain body."""
        if self.pieces is None:
            half = len(self.content) // 2
            return [self.content[:half], self.content[half:]]
        *frames, last = [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in self.pieces]
        return [*frames, last + b"0\r\n\r\n"]  # the end travels with [DONE]: clients may close right after it

    def head(self) -> bytes:
        """Status line and headers."""
        is_stream = self.pieces is not None
        length = "Transfer-Encoding: chunked" if is_stream else f"Content-Length: {len(self.content)}"
        headers = [f"{name}: {text}" for name, text in self.headers.items()]
        lines = [f"HTTP/1.1 {self.status} {_phrase(self.status)}", *headers, length]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"


def json_reply(value: Any, status: int = 200, *, is_ascii: bool = False) -> Reply:
    """A JSON answer, in UTF-8; ASCII keeps even half a surrogate pair as it was, which the ledger needs."""
    content = json.dumps(value, ensure_ascii=is_ascii).encode(errors="replace")
    return Reply(status, content, {"Content-Type": "application/json"}, answered=value)


class Connection:
    """One client. `gone` is set the moment it closes; every wait here ends with ClientGone then."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, gone: asyncio.Event,
    ) -> None:
        self.reader, self.writer, self.gone = reader, writer, gone

    @property
    def is_open(self) -> bool:
        return not self.writer.is_closing()

    async def read(self) -> Request | None:
        """The next request; None when the client is done. Raises BadRequest."""
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
            method, target, headers = _parsed(head)
            raw = await self._body(headers)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        except (ValueError, asyncio.LimitOverrunError) as error:
            raise BadRequest(str(error)) from error
        url = urlsplit(target)
        return Request(method, unquote(url.path), dict(parse_qsl(url.query)), headers, raw)

    async def _body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() != "chunked":
            return await self.reader.readexactly(int(headers.get("content-length", "0")))
        chunks = []
        while size := int((await self.reader.readuntil(b"\r\n")).split(b";")[0], 16):
            chunks.append((await self.reader.readexactly(size + 2))[:-2])
        while await self.reader.readuntil(b"\r\n") != b"\r\n":
            pass  # trailers say nothing we need
        return b"".join(chunks)

    async def sleep(self, seconds: float) -> None:
        """Wait; raises ClientGone as soon as the client leaves."""
        try:
            await asyncio.wait_for(self.gone.wait(), seconds)
        except TimeoutError:
            return
        raise ClientGone

    async def send(self, data: bytes) -> None:
        """Write and wait until the kernel took it. Raises ClientGone."""
        try:
            self.writer.write(data)
            await self.writer.drain()
        except ConnectionError as error:
            raise ClientGone from error

    def close(self) -> None:
        """Close after what was written has left."""
        self.writer.close()

    def reset(self) -> None:
        """Close with a TCP reset, so that the client sees ECONNRESET and not an orderly end."""
        if self.is_open:
            sock = self.writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.writer.transport.abort()


def _parsed(head: bytes) -> tuple[str, str, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _version = first.split(" ", 2)
    headers: dict[str, str] = {}
    for line in filter(None, lines):
        name, _, value = line.partition(":")
        key, text = name.strip().lower(), value.strip()
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return method, target, headers


class WatchedProtocol(asyncio.StreamReaderProtocol):
    """asyncio's stream protocol that also tells when the client has closed, while nobody is reading."""

    def __init__(self, reader: asyncio.StreamReader, gone: asyncio.Event, **options: Any) -> None:
        super().__init__(reader, **options)
        self._gone = gone

    def eof_received(self) -> bool | None:
        self._gone.set()
        return super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone.set()
        super().connection_lost(exc)
