"""Redis and web processes die under open sockets: pages come back with the last number and miss nothing."""

import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest
import websocket

from hub import bus
from tests.live.hub import Hub, Visitor
from tests.live.peers import Frame, Socket, opened, row_of
from tests.waits import STUCK_S, until

pytestmark = pytest.mark.slow


class Page:
    """A widget: keeps what it heard, and after an end of its socket comes back with the last number it knows."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.last, self.heard = visitor, 0, list[Frame]()
        self.ws: Socket | None = None
        self.ends = 0

    def come_back(self) -> None:
        deadline = time.monotonic() + STUCK_S
        while self.ws is None:
            assert time.monotonic() < deadline, "it could not come back"
            try:
                self.ws, frames = opened(self.visitor, self.last)
            except (OSError, AssertionError, websocket.WebSocketException):
                time.sleep(0.2)
            else:
                for frame in frames:
                    self._take(frame)

    def listen(self, up_to: int) -> None:
        """Until the change with that number was heard."""
        deadline = time.monotonic() + STUCK_S
        while self.last < up_to:
            assert time.monotonic() < deadline, f"it heard up to {self.last} of {up_to}"
            self.come_back()
            assert self.ws is not None
            frame = self.ws.frame(0.5)
            if frame is not None:
                self._take(frame)
            elif self.ws.closed is not None:
                self.close()
                self.ends += 1

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "message.new" and frame["seq"] > self.last:
            self.heard.append(frame)
            self.last = frame["seq"]

    def close(self) -> None:
        if self.ws is not None:
            self.ws.__exit__()
            self.ws = None


def _through(visitor: Visitor, harm: Callable[[], object]) -> Page:
    """Thirty lines, the harm after the tenth, while a page listens; the page, which has heard all of them."""
    page, said = Page(visitor), list[str]()
    page.come_back()
    for number in range(30):
        if number == 10:
            harm()
        said.append(visitor.say(f"line {number}", STUCK_S)["id"])
    page.listen(30)
    page.close()
    assert [frame["message"]["id"] for frame in page.heard] == said
    assert [frame["seq"] for frame in page.heard] == list(range(1, 31))
    return page


def test_a_redis_that_restarts_ends_the_sockets_and_costs_no_line(hub: Hub, visitor: Visitor) -> None:
    def restart() -> None:
        hub.stop_redis()
        hub.start_redis()

    # Once, or again where the page came back to the process that had not heard Redis yet.
    assert _through(visitor, restart).ends >= 1


def test_lines_written_while_redis_is_away_are_heard_afterwards(hub: Hub, visitor: Visitor) -> None:
    page = Page(visitor)
    page.come_back()
    hub.stop_redis()
    said = [visitor.say(f"line {number}")["id"] for number in range(5)]
    hub.start_redis()
    page.listen(5)
    page.close()
    assert [frame["message"]["id"] for frame in page.heard] == said


def test_a_page_that_opens_while_redis_is_away_still_sees_the_conversation(hub: Hub, visitor: Visitor) -> None:
    visitor.say("Hello")
    hub.stop_redis()
    try:
        ws, frames = opened(visitor)
        with ws:
            assert [frame["type"] for frame in frames] == ["message.new", "ready"]
    finally:
        hub.start_redis()


def test_a_killed_web_process_costs_its_pages_a_reconnect_and_no_line(hub: Hub, visitor: Visitor) -> None:
    pages = [Page(visitor) for _ in range(6)]
    for page in pages:
        page.come_back()
    victim = hub.web_pids()[0]
    os.kill(victim, signal.SIGKILL)
    said = [visitor.say(f"line {number}", STUCK_S)["id"] for number in range(10)]
    for page in pages:
        page.listen(10)
        page.close()
        assert [frame["message"]["id"] for frame in page.heard] == said
    until(lambda: len(hub.web_pids()) == 2 and victim not in hub.web_pids(), hub.tree.text)


def test_a_deploy_sends_the_pages_to_the_new_processes_at_once(hub: Hub, visitor: Visitor) -> None:
    pages, old = [Page(visitor) for _ in range(4)], hub.web_pids()
    for page in pages:
        page.come_back()
    hub.tree.root.send_signal(signal.SIGHUP)
    assert [page.ws.ended() for page in pages if page.ws] == [1013] * 4
    said = [visitor.say(f"line {number}", STUCK_S)["id"] for number in range(10)]
    for page in pages:
        page.listen(10)
        page.close()
        assert [frame["message"]["id"] for frame in page.heard] == said
    until(lambda: len(hub.web_pids()) == 2 and not set(old) & set(hub.web_pids()), hub.tree.text)


def test_a_page_that_cannot_be_shown_an_event_comes_back_and_asks_by_number(hub: Hub, visitor: Visitor) -> None:
    """A release that follows another one hears what the other one publishes."""
    with hub.redis() as redis, opened(visitor)[0] as ws:
        tenant, row = row_of(visitor)
        news = ws.until(lambda frame: frame["type"] == "message.new")[-1]
        bus.publish(redis, {"type": "message.new", "tenant": tenant, "conversation": row, "audience": bus.ALL,
                            "seq": news["seq"] + 1, "data": {"message": {"id": "x", "clientId": "y"}}})
        assert ws.ended() == 1013
        again, frames = opened(visitor, news["seq"] - 1)
        with again:
            assert [frame["message"] for frame in frames if frame["type"] == "message.new"] == [news["message"]]
