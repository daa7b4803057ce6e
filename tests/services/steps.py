"""Steps that tests of the message line share: many at once, what the bus said, and work done on the spot."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from hub import queue
from hub.access.callers import Service
from hub.models import base
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.delivery import Delivery
from hub.models.conversations.message import Message
from hub.models.conversations.turn import Turn
from hub.services.agents import answer
from hub.services.conversations import deliver
from tests import factories
from tests.waits import STUCK_S
from tests.waits import repeat as repeat
from tests.waits import until as until

_BY_CHANCE = re.compile(r"\d{4}-\d\d-\d\dT|[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$")


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """Run the steps at the same moment, each in a thread with a connection of its own; their results or exceptions."""
    barrier, results = threading.Barrier(len(steps)), [None] * len(steps)

    def run(number: int, step: Callable[[], Any]) -> None:
        barrier.wait(STUCK_S)
        try:
            with base.connection():
                results[number] = step()
        except Exception as error:
            results[number] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=(number, step)) for number, step in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(STUCK_S)
        assert not thread.is_alive(), "a step did not end"
    return results


def good(results: list[Any], *but: type[Exception]) -> list[Any]:
    """The results; the first exception among them that is of none of these kinds is raised."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, but):
            raise result
    return results


class Heard(list[dict[str, Any]]):
    """The events that were published while listening."""

    def of(self, *kinds: str) -> list[dict[str, Any]]:
        return [event for event in self if event["type"] in kinds]

    def words(self) -> list[str]:
        """Every text that they carry; not the moments and ids, in which any few digits may stand by chance."""
        return [text for event in self for text in _texts(event) if not _BY_CHANCE.match(text)]

    def kinds(self) -> list[str]:
        return [event["type"] for event in self]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


@contextmanager
def listening() -> Iterator[Heard]:
    """Collects every event of the bus as it comes; they are all there after the block."""
    heard, is_listening = Heard(), threading.Event()

    def collect() -> None:
        with queue.subscriber() as redis, redis.pubsub() as line:
            line.psubscribe("parley:*")
            for item in line.listen():
                is_listening.set()
                if item["channel"] == b"parley:end":
                    return
                if item["type"] == "pmessage":
                    heard.extend(orjson.loads(item["data"]))

    thread = threading.Thread(target=collect, daemon=True)
    thread.start()
    assert is_listening.wait(STUCK_S)
    try:
        yield heard
    finally:
        queue.redis().publish("parley:end", "")
        thread.join(STUCK_S)


def take(line: Message) -> Any:
    """The AI's turn to this line, taken here and now; its ledger row, None when no turn was taken."""
    answer.answer(line.id)
    return Turn.get_or_none(Turn.question == line.id)


def send_all() -> None:
    """Every delivery that is due, as a worker would."""
    due = list(Delivery.select(Delivery.id).where(Delivery.state == "queued").order_by(Delivery.id).tuples())
    for (delivery_id,) in due:
        deliver.deliver(delivery_id)


def fresh(row: Any) -> Any:
    return type(row).get_by_id(row.id)


def lines(conversation: Any) -> list[tuple[str, str]]:
    """(role, text) of the whole conversation, in its order."""
    return [(line.role, line.text) for line in Message.history(conversation, limit=100)]


def said(conversation: Any, role: str = "assistant") -> list[str]:
    return [text for who, text in lines(conversation) if who == role]


def open_talk(tenant: Any, *words: str, channel: Any = None) -> tuple[Conversation, list[Message]]:
    """A customer on a site who wrote these lines one after the other."""
    channel = channel or factories.make_site(tenant)
    written = [factories.make_line(channel, text, who=f"v-{tenant.id}-{channel.id}") for text in words]
    return Conversation.with_people(tenant.id).where(Conversation.id == written[0].conversation_id).get(), written


def by(tenant: Any) -> Service:
    """Somebody who may change what belongs to that business."""
    return Service("test", tenant)
