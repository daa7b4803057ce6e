"""/api/conversations/…/messages: reading and sending lines as an operator."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import AliasPath, Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import SALES, core
from hub.api.kit.schema import Out, Ref
from hub.api.kit.table import get, post
from hub.lib import ids
from hub.lib.json_types import JsonObject
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.conversations.turn import Turn
from hub.services.conversations import inbox, outbox
from hub.web.schema import In, Number


class MessageOut(Out, columns=(
        Message.id, Message.number, Message.role, Message.content_type, Message.event, Message.status, Message.change,
        Message.created_at, Message.said_at, Message.edited_at)):
    """A line of a conversation. `change` counts the conversation's visible changes; `created_at` is when it came,
    `said_at` when the provider says that it was said: a line that came late stands where it was said."""

    conversation_id: Ref = Field(validation_alias=AliasPath("conversation", "ref"))
    sender_name: str = Field(validation_alias="name")
    content: str = Field(validation_alias="text")
    attachments: list[JsonObject]
    sources: list[JsonObject]
    client_id: str | None
    turn: str | None = Field(validation_alias="turn_uuid")
    model: str | None = Field(None, validation_alias=AliasPath("turn_row", "model"))
    tokens_used: int | None = Field(None, validation_alias=AliasPath("turn_row", "tokens"))
    response_time_ms: int | None = Field(None, validation_alias=AliasPath("turn_row", "total_ms"))
    kb_articles_used: list[str] | None = Field(None, validation_alias=AliasPath("turn_row", "articles"))
    is_sent: bool
    requires_approval: bool = False         # what waits for approval is a suggestion, not yet a message
    approved_by: str | None = None
    confidence: float | None


class MessagesQuery(In):
    """Which lines: those changed after a change number, or the newest before a line's number."""

    since: Number | None = None
    before: Number | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class MessageIn(In):
    """A line to send. With role `customer` it comes in as if the customer had written it."""

    content: Annotated[str, Field(max_length=100_000)]
    role: Literal["owner", "customer", "assistant"] = "owner"
    client_id: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\w-]+$")] | None = None
    content_type: Literal["text"] = "text"
    attachments: Annotated[list[str], Field(max_length=0)] = []         # lines are text; files have no channel yet


def index(caller: UserCaller, conversation: Conversation, query: MessagesQuery) -> list[MessageOut]:
    """List what changed after the change number `since`; without it the newest lines (before the number `before`)."""
    if query.since is not None:
        lines = Message.since(conversation, query.since, query.limit)
    else:
        lines = Message.history(conversation, Message.position_of(conversation, query.before), query.limit)
    return [MessageOut.of(line) for line in Turn.with_turns(conversation, lines)]


def _of(line: Message, conversation: Conversation) -> MessageOut:
    line.conversation = conversation       # read already
    return MessageOut.of(line)


def create(caller: UserCaller, conversation: Conversation, body: MessageIn) -> MessageOut:
    """Send a line to the customer through the conversation's channel. `clientId` makes repeating it harmless.

    With role `customer` nothing is sent: the line comes in as if the customer had written it, to try the AI.
    """
    client_id = body.client_id or ids.token(12)
    if body.role == "customer":
        key = f"simulation-{caller.user.id}:{client_id}"
        return _of(inbox.simulate(caller, conversation, body.content, key).message, conversation)
    return _of(outbox.reply(caller, conversation, body.content, client_id), conversation)


core.table(
    "messages",
    get("/api/conversations/<conversation>/messages", index, permission=Permission.VIEW_CONVERSATIONS),
    post("/api/conversations/<conversation>/messages", create, permission=Permission.MANAGE_CONVERSATIONS, status=201,
         limit=("api", "send", "send-tenant"), dialect=replace(SALES, invalid=422)),
)
