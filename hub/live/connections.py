"""Who is connected to this process, and which event goes to whom."""

from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

import gevent
import orjson
import structlog
from gevent.event import Event as Flag

from hub import bus, queue
from hub.access.grants import Grant
from hub.bus import Event
from hub.live import access_watch
from hub.web import widget

log = structlog.get_logger(__name__)

# A client that reads this slowly is cut off; it comes back and asks for what it missed.
_WAITING, _SEND_S = 256, 10
# How long a page waits for this process to receive events; without Redis it is opened all the same.
_SUBSCRIBED_S = 2
Topic = tuple[str, object]
# How a connection's contract writes an event; None: nothing of it.
Shape = Callable[[Event], bytes | None]
_UNSHOWN = b""


class Connection:
    """One open page. `push(frame)` sends it, `cut()` ends it; neither may be called from two places at once.

    It is ended when its `grant` does not hold any more: live/access_watch.py.
    """

    __slots__ = ("busy", "cut", "gone", "grant", "held", "keys", "push", "shape", "waiting")

    def __init__(self, push: Callable[[bytes], None], cut: Callable[[], None],
                 shape: Shape, grant: Grant) -> None:
        self.push, self.cut, self.shape, self.grant = push, cut, shape, grant
        self.keys: set[Topic] = set()
        self.waiting: deque[bytes] = deque()
        self.busy = self.gone = False
        self.held: list[bytes] | None = None

    def hold(self) -> None:
        """Keep what is sent back until `release_held`: a page must see what it missed before what is new."""
        self.held = []

    def release_held(self) -> None:
        frames, self.held = self.held or [], None
        for frame in frames:
            self.put(frame)

    def send(self, frame: bytes) -> None:
        """Queue what happens now."""
        if self.held is None:
            self.put(frame)
        elif len(self.held) < _WAITING:
            self.held.append(frame)
        else:
            self.end()

    def put(self, frame: bytes) -> None:
        """Queue a frame. An idle connection has no greenlet of its own: one runs while there is something to send."""
        if self.gone:
            return
        if len(self.waiting) >= _WAITING:
            self.end()
            return
        self.waiting.append(frame)
        if not self.busy:
            self.busy = True
            gevent.spawn(self._drain)

    def _drain(self) -> None:
        try:
            while self.waiting and not self.gone:
                with gevent.Timeout(_SEND_S):
                    self.push(self.waiting.popleft())
        except (Exception, gevent.Timeout):     # any failure to send means the same: this peer is gone
            self.end()
        finally:
            self.busy = False

    def drained(self) -> bool:
        """Wait until everything queued so far is sent; False when the peer went away over it."""
        while self.busy and not self.gone:
            gevent.sleep(0.01)
        return not self.gone

    def end(self) -> None:
        if self.gone:
            return
        self.gone = True
        self.waiting.clear()
        leave(self)
        gevent.spawn(self.cut)


_open: defaultdict[Topic, set[Connection]] = defaultdict(set)
_listening: Any = None
_hearing = Flag()


def join(connection: Connection, *keys: Topic) -> None:
    """Send events for these keys to the connection from now on: what happens after this call reaches it."""
    global _listening
    if _listening is None:
        _listening = gevent.spawn(bus.listen, queue.subscriber, dispatch, _begun)
        gevent.spawn(access_watch.forever, everybody)
    _hearing.wait(_SUBSCRIBED_S)
    if connection.gone:         # it went away while we waited: nobody would ever take it out again
        return
    for key in keys:
        connection.keys.add(key)
        _open[key].add(connection)


def leave(connection: Connection) -> None:
    for key in connection.keys:
        _open[key].discard(connection)
        if not _open[key]:
            del _open[key]
    connection.keys.clear()


def dispatch(event: Event) -> None:
    """Give an event to everybody whom it concerns; each kind of frame is made once per event."""
    if event["type"] == "access.changed":
        access_watch.heard(event, everybody())
        return
    identity = event.get("identity")
    if identity is not None:
        _settle(("visitor", (event["tenant"], identity)), ("conversation", event["conversation"]))
    keys: list[Topic] = [("staff", event["tenant"])]
    if event["audience"] == bus.ALL:
        keys.append(("conversation", event["conversation"]))
    result: dict[Shape, bytes | None] = {}
    for key in keys:
        for connection in list(_open.get(key, ())):
            if connection.shape not in result:
                result[connection.shape] = _shown(event, connection.shape)
            frame = result[connection.shape]
            if frame is _UNSHOWN:
                connection.end()        # it comes back and asks by number for what it missed
            elif frame is not None:
                connection.send(frame)


def _shown(event: Event, shape: Shape) -> bytes | None:
    try:
        return shape(event)
    except (KeyError, TypeError, AttributeError):       # of another release, while one follows the other
        log.exception("live.event_not_shown", type=event["type"])
        return _UNSHOWN


def _settle(waiting: Topic, found: Topic) -> None:
    """The visitor's first line: pages that were open before the conversation existed belong to it now."""
    for connection in list(_open.get(waiting, ())):
        leave(connection)
        join(connection, found)


def _begun() -> None:
    """The subscription began (again). Whoever is here already may have missed something: they reconnect and ask for it
    by number."""
    _hearing.set()
    if _open:
        log.warning("live.resync", connections=count())
    close_all()


def close_all() -> None:
    """This process is about to end: its pages go to another one."""
    for connection in everybody():
        connection.end()


def everybody() -> set[Connection]:
    """All that this process holds."""
    return {connection for group in _open.values() for connection in group}


def wire(event: Event) -> bytes:
    """An event as the widget protocol writes it."""
    return orjson.dumps(widget.frame(event))


def count() -> int:
    """How many connections this process holds."""
    return len(everybody())
