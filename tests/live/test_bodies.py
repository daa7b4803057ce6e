"""Bodies that are malformed or never end, sent byte by byte to the real server."""

import re
import socket
import time

import httpx2
import pytest

from tests.live.hub import Hub, Visitor
from tests.waits import STUCK_S

pytestmark = pytest.mark.slow
_JSON = "Content-Type: application/json"


def begun(hub: Hub, path: str, *headers: str, body: bytes = b"") -> socket.socket:
    """A POST as far as it goes."""
    sock = socket.create_connection(("127.0.0.1", hub.port), timeout=STUCK_S)
    head = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{hub.port}", _JSON, *headers]
    sock.sendall("\r\n".join([*head, "", ""]).encode() + body)
    return sock


def everything(sock: socket.socket) -> bytes:
    """What comes until the server closes."""
    got = b""
    with sock:
        while piece := sock.recv(65_536):
            got += piece
    return got


@pytest.mark.parametrize("body", [
    b"ZZ\r\n{}\r\n0\r\n\r\n", b"-2\r\n{}\r\n0\r\n\r\n", b"2\r\n{}XX0\r\n\r\n", b"2;=\r\n{}\r\n0\r\n\r\n", b"\r\n\r\n",
    b"0x2\r\n{}\r\n0\r\n\r\n", b"2 \x00\r\n{}\r\n0\r\n\r\n", b"{}\r\n",
])
@pytest.mark.parametrize("path", ["/auth/login", "/widget/session", "/webhooks/custom/nobody", "/auth/sign-in"])
def test_a_malformed_chunk_is_400_and_ends_the_connection(hub: Hub, path: str, body: bytes) -> None:
    got = everything(begun(hub, path, "Transfer-Encoding: chunked", body=body))
    assert got.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 404 ")), got
    assert got.count(b"HTTP/1.1 ") == 1, "what follows is not taken for another request"


@pytest.mark.parametrize("headers", [
    ("Content-Length: 4", "Transfer-Encoding: chunked"), ("Transfer-Encoding: chunked", "Content-Length: 4"),
    ("Content-Length: 2", "Content-Length: 3"), ("Content-Length: +2",), ("Content-Length: 2, 2",),
    ("Content-Length: -1",), ("Content-Length: 0x2",), ("Transfer-Encoding: xchunked",),
    ("Transfer-Encoding : chunked",), ("Transfer-Encoding: chunked, identity",), (" Transfer-Encoding: chunked",),
    ("Transfer-Encoding:\x0bchunked",), ("Transfer_Encoding: chunked", "Content-Length: 2x"), ("X: a\nb: c",),
    ("X\x00: a",), ("no colon",)])
def test_what_two_servers_would_understand_differently_is_one_refusal(hub: Hub, headers: tuple[str, ...]) -> None:
    hidden = b"0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    got = everything(begun(hub, "/auth/login", *headers, "Connection: close", body=hidden))
    assert re.match(rb"HTTP/1.1 (4\d\d|501) ", got), got
    assert got.count(b"HTTP/1.1 ") == 1 and b"healthy" not in got, "what follows is not taken for another request"


def test_a_header_with_an_underscore_is_not_the_one_with_a_hyphen(hub: Hub) -> None:
    """A proxy that overwrites X-Forwarded-For leaves X_Forwarded_For as it was sent; who has the former is far away."""
    for header, is_near in (("X_Forwarded_For", True), ("X-Forwarded-For", False)):
        answer = httpx2.get(f"{hub.url}/ready", headers={header: "192.0.2.1"}, timeout=STUCK_S)
        assert ("checks" in answer.json()) is is_near, header


def test_five_hundred_who_never_end_their_headers_keep_nobody_waiting(hub: Hub, visitor: Visitor) -> None:
    slow = [socket.create_connection(("127.0.0.1", hub.port), timeout=STUCK_S) for _ in range(500)]
    try:
        for number in range(3):
            for sock in slow:
                sock.sendall(b"POST /auth/login HTTP/1.1\r\nHost: x\r\nX: "[number * 14:number * 14 + 14])
            visitor.say(f"Is anybody there? {number}")
    finally:
        for sock in slow:
            sock.close()


def test_a_body_in_good_chunks_is_read(hub: Hub) -> None:
    with begun(hub, "/auth/login", "Transfer-Encoding: chunked", "Connection: close",
               body=b'1\r\n{\r\n1\r\n}\r\n0\r\n\r\n') as sock:
        assert b"validation_error" in everything(sock).lower()


def test_bodies_that_never_end_are_closed_after_half_a_minute_and_nobody_waits_for_them(
        hub: Hub, visitor: Visitor) -> None:
    silent = [begun(hub, path, length, body=b"{") for length in ("Content-Length: 500", "Transfer-Encoding: chunked")
              for path in ("/auth/login", "/widget/session", "/auth/sign-in", "/webhooks/custom/nobody") * 3]
    dripping = begun(hub, "/auth/login", "Content-Length: 500")
    began = time.monotonic()
    visitor.say("Is anybody there?")
    while time.monotonic() - began < 24:       # long before the end, or what comes after it would be a reset
        dripping.sendall(b" ")
        time.sleep(1)
    answers = [everything(sock) for sock in [*silent, dripping]]
    took = time.monotonic() - began
    assert 25 < took < STUCK_S, took
    assert all(got == b"" or got.startswith((b"HTTP/1.1 408 ", b"HTTP/1.1 400 ", b"HTTP/1.1 404 ")) for got in answers)
    assert b"408" in answers[0] and b"408" in answers[-1]
