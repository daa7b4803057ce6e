"""Ports, HTTP and Redis asked with bare sockets, answered by real servers."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from scripts import StartError, probes, redis_server
from tests import servers


class Answering(BaseHTTPRequestHandler):
    """200 at /health, 503 elsewhere."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health" else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def web() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis that wants a password; its address without one."""
    server = redis_server.on_port(tmp_path_factory.mktemp("redis"), servers.free_port())
    with servers._running([*server.argv, "--requirepass", "p@ss word"],
                          lambda: "NOAUTH" in _reply(server.url)):
        yield server.url


def _reply(url: str) -> str:
    try:
        return probes.redis_ask(url, "PING")
    except OSError:
        return ""


def test_only_200_is_healthy() -> None:
    with web() as url:
        assert probes.http_ok(f"{url}/health")
        assert not probes.http_ok(f"{url}/other")
    assert not probes.http_ok(f"{url}/health")


def test_a_server_that_accepts_and_stays_silent_is_not_healthy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        assert not probes.http_ok(f"http://127.0.0.1:{mute.getsockname()[1]}/health", timeout=0.2)


def test_it_says_why_a_port_cannot_be_used() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        assert probes.port_problem(busy.getsockname()[1]) == "is already in use"
    assert probes.port_problem(probes.free_port()) == ""


def test_it_steps_over_ports_that_are_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        found = probes.next_free_port(port)
        assert found != port and not probes.port_problem(found)


def test_it_steps_over_ports_that_are_spoken_for() -> None:
    port = probes.free_port()
    assert probes.next_free_port(port, taken=(port,)) != port


def test_redis_answers_in_the_database_of_the_url() -> None:
    with servers.redis_server() as url:
        other = url.rsplit("/", 1)[0] + "/9"
        assert probes.redis_ask(other, "SET", "parley:test:probe", "да", "EX", "5") == "+OK"
        assert probes.redis_says(other, "EXISTS", "parley:test:probe")
        assert not probes.redis_says(url, "EXISTS", "parley:test:probe")


def test_redis_answers_on_a_socket(tmp_path: Path) -> None:
    server = redis_server.on_socket(tmp_path / "a folder")
    with servers._running(server.argv, lambda: probes.redis_says(server.url, "PING")):
        probes.check_redis(server.url)
        assert (tmp_path / "a folder" / "redis.sock").stat().st_mode & 0o077 == 0


def test_redis_hears_the_password(locked: str) -> None:
    probes.check_redis(locked.replace("//", "//:p%40ss%20word@"))
    probes.check_redis(locked.replace("//", "//default:p%40ss%20word@"))


@pytest.mark.parametrize(("change", "sentence"), [
    (("//", "//"), "refuses us: NOAUTH"),
    (("//", "//:wrong-secret@"), "refuses us: WRONGPASS"),
    (("/0", "/99"), "refuses us"),
])
def test_a_redis_that_refuses_is_one_sentence(locked: str, change: tuple[str, str], sentence: str) -> None:
    with pytest.raises(StartError, match=sentence) as refusal:
        probes.check_redis(locked.replace(*change))
    assert "wrong-secret" not in str(refusal.value)


@pytest.mark.parametrize(("url", "sentence"), [
    ("http://127.0.0.1:6379", "REDIS_URL must begin with redis://, rediss:// or unix://."),
    ("redis://host:port", "REDIS_URL is not an address; it should look like redis://127.0.0.1:6379/0."),
    ("redis://:secret@127.0.0.1:1/0", "REDIS_URL: no Redis answers at 127.0.0.1:1 (Connection refused)."),
    ("unix:///no/such.sock", "REDIS_URL: no Redis answers at /no/such.sock (No such file or directory)."),
])
def test_a_redis_that_is_not_there_is_one_sentence(url: str, sentence: str) -> None:
    with pytest.raises(StartError) as refusal:
        probes.check_redis(url)
    assert str(refusal.value) == sentence
