"""Events over Redis: to whoever listens, in order, and never at the cost of the one who speaks."""

import sys
import threading
from contextlib import suppress
from typing import Any, Self

import pytest

from hub import bus, queue
from tests.services import steps
from tests.waits import STUCK_S, Watch

pytestmark = pytest.mark.usefixtures("app")


def event(number: int = 1) -> bus.Event:
    return {"type": "message.new", "tenant": 1, "conversation": 2, "seq": number, "audience": bus.ALL, "data": {}}


class Listener:
    """bus.listen in a thread: what it heard, and how often hearing began."""

    def __init__(self) -> None:
        self.heard: list[bus.Event] = []
        self.begun = 0
        self.fails_at: int | None = None
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        steps.until(lambda: self.begun)
        return self

    def __exit__(self, *_: object) -> None:
        bus.publish(queue.redis(), {**event(), "type": "end"})
        self._thread.join(STUCK_S)
        assert not self._thread.is_alive()

    def _listen(self) -> None:
        with suppress(SystemExit):
            bus.listen(queue.subscriber, self._hear, self._begin)

    def _hear(self, heard: bus.Event) -> None:
        if heard["type"] == "end":
            sys.exit()
        if heard.get("seq") == self.fails_at:
            raise KeyError("a bug of ours")
        self.heard.append(heard)

    def _begin(self) -> None:
        self.begun += 1


def test_events_arrive_in_the_order_in_which_they_were_told() -> None:
    with Listener() as listener:
        for number in range(50):
            assert bus.publish(queue.redis(), event(2 * number), event(2 * number + 1)) is True
    assert [heard["seq"] for heard in listener.heard] == list(range(100)) and listener.heard[0] == event(0)


@pytest.mark.parametrize("garbage", [b"", b"{", b"\xff\xfe", b"[1]", b"null"])
def test_garbage_and_our_own_bugs_do_not_make_a_process_deaf(garbage: bytes) -> None:
    with Listener() as listener:
        listener.fails_at = 1
        queue.redis().publish("parley:events:1", garbage)
        bus.publish(queue.redis(), event(1), event(2))
    assert [heard["seq"] for heard in listener.heard] == [2]


def test_a_broken_line_is_mended_and_said_to_have_been_broken() -> None:
    """Whatever was published meanwhile is gone: those who listen must ask for it by number."""
    with Listener() as listener:
        for line in queue.redis().client_list():
            if int(line["psub"]) > 0:
                queue.redis().client_kill(line["addr"])
        steps.until(lambda: listener.begun == 2)
        bus.publish(queue.redis(), event(5))
    assert [heard["seq"] for heard in listener.heard] == [5]


def test_without_redis_the_speaker_goes_on(settings: Any) -> None:
    try:
        away = queue.connect("redis://127.0.0.1:9/0")
        with Watch() as watch:
            assert bus.publish(away, event()) is False
        assert watch.seconds < 3
    finally:
        queue.connect(settings.redis_url)
