"""Ends what is open and may not be any more: when the bus says that access changed, and by a look every few seconds."""

import random
from collections.abc import Callable, Collection, Iterable
from typing import Protocol

import gevent
import structlog

from hub.access import grants
from hub.access.grants import Grant
from hub.bus import Event
from hub.models.base import Away
from hub.models.base import connection as database

log = structlog.get_logger(__name__)

# For a Redis that is away: what it would have told is found within so many seconds.
_LOOK_S = 10.0


class Open(Protocol):
    """An open connection."""

    grant: Grant

    def end(self) -> None: ...


def heard(event: Event, connections: Iterable[Open]) -> None:
    """Look at the connections that the event `access.changed` is about. Called where events are received: no wait."""
    some = [page for page in connections if _concerns(event, page)]
    if some:
        gevent.spawn(check, some)


def _concerns(event: Event, page: Open) -> bool:
    wanted = {name: event.get(name) for name in ("tenant", "user", "session", "channel") if name in event}
    return all(getattr(page.grant, name) == value for name, value in wanted.items())


def check(connections: Collection[Open]) -> None:
    """End those whose grant does not hold any more."""
    try:
        with database():
            gone = grants.ended({page.grant for page in connections})
    except Away as error:
        log.warning("live.not_checked", error=type(error).__name__)
        return
    for page in connections:
        if page.grant in gone:
            page.end()


def forever(connections: Callable[[], Collection[Open]]) -> None:
    """Look at everything that is open, again and again; each process at moments of its own."""
    while True:
        gevent.sleep(_LOOK_S * random.uniform(0.8, 1.2))
        try:
            check(connections())
        except Exception:
            log.exception("live.check_failed")        # it must go on: nobody would notice that it does not
