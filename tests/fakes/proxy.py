"""A proxy, spoken to over the wire: HTTP (CONNECT, and whole addresses) and SOCKS5, each with name and password."""

import base64
import select
import socket
import socketserver
import threading
from contextlib import suppress
from typing import Any, Self
from urllib.parse import urlsplit

from tests.waits import STUCK_S

NAME, PASSWORD = "vera", "p@ss:word/1"


class FakeProxy:
    """`seen`: (how it was asked, for which host and port), in order; `ended`: the connections that are over.
    `mode`: ok | close | garbage | refuse."""

    def __init__(self, mode: str = "ok") -> None:
        self.seen: list[tuple[str, str]] = []
        self.mode = mode
        self.ended: list[object] = []
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                self.request.settimeout(STUCK_S)
                with suppress(OSError):         # either side may hang up whenever it likes
                    proxy._talk(self.request)
                proxy.ended.append(self.client_address)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _talk(self, client: socket.socket) -> None:
        first = client.recv(1, socket.MSG_PEEK)
        if self.mode == "garbage":
            client.sendall(b"220 mail.example ESMTP\r\n")
        elif first and self.mode != "close":
            (self._socks if first == b"\x05" else self._http)(client)

    def _socks(self, client: socket.socket) -> None:
        """RFC 1928 and RFC 1929, the parts that a client of ours uses."""
        read = client.makefile("rb").read
        read(1)
        if b"\x02" not in read(read(1)[0]):
            client.sendall(b"\x05\xff")
            return
        client.sendall(b"\x05\x02")
        read(1)
        name, password = read(read(1)[0]), read(read(1)[0])
        good = (name.decode(), password.decode()) == (NAME, PASSWORD)
        client.sendall(b"\x01\x00" if good else b"\x01\x01")
        if not good:
            return
        kind = read(4)[3]
        host = socket.inet_ntoa(read(4)) if kind == 1 else read(read(1)[0]).decode()
        port = int.from_bytes(read(2))
        self.seen.append(("socks5", f"{host}:{port}"))
        if self.mode == "refuse":
            client.sendall(b"\x05\x05\x00\x01" + bytes(6))
            return
        with socket.create_connection((host, port), STUCK_S) as target:
            client.sendall(b"\x05\x00\x00\x01" + bytes(6))
            _pipe(client, target)

    def _http(self, client: socket.socket) -> None:
        head, rest = _head(client)
        method, address, _ = head[0].split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (entry.partition(":") for entry in head[1:])}
        wanted = base64.b64encode(f"{NAME}:{PASSWORD}".encode()).decode()
        if headers.get("proxy-authorization") != f"Basic {wanted}":
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        place = urlsplit(address if method != "CONNECT" else f"//{address}")
        self.seen.append((method, f"{place.hostname}:{place.port}"))
        if self.mode == "refuse":
            client.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection((str(place.hostname), place.port or 80), STUCK_S) as target:
            if method == "CONNECT":
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            else:
                kept = [entry for entry in head[1:] if not entry.lower().startswith("proxy-")]
                target.sendall("\r\n".join([f"{method} {place.path or '/'} HTTP/1.1", *kept, "", ""]).encode() + rest)
            _pipe(client, target)


def _head(client: socket.socket) -> tuple[list[str], bytes]:
    """(the request line and the headers, what came of the body)."""
    data = b""
    while b"\r\n\r\n" not in data and (more := client.recv(65536)):
        data += more
    head, _, rest = data.partition(b"\r\n\r\n")
    return head.decode("latin-1").split("\r\n"), rest


def _pipe(one: socket.socket, other: socket.socket) -> None:
    """Until either side has ended."""
    ends: dict[Any, socket.socket] = {one: other, other: one}
    while True:
        for ready in select.select([one, other], [], [], STUCK_S)[0]:
            data = ready.recv(65536)
            if not data:
                return
            ends[ready].sendall(data)
