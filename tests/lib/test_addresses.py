"""Where a URL that a stranger gave us may lead: to the public internet, and nowhere else by any name or spelling."""

import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from hub.lib import addresses, http

Inside = tuple[int, list[bytes]]
INNER = ["127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254",
         "168.63.129.16", "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1", "240.0.0.1",
         "255.255.255.255", "192.88.99.1", "203.0.113.5", "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
         "::127.0.0.1", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "64:ff9b::7f00:1",
         "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:db8::1", "2001::1", "100::1"]
PUBLIC = ["93.184.216.34", "8.8.8.8", "1.1.1.1", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808",
          "2002:808:808::1"]


@pytest.mark.parametrize("text", INNER)
def test_what_is_not_of_the_public_internet_is_known(text: str) -> None:
    assert not addresses.is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_what_is_public_is_known(text: str) -> None:
    assert addresses.is_public(ipaddress.ip_address(text))


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[list[str]]]]:
    """A name server of our own: name -> answers, one per lookup, the last one for ever. What is not in it is real."""
    known: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def look(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        if host not in known:
            return real(host, port, *args, **more)
        answers = known[host].pop(0) if len(known[host]) > 1 else known[host][0]
        return [entry for text in answers for entry in real(text, port, *args, **more)]
    monkeypatch.setattr(socket, "getaddrinfo", look)
    http.allow_loopback(False)
    yield known
    http.allow_loopback(True)


@pytest.fixture
def inside() -> Iterator[tuple[int, list[bytes]]]:
    """(port, what came) of a server on this machine that nobody outside may reach."""
    came: list[bytes] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with closing(connection):
                    came.append(connection.recv(65536))
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")
        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1], came
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("host", [
    "127.0.0.1", "localhost", "LOCALHOST", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "0", "0.0.0.0",
    "[::1]", "[::ffff:127.0.0.1]", "[::]", "[0:0:0:0:0:ffff:7f00:1]", "127.0.0.1.", "127。0。0。1", "①②⑦.0.0.1",
    "good.example@127.0.0.1", "user:password@127.0.0.1", "%31%32%37.0.0.1", "127.0.0.1%00.good.example",
    "127.0.0.1\\@good.example", "169.254.169.254", "[64:ff9b::7f00:1]"])
def test_no_spelling_of_an_inner_address_is_connected_to(names: Any, inside: Inside, host: str) -> None:
    port, came = inside
    for scheme in ("http", "HTTP"):
        with pytest.raises(http.NotReached):
            http.call("GET", f"{scheme}://{host}:{port}/", public_only=True, timeout_s=3)
    assert came == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "gopher://127.0.0.1:70/", "ftp://127.0.0.1/", "//127.0.0.1/",
                                 "javascript:alert(1)", "unix:///run/redis.sock", "http:///", "http://:80/", "\x00"])
def test_no_other_scheme_leads_out(url: str) -> None:
    with pytest.raises(http.NotAllowed):
        http.call("GET", url, public_only=True)


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["10.1.2.3"], ["::1"], ["93.184.216.34", "127.0.0.1"],
                                     ["169.254.169.254"], ["::ffff:127.0.0.1"]])
def test_a_name_that_leads_inside_is_refused(names: Any, inside: tuple[int, list[bytes]], answers: list[str]) -> None:
    names["shop.example"] = [answers]
    with pytest.raises(http.NotAllowed, match="not a public address"):
        http.call("POST", f"http://shop.example:{inside[0]}/", public_only=True)
    assert inside[1] == []


def test_a_name_that_changes_its_mind_is_asked_once(names: Any, inside: tuple[int, list[bytes]],
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    """The second answer would lead inside; what is connected to is the address of the first."""
    names["shop.example"] = [["93.184.216.34"], ["127.0.0.1"]]
    connected: list[Any] = []

    def connect(address: Any, *args: Any, **more: Any) -> Any:
        connected.append(address)
        raise OSError("no way out of a test")
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(http.NotReached):
        http.call("GET", f"http://shop.example:{inside[0]}/", public_only=True)
    assert [address[0] for address in connected] == ["93.184.216.34"] and inside[1] == []


def test_a_redirect_to_the_inside_is_refused(names: Any, inside: tuple[int, list[bytes]],
                                             monkeypatch: pytest.MonkeyPatch) -> None:
    """The first site is public, where its redirect leads is not."""
    port, came = inside
    with closing(socket.create_server(("127.0.0.1", 0))) as outside:
        def serve() -> None:
            connection, _ = outside.accept()
            with closing(connection):
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 302 Go\r\nContent-Length: 0\r\nLocation: "
                                   b"http://inner.example:%d/\r\n\r\n" % port)
        threading.Thread(target=serve, daemon=True).start()
        names["shop.example"], names["inner.example"] = [["93.184.216.34"]], [["127.0.0.1"]]
        real = socket.create_connection
        monkeypatch.setattr(socket, "create_connection", lambda address, *args, **more: real(
            ("127.0.0.1", address[1]), *args, **more) if address[0] == "93.184.216.34" else pytest.fail(str(address)))
        with pytest.raises(http.NotAllowed):
            http.call("GET", f"http://shop.example:{outside.getsockname()[1]}/", public_only=True, redirects=3)
    assert came == []


def test_a_proxy_that_a_stranger_names_must_be_public_too(names: Any, inside: tuple[int, list[bytes]]) -> None:
    names["shop.example"] = [["93.184.216.34"]]
    with pytest.raises(http.NotAllowed):
        http.call("GET", "http://shop.example/", public_only=True, proxy=f"http://127.0.0.1:{inside[0]}")
    assert inside[1] == []


def test_a_proxy_is_not_asked_for_what_lies_inside(names: Any, inside: tuple[int, list[bytes]]) -> None:
    names["inner.example"] = [["10.0.0.7"]]
    with pytest.raises(http.NotAllowed):
        http.call("GET", "http://inner.example/", public_only=True, proxy="http://93.184.216.34:3128")


def test_development_lets_this_machine_pass_and_nothing_else_inside(names: Any, inside: Inside) -> None:
    http.allow_loopback(True)
    assert http.call("GET", f"http://localhost:{inside[0]}/", public_only=True).content == b"secret"
    for url in ("http://169.254.169.254/", "http://10.0.0.1/", "http://[fc00::1]/"):
        with pytest.raises(http.NotAllowed):
            http.call("GET", url, public_only=True)
