"""A reply of Redis that comes too late is nobody else's: its connection is thrown away."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from redis import Redis, RedisError

from hub import queue
from tests.waits import until


class Late:
    """Between us and Redis: while `holding`, replies wait until `released`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._to = (parts.hostname or "", parts.port or 0)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://127.0.0.1:{self._door.getsockname()[1]}/0"
        self.open = threading.Event()
        self.open.set()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                ours, _ = self._door.accept()
                theirs = socket.create_connection(self._to)
                threading.Thread(target=self._pass, args=(ours, theirs, False), daemon=True).start()
                threading.Thread(target=self._pass, args=(theirs, ours, True), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, is_reply: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if is_reply:
                    self.open.wait()
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self.open.set()
        self._door.close()


@pytest.fixture
def late(app: Any, settings: Any) -> Iterator[Late]:
    late = Late(settings.redis_url)
    queue.connect(late.url)
    yield late
    queue.connect(settings.redis_url)
    late.close()


def answers() -> bool:
    with suppress(RedisError):
        return bool(queue.redis().ping())
    return False


def value(key: str) -> object:
    """None while Redis is silent, as it is when this machine stands still for a second."""
    with suppress(RedisError):
        return queue.redis().get(key)
    return None


def test_after_a_reply_that_came_too_late_every_key_gives_its_own_value(late: Late, settings: Any) -> None:
    keys = {f"own:{number}:{os.urandom(4).hex()}": str(number).encode() for number in range(50)}
    Redis.from_url(settings.redis_url).mset(keys)
    until(answers)          # over a connection that is used again
    late.open.clear()
    with pytest.raises(RedisError):
        queue.redis().get(next(iter(keys)))
    late.open.set()
    until(answers)          # a Redis that was silent is left alone for a moment
    for _ in range(20):
        assert {key: until(lambda key=key: value(key)) for key in keys} == keys     # type: ignore[misc]
