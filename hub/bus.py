"""Events for open connections: published over Redis, received once per web process. Hints, never the truth."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, TypedDict

import orjson
import structlog
from redis import Redis, RedisError

from hub.lib.json_types import JsonObject

log = structlog.get_logger(__name__)

_PREFIX = "parley:events:"
# Who may receive an event: everybody in the conversation, or the tenant's people only.
ALL, STAFF = "all", "staff"


class Event(TypedDict, total=False):
    """What travels: facts, which each contract shows in its own shape. `seq` is the conversation's change number, when
    there is one."""

    type: str
    seq: int
    tenant: int
    conversation: int           # the row's id: how listeners find their sockets
    conversation_uuid: str      # how clients name it
    audience: str               # ALL | STAFF
    identity: str               # "kind|value" of the customer who wrote: finds a page that has no conversation yet
    user: int                   # access.changed: of this person,
    session: str                # in this browser or of this token's family,
    channel: int                # or of this channel alone
    data: JsonObject            # message / conversation / turn …: services/events.py


def publish(redis: Redis, *events: Event) -> bool:
    """Send events to every web process in one round trip; False when Redis is away (clients catch up by number)."""
    try:
        with redis.pipeline(transaction=False) as pipe:
            put(pipe, events)
            pipe.execute()
        return True
    except RedisError as error:
        log.warning("bus.away", error=type(error).__name__)
        return False


def put(pipe: Any, events: Iterable[Event]) -> None:
    """Events among the commands of somebody's round trip: those of a tenant travel together."""
    of_tenant: defaultdict[int, list[Event]] = defaultdict(list)
    for event in events:
        of_tenant[event["tenant"]].append(event)
    for tenant, found in of_tenant.items():
        pipe.publish(f"{_PREFIX}{tenant}", orjson.dumps(found))


def listen(connect: Callable[[], Redis], handle: Callable[[Event], None], on_begin: Callable[[], None]) -> None:
    """Receive every event for ever. `on_begin` is called whenever the subscription begins, at first and after a broken
    connection: whatever was published before may be missing."""
    while True:
        try:
            with connect() as redis, redis.pubsub() as subscription:
                subscription.psubscribe(f"{_PREFIX}*")
                for item in subscription.listen():
                    if item["type"] == "psubscribe":
                        on_begin()
                    else:
                        _receive(item["data"], handle)
        except RedisError as error:
            log.warning("bus.broken", error=type(error).__name__)
            time.sleep(0.5)


def _receive(data: bytes, handle: Callable[[Event], None]) -> None:
    for event in _events(data):
        try:
            handle(event)
        except Exception:
            log.exception("bus.event_lost")         # one bad event must not end the subscription


def _events(data: bytes) -> list[Event]:
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError:
        log.exception("bus.event_lost")
        return []
    return found if isinstance(found, list) else []
