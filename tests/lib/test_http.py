"""The outgoing door: what certainly was not taken, and what may have been."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from hub.lib import http

Answers = Callable[[bytes], str]


@pytest.fixture
def peer() -> Iterator[Answers]:
    """peer(bytes) -> the address of a server that reads one request, answers these bytes and hangs up."""
    listeners: list[socket.socket] = []

    def start(answer: bytes) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            connection, _ = listener.accept()
            with closing(connection):
                connection.recv(65536)
                connection.sendall(answer)
        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/in"
    yield start
    for listener in listeners:
        listener.close()


def post(url: str, timeout_s: float = 5.0) -> object:
    return http.call("POST", url, content=b"{}", headers={"X-Test": "1"}, timeout_s=timeout_s)


def test_an_answer_comes_back_whole(peer: Answers) -> None:
    answer = http.call("POST", peer(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\nRetry-After: 7\r\n\r\nok"),
                       content=b"{}")
    assert (answer.status_code, answer.content, http.retry_after(answer)) == (202, b"ok", 7.0)


def test_redirects_are_not_followed(peer: Answers) -> None:
    answer = http.call("POST", peer(b"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"),
                       content=b"secret")
    assert answer.status_code == 307


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://", "nonsense", "ftp://127.0.0.1/", "file:///etc/passwd",
                                 "http://[::1", "http://127.0.0.1:99999/"])
def test_what_was_not_reached_was_certainly_not_taken(url: str) -> None:
    with pytest.raises(http.NotReached):
        post(url)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut", b"nonsense\r\n\r\n"])
def test_an_answer_that_breaks_leaves_doubt(peer: Answers, answer: bytes) -> None:
    with pytest.raises(http.InDoubt):
        post(peer(answer))


def test_an_answer_that_never_comes_leaves_doubt() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent, pytest.raises(http.InDoubt):
        post(f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout_s=0.2)


@pytest.mark.parametrize(("value", "seconds"), [("7", 7.0), ("0.5", 0.5), ("soon", None), ("", None),
                                                ("Wed, 21 Oct 2026 07:28:00 GMT", None)])
def test_only_seconds_are_understood_as_a_pause(peer: Answers, value: str, seconds: float | None) -> None:
    head = f"HTTP/1.1 429 Wait\r\nContent-Length: 0\r\nRetry-After: {value}\r\n\r\n"
    assert http.retry_after(http.call("POST", peer(head.encode()))) == seconds
