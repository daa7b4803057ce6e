"""/widget/messages and what goes with them: the visitor's own lines, reading, typing, asking for a person."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from hub.access.roles import Permission
from hub.access.callers import Visitor
from hub.api.kit.table import get, post
from hub.api.widget import widget
from hub.api.widget.session import PageIn
from hub.errors import BadInput
from hub.models.conversations.message import Message
from hub.services.conversations import conversations, visitors
from hub.web import widget as shapes
from hub.web.schema import In, Number, OneLine
from hub.web.widget import ConversationData, MessageData

_PAGE = 100
Short = Annotated[OneLine, Field(max_length=255)]


class PersonIn(In):
    """What a pre-chat form asked."""

    name: Short = ""
    email: Short = ""
    phone: Annotated[OneLine, Field(max_length=32)] = ""


class VisitorMessageIn(In):
    """A line of the visitor. The same `clientId` again is the same message."""

    client_id: Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
    text: Annotated[str, Field(max_length=200_000)]
    reply_to: Annotated[str, Field(max_length=36)] | None = None
    page: PageIn | None = None
    visitor: PersonIn | None = None


class VisitorMessagesQuery(In):
    """What changed after a change number, or history before a message."""

    since: Number | None = None
    before: Annotated[str, Field(max_length=36)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class ReadIn(In):
    """The last message that was seen."""

    up_to: Annotated[str, Field(max_length=36)]


class TypingIn(In):
    """Typing, or not any more."""

    on: bool = True


class HandoffIn(In):
    """Why a person is wanted."""

    reason: Short = ""


class SentOut(TypedDict):
    """The message as it is stored."""

    message: MessageData
    conversation: ConversationData


class VisitorMessagesOut(TypedDict):
    """Messages of the visitor's conversation; `change` is the number to ask `since` next time."""

    messages: list[MessageData]
    conversation: ConversationData | None
    change: int
    hasMore: bool


class UnreadOut(TypedDict):
    """How many of our messages the visitor has not seen."""

    unread: int


class HandoffOut(TypedDict):
    """The conversation after a person was called."""

    conversation: ConversationData


def send(visitor: Visitor, body: VisitorMessageIn) -> SentOut:
    """Store a line; the same clientId again is the same message."""
    result = visitors.say(visitor, body.client_id, body.text, body.page.kept() if body.page else None,
                        body.visitor.model_dump() if body.visitor else {})
    return {"message": shapes.message(result.facts), "conversation": shapes.conversation_of(result.conversation)}


def index(visitor: Visitor, query: VisitorMessagesQuery) -> VisitorMessagesOut:
    """List what changed after `since`, by change; without it history, oldest first."""
    mine = visitors.conversation(visitor)
    if mine is None:
        return {"messages": [], "conversation": None, "change": 0, "hasMore": False}
    if query.since is not None:
        lines = Message.since(mine, query.since, _PAGE + 1)
        shown, more = lines[:_PAGE], len(lines) > _PAGE
    else:
        lines = Message.history(mine, _position(visitor, query.before), query.limit + 1)
        shown, more = lines[-query.limit:], len(lines) > query.limit
    return {"messages": [shapes.message_of(line) for line in shown],
            "conversation": shapes.conversation_of(mine), "change": mine.change, "hasMore": more}


def _position(visitor: Visitor, uuid: str | None) -> float | None:
    if uuid is None:
        return None
    found = Message.find(visitor.tenant, uuid)
    if found is None or found.conversation_id != visitors.own(visitor).id:
        raise BadInput("before_invalid", "There is no such message in this conversation.", {"field": "before"})
    return found.position


def read(visitor: Visitor, body: ReadIn) -> UnreadOut:
    """Mark everything up to a message as seen by the visitor."""
    visitors.read(visitor, body.up_to)
    return {"unread": 0}


def typing(visitor: Visitor, body: TypingIn) -> None:
    """Tell that the visitor types; forgotten after six seconds."""
    mine = visitors.conversation(visitor)
    if mine is not None:
        conversations.typing(mine, "customer", None, body.on)


def handoff(visitor: Visitor, body: HandoffIn) -> HandoffOut:
    """Ask for a person."""
    return {"conversation": shapes.conversation_of(visitors.ask_for_person(visitor, body.reason))}


widget.table(
    "widget-messages",
    post("/widget/messages", send, permission=Permission.VISITOR, status=201, limit="widget-send", max_body=1_200_000),
    get("/widget/messages", index, permission=Permission.VISITOR, limit="widget-call"),
    post("/widget/read", read, permission=Permission.VISITOR, limit="widget-call"),
    post("/widget/typing", typing, permission=Permission.VISITOR, status=204, limit="widget-call"),
    post("/widget/handoff", handoff, permission=Permission.VISITOR, limit=("widget-send", "handoff")),
)
