"""What a page missed: read after it was joined to the events, so that nothing falls between."""

import orjson

from hub.access.callers import Visitor
from hub.live.connections import Connection, Topic, join
from hub.models.base import connection as database
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.services.conversations import visitors
from hub.web import widget

_PAGE = 100


def begin(page: Connection, visitor: Visitor, since: int | None) -> None:
    """Join the visitor's events, then send what changed after `since`, then `ready`, then what came meanwhile."""
    page.hold()
    kind, value = visitor.identity
    waiting: Topic = ("visitor", (visitor.tenant, f"{kind}|{value}"))
    join(page, waiting)
    with database():
        mine = visitors.conversation(visitor)
        if mine is not None:
            join(page, ("conversation", mine.id))
            mine = visitors.conversation(visitor)
        ready = {"type": "ready", "change": mine.change if mine else 0,
                 "conversation": widget.conversation_of(mine) if mine else None}
    if mine is None or since is None or _missed(page, mine, since):
        page.put(orjson.dumps(ready))
    page.release_held()


def _missed(page: Connection, mine: Conversation, since: int) -> bool:
    """Send every line changed after `since`, oldest change first; False when the page went away over it."""
    while True:
        with database():
            lines = Message.since(mine, since, _PAGE)
        for line in lines:
            page.put(orjson.dumps({"type": "message.new", "seq": line.change, "message": widget.message_of(line)}))
        if len(lines) < _PAGE:
            return not page.gone
        if not page.drained():          # a page at a time: more would not fit into the queue of a slow reader
            return False
        since = lines[-1].change
