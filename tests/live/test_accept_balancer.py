"""Connections are spread over the web processes, however quickly they come."""

import os
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import httpx2

from tests.live.hub import Hub
from tests.waits import STUCK_S


def _target(link: Path) -> str:
    """What an open file is; nothing where it was closed since it was listed."""
    try:
        return os.readlink(link)
    except FileNotFoundError:
        return ""


def _sockets(pid: int) -> int:
    """How many open sockets a process holds."""
    links = (_target(link) for link in Path(f"/proc/{pid}/fd").iterdir())
    return sum(link.startswith("socket:") for link in links)


def _held(hub: Hub, before: dict[int, int]) -> list[int]:
    return [_sockets(pid) - before[pid] for pid in hub.web_pids()]


def _spread(hub: Hub, count: int) -> list[int]:
    """How many of so many connections, opened at once, each process holds."""
    before = {pid: _sockets(pid) for pid in hub.web_pids()}
    with ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(socket.create_connection(("127.0.0.1", hub.port)))
        deadline = time.monotonic() + STUCK_S
        while sum(_held(hub, before)) < 0.8 * count and time.monotonic() < deadline:    # earlier ones end meanwhile
            time.sleep(0.05)
        return _held(hub, before)


def test_two_processes_hold_half_of_the_connections_each(hub: Hub) -> None:
    deadline = time.monotonic() + STUCK_S
    while min(_spread(hub, 12)) == 0 and time.monotonic() < deadline:       # one of them still loads the application
        time.sleep(0.2)
    spread = _spread(hub, 100)
    assert sum(spread) >= 80 and min(spread) >= 30, spread


def test_a_process_that_does_nothing_holds_up_nobody(hub: Hub) -> None:
    """The other one takes what is left for it after a moment."""
    frozen, _ = hub.web_pids()
    os.kill(frozen, 19)
    try:
        with ExitStack() as stack:
            clients = [stack.enter_context(httpx2.Client(timeout=STUCK_S)) for _ in range(10)]
            assert [client.get(f"{hub.url}/health").status_code for client in clients] == [200] * 10
    finally:
        os.kill(frozen, 18)
