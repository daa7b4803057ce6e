"""/api/conversations: lists, details, and moves of the floor."""

from typing import Annotated, Literal

from peewee import ModelSelect
from pydantic import AliasPath, Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import PLATFORM, core
from hub.api.core.customers.customers import CustomerOut
from hub.api.core.conversations.messages import MessageOut
from hub.api.kit.schema import Id, Many, Moment, OptionalMoment, OptionalRef, Out
from hub.api.kit.table import get, patch, post
from hub.lib import clock, ids
from hub.lib.json_types import JsonObject
from hub.models.agents.agent import Agent
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation, Mode, PausedBy
from hub.models.conversations.message import Message
from hub.models.conversations.turn import Turn
from hub.services.conversations import conversations, floor
from hub.web.schema import Day, In, OneLine

Status = Literal["active", "waiting_customer", "waiting_operator", "escalated", "resolved", "paused", "closed"]
_NEWEST = 100           # lines of one conversation
_WRAPPED = PLATFORM.named("conversation")


class ConversationOut(Out):
    """A conversation with one customer on one channel; `status` and `handoff` are views of the floor."""

    id: Id
    number: int
    customer: CustomerOut
    agent_id: OptionalRef = Field(validation_alias="agent_ref")
    crm_deal_id: str | None = None           # no CRM is connected
    crm_contact_id: str | None = None
    channel_id: str | None = Field(validation_alias="external_id")
    channel_type: str = Field(validation_alias=AliasPath("channel", "kind"))
    status: str
    mode: str
    floor: str
    floor_version: int
    floor_reason: str = Field(validation_alias="floor_code")
    floor_note: str
    paused_by: str | None
    paused_at: OptionalMoment
    handoff: str
    operator_name: str | None
    unread: int
    change: int
    last_text: str
    last_role: str
    messages_count: int
    first_message_at: OptionalMoment
    last_message_at: Moment
    created_at: Moment
    updated_at: Moment


class SuggestionOut(Out):
    """An answer of the AI that waits for a person."""

    id: Id
    text: str
    reason: str
    block_reason: str | None
    intent: str | None
    confidence: dict[str, float]
    sources: list[JsonObject]
    created_at: Moment


class ConversationDetailOut(ConversationOut):
    """One conversation with its newest messages and the suggestion that waits."""

    messages: list[MessageOut] = Field(validation_alias="newest")
    suggestion: SuggestionOut | None


class ConversationsQuery(In):
    """Which conversations; moments without a zone are UTC."""

    status: Status | None = None
    agent_id: str | None = None
    channel_type: Annotated[str, Field(max_length=32)] | None = None
    date_from: Day | None = None
    date_to: Day | None = None


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
    rows = _filtered(Conversation.with_people(caller.tenant), query, caller.tenant.timezone)
    return Many(ConversationOut.of, rows, Conversation.by_urgency())


def _filtered(rows: "ModelSelect[Conversation]", query: ConversationsQuery,
              zone: str) -> "ModelSelect[Conversation]":
    wanted = [
        Conversation.status_is(query.status) if query.status else None,
        Conversation.agent.in_(Agent.select(Agent.id).where(Agent.uuid == ids.parse(query.agent_id)))
        if query.agent_id else None,
        Channel.is_a(query.channel_type) if query.channel_type else None,
        Conversation.last_message_at >= clock.first(query.date_from, zone) if query.date_from else None,
        Conversation.last_message_at <= clock.last(query.date_to, zone) if query.date_to else None,
    ]
    for condition in wanted:
        rows = rows if condition is None else rows.where(condition)
    return rows


def show(caller: UserCaller, conversation: Conversation) -> ConversationDetailOut:
    """Show one conversation with its customer, its newest messages and the suggestion that waits."""
    whole = Conversation.with_people(caller.tenant).where(Conversation.id == conversation.id).get()
    whole.newest = Turn.with_turns(whole, Message.history(whole, limit=_NEWEST))
    whole.suggestion = Turn.suggestion(whole)
    return ConversationDetailOut.of(whole)


def update(caller: UserCaller, conversation: Conversation, body: ConversationPatch) -> ConversationOut:
    """Set status or mode; a status moves the floor."""
    if body.mode:
        conversations.set_mode(caller, conversation, body.mode)
    if body.status:
        conversations.set_status(caller, conversation, body.status)
    return _fresh(caller, conversation)


def read(caller: UserCaller, conversation: Conversation) -> None:
    """Mark a conversation as read by the team."""
    conversations.read_by_team(conversation)


def pause(caller: UserCaller, conversation: Conversation, body: PauseIn) -> ConversationOut:
    """The AI falls silent in this conversation."""
    floor.pause(caller, conversation, body.reason, body.paused_by)
    return _fresh(caller, conversation)


def resume(caller: UserCaller, conversation: Conversation) -> ConversationOut:
    """Let the AI answer again."""
    floor.release(caller, conversation)
    return _fresh(caller, conversation)


def _fresh(caller: UserCaller, conversation: Conversation) -> ConversationOut:
    return ConversationOut.of(Conversation.with_people(caller.tenant).where(Conversation.id == conversation.id).get())


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
