"""/api/conversations: lists, details, and moves of the floor."""

from typing import Annotated, Literal

from pydantic import AliasPath, Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import PLATFORM, core
from hub.api.core.customers.customers import CustomerOut
from hub.api.core.conversations.messages import MessageOut
from hub.api.kit.filters import Filters, since, until, where
from hub.api.kit.schema import Many, Moment, OptionalMoment, OptionalRef, Out
from hub.api.kit.table import get, patch, post
from hub.lib.json_types import JsonObject
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation, Mode, PausedBy
from hub.models.conversations.message import Message
from hub.models.conversations.turn import Turn
from hub.services.conversations import conversations, floor
from hub.web.schema import Day, In, OneLine

Status = Literal["active", "waiting_customer", "waiting_operator", "escalated", "resolved", "paused", "closed"]
_NEWEST = 100           # lines of one conversation
_WRAPPED = PLATFORM.named("conversation")


class ConversationOut(Out, columns=(
        Conversation.id, Conversation.number, Conversation.mode, Conversation.floor, Conversation.floor_version,
        Conversation.floor_note, Conversation.paused_by, Conversation.unread, Conversation.change,
        Conversation.last_text, Conversation.last_role, Conversation.messages_count, Conversation.first_message_at,
        Conversation.last_message_at, Conversation.created_at)):
    """A conversation with one customer on one channel; `status` and `handoff` are views of the floor."""

    customer: CustomerOut
    agent_id: OptionalRef = Field(validation_alias="agent_ref")
    crm_deal_id: str | None = None           # no CRM is connected
    crm_contact_id: str | None = None
    channel_id: str | None = Field(validation_alias="external_id")
    channel_type: str = Field(validation_alias=AliasPath("channel", "kind"))
    status: str
    floor_reason: str = Field(validation_alias="floor_code")
    paused_at: OptionalMoment
    handoff: str
    operator_name: str | None
    updated_at: Moment


class SuggestionOut(Out, columns=(Turn.id, Turn.text, Turn.reason, Turn.block_reason, Turn.intent, Turn.created_at)):
    """An answer of the AI that waits for a person."""

    confidence: dict[str, float]
    sources: list[JsonObject]


class ConversationDetailOut(ConversationOut):
    """One conversation with its newest messages and the suggestion that waits."""

    messages: list[MessageOut] = Field(validation_alias="newest")
    suggestion: SuggestionOut | None


class ConversationsQuery(Filters):
    """Which conversations; moments without a zone are UTC."""

    status: Annotated[Status | None, where(Conversation.status_is)] = None
    agent_id: Annotated[str | None, where(Conversation.is_answered_by)] = None
    channel_type: Annotated[str | None, Field(max_length=32), where(Channel.is_a)] = None
    date_from: Annotated[Day | None, since(Conversation.last_message_at)] = None
    date_to: Annotated[Day | None, until(Conversation.last_message_at)] = None


class ConversationPatch(In):
    """A status word, which moves the floor, and how much the AI may do by itself."""

    status: Status | None = None
    mode: Mode | None = None


class PauseIn(In):
    """Who pauses, and why."""

    paused_by: PausedBy = PausedBy.HUMAN
    reason: Annotated[OneLine, Field(max_length=255)] = ""


def index(caller: UserCaller, query: ConversationsQuery) -> Many[ConversationOut]:
    """List the conversations, unread first, then the latest. A bare date is a whole day of the business's zone."""
    rows = query.narrowed(Conversation.with_people(caller.tenant), caller.tenant)
    return Many(ConversationOut.of, rows, Conversation.by_urgency())


def show(caller: UserCaller, conversation: Conversation) -> ConversationDetailOut:
    """Show one conversation with its customer, its newest messages and the suggestion that waits."""
    whole = _whole(conversation)
    whole.newest = Turn.with_turns(whole, Message.history(whole, limit=_NEWEST))
    whole.suggestion = Turn.suggestion(whole)
    return ConversationDetailOut.of(whole)


def update(caller: UserCaller, conversation: Conversation, body: ConversationPatch) -> ConversationOut:
    """Set status or mode; a status moves the floor."""
    if body.mode:
        conversations.set_mode(caller, conversation, body.mode)
    if body.status:
        conversations.set_status(caller, conversation, body.status)
    return ConversationOut.of(_whole(conversation))


def read(caller: UserCaller, conversation: Conversation) -> None:
    """Mark a conversation as read by the team."""
    conversations.read_by_team(conversation)


def pause(caller: UserCaller, conversation: Conversation, body: PauseIn) -> ConversationOut:
    """Stop the AI from answering in this conversation."""
    floor.pause(caller, conversation, body.reason, body.paused_by)
    return ConversationOut.of(_whole(conversation))


def resume(caller: UserCaller, conversation: Conversation) -> ConversationOut:
    """Let the AI answer again."""
    floor.release(caller, conversation)
    return ConversationOut.of(_whole(conversation))


def _whole(conversation: Conversation) -> Conversation:
    """As it is now, with its people."""
    return Conversation.with_people(conversation.tenant_id).where(Conversation.id == conversation.id).get()


core.table(
    "conversations",
    get("/api/conversations", index, permission=Permission.VIEW_CONVERSATIONS),
    get("/api/conversations/<conversation>", show, permission=Permission.VIEW_CONVERSATIONS),
    patch("/api/conversations/<conversation>", update, permission=Permission.MANAGE_CONVERSATIONS),
    post("/api/conversations/<conversation>/read", read, permission=Permission.VIEW_CONVERSATIONS),
    patch("/api/conversations/<conversation>/pause", pause, permission=Permission.MANAGE_CONVERSATIONS,
          dialect=_WRAPPED),
    patch("/api/conversations/<conversation>/resume", resume, permission=Permission.MANAGE_CONVERSATIONS,
          dialect=_WRAPPED),
)
