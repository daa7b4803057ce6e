"""/api/conversations: lists, details, and moves of the floor."""

from typing import Annotated, Any, Literal

from pydantic import Field

from hub.access.identity import Who
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.core.customers.customers import CustomerOut
from hub.api.core.conversations.messages import MessageOut
from hub.api.kit.schema import Day, In, Many, Moment, OneLine, Out, Paged, Uuid
from hub.api.kit.table import get, patch, post
from hub.lib import clock, ids
from hub.models.agents.agent import Agent
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation, Mode, PausedBy
from hub.models.conversations.message import Message
from hub.models.conversations.turn import Turn
from hub.services.conversations import conversations, floor

Status = Literal["active", "waiting_customer", "waiting_operator", "escalated", "resolved", "paused", "closed"]


class ConversationOut(Out):
    id: Uuid = Field(validation_alias="uuid")
    number: int = Field(validation_alias="id")
    customer: CustomerOut
    channel_type: str
    status: str
    mode: str
    floor: str
    floor_version: int
    floor_reason: str = Field(validation_alias="floor_code")
    floor_note: str
    paused_by: str | None
    handoff: str
    operator_name: str | None
    unread: int
    change: int
    last_text: str
    last_role: str
    messages_count: int
    first_message_at: Moment
    last_message_at: Moment
    created_at: Moment


class SuggestionOut(Out):
    id: Uuid = Field(validation_alias="uuid")
    text: str
    reason: str
    block_reason: str | None
    intent: str | None
    confidence: dict[str, float]
    sources: list[dict[str, Any]]
    created_at: Moment


class DetailOut(ConversationOut):
    messages: list[MessageOut]
    suggestion: SuggestionOut | None


class ConversationsQuery(Paged):
    status: Status | None = None
    agent_id: str | None = None
    channel_type: Annotated[str, Field(max_length=32)] | None = None
    date_from: Day | None = None
    date_to: Day | None = None


class ConversationPatch(In):
    status: Status | None = None
    mode: Mode | None = None


class PauseIn(In):
    paused_by: PausedBy = PausedBy.HUMAN
    reason: Annotated[OneLine, Field(max_length=255)] = ""


def _out(conversation: Conversation) -> ConversationOut:
    values = {name: getattr(conversation, name) for name in ConversationOut.model_fields
              if name not in ("id", "number", "floor_reason", "customer", "channel_type", "operator_name")}
    return ConversationOut.model_validate({
        **values, "uuid": conversation.uuid, "id": conversation.id, "floor_code": conversation.floor_code,
        "channel_type": conversation.channel.kind,
        "operator_name": conversation.floor_user.name if conversation.floor_user else None,
        "customer": CustomerOut.model_validate(conversation.customer)})


def index(who: Who, query: ConversationsQuery) -> Many:
    """Unread first, then the latest. A bare date in `dateFrom` or `dateTo` is a whole day of the business's zone."""
    rows = _filtered(Conversation.with_people(who.tenant), query, str(who.tenant.timezone))
    found, following = Conversation.newest_first(rows, query.after, query.size)
    return Many([_out(row) for row in found], following)


def _filtered(rows: Any, query: ConversationsQuery, zone: str) -> Any:
    wanted = [
        Conversation.status_is(query.status) if query.status else None,
        Conversation.agent.in_(Agent.select(Agent.id).where(Agent.uuid == ids.parse(query.agent_id)))
        if query.agent_id else None,
        Channel.kind == query.channel_type if query.channel_type else None,
        Conversation.last_message_at >= clock.first(query.date_from, zone) if query.date_from else None,
        Conversation.last_message_at <= clock.last(query.date_to, zone) if query.date_to else None,
    ]
    for condition in wanted:
        rows = rows if condition is None else rows.where(condition)
    return rows


def show(who: Who, conversation: Conversation) -> DetailOut:
    """One conversation with its customer, its newest messages and the suggestion that waits."""
    whole = Conversation.with_people(who.tenant).where(Conversation.id == conversation.id).get()
    turn = Turn.suggestion(whole)
    lines = [MessageOut.of(line, whole) for line in Message.history(whole, limit=100)]
    return DetailOut.model_construct(**dict(_out(whole)), messages=lines,
                                     suggestion=SuggestionOut.model_validate(turn) if turn else None)


def update(who: Who, conversation: Conversation, body: ConversationPatch) -> ConversationOut:
    """Set status or mode; a status moves the floor."""
    if body.mode:
        conversations.set_mode(conversation, body.mode)
    if body.status:
        conversations.set_status(who.user, conversation, body.status)
    return _fresh(who, conversation)


def read(who: Who, conversation: Conversation) -> dict[str, bool]:
    conversations.read_by_team(conversation)
    return {"success": True}


def pause(who: Who, conversation: Conversation, body: PauseIn) -> ConversationOut:
    """The AI falls silent in this conversation."""
    floor.pause(who.user, conversation, body.reason, body.paused_by)
    return _fresh(who, conversation)


def resume(who: Who, conversation: Conversation) -> ConversationOut:
    """The AI answers again."""
    floor.release(who.user, conversation)
    return _fresh(who, conversation)


def _fresh(who: Who, conversation: Conversation) -> ConversationOut:
    return _out(Conversation.with_people(who.tenant).where(Conversation.id == conversation.id).get())


core.table(
    "conversations",
    get("/api/conversations", index, permission=Permission.VIEW_CONVERSATIONS),
    get("/api/conversations/<conversation>", show, permission=Permission.VIEW_CONVERSATIONS),
    patch("/api/conversations/<conversation>", update, permission=Permission.MANAGE_CONVERSATIONS),
    post("/api/conversations/<conversation>/read", read, permission=Permission.VIEW_CONVERSATIONS),
    patch("/api/conversations/<conversation>/pause", pause, permission=Permission.MANAGE_CONVERSATIONS, case="snake"),
    patch("/api/conversations/<conversation>/resume", resume, permission=Permission.MANAGE_CONVERSATIONS, case="snake"),
)
