"""/api/conversations/…/messages: reading and sending lines as an operator."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field

from hub.access.identity import Who
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.schema import In, Moment, Number, Out, Uuid
from hub.api.kit.table import get, post
from hub.lib import ids
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.services.conversations import inbox, outbox


class MessageOut(Out):
    id: Uuid = Field(validation_alias="uuid")
    number: int = Field(validation_alias="id")
    conversation_id: Uuid = Field(validation_alias="conversation_uuid")
    role: str
    sender_name: str = Field(validation_alias="name")
    content: str = Field(validation_alias="text")
    content_type: str
    attachments: list[Any]
    sources: list[dict[str, Any]]
    event: str | None
    status: str
    change: int
    client_id: str | None
    turn: str | None = Field(validation_alias="turn_uuid")
    confidence: float | None
    created_at: Moment
    edited_at: Moment

    @classmethod
    def of(cls, message: Message, conversation: Conversation) -> Self:
        message.conversation_uuid = conversation.uuid
        return cls.model_validate(message)


class MessagesQuery(In):
    since: Number | None = None
    before: Number | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class MessageIn(In):
    content: Annotated[str, Field(max_length=100_000)]
    role: Literal["owner", "customer", "assistant"] = "owner"
    client_id: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\w-]+$")] | None = None


def index(who: Who, conversation: Conversation, query: MessagesQuery) -> list[MessageOut]:
    """What changed after the change number `since`; without it the newest lines (before the number `before`)."""
    if query.since is not None:
        lines = Message.since(conversation, query.since, query.limit)
    else:
        lines = Message.history(conversation, query.before, query.limit)
    return [MessageOut.of(line, conversation) for line in lines]


def create(who: Who, conversation: Conversation, body: MessageIn) -> MessageOut:
    """Send a line to the customer through the conversation's channel. `clientId` makes repeating it harmless.

    With role `customer` nothing is sent: the line comes in as if the customer had written it, to try the AI.
    """
    client_id = body.client_id or ids.token(12)
    if body.role == "customer":
        key = f"simulation-{who.user.id}:{client_id}"
        return MessageOut.of(inbox.simulate(conversation, body.content, key).message, conversation)
    return MessageOut.of(outbox.reply(who.user, conversation, body.content, client_id), conversation)


core.table(
    "messages",
    get("/api/conversations/<conversation>/messages", index, permission=Permission.VIEW_CONVERSATIONS),
    post("/api/conversations/<conversation>/messages", create, permission=Permission.MANAGE_CONVERSATIONS, status=201,
         limit=("api", "send", "send-tenant")),
)
