"""Who may speak to the customer: the AI, a named operator, or nobody yet. Every move bumps the floor's version."""

from collections.abc import Callable
from dataclasses import dataclass

from peewee import JOIN, ColumnBase

from hub import bus
from hub.access.callers import Caller, UserCaller
from hub.errors import Conflict
from hub.lib import clock, text
from hub.models import refusals
from hub.models.base import locked
from hub.lib.json_types import JsonObject
from hub.models.conversations.conversation import Conversation, Floor, FloorReason, PausedBy
from hub.models.conversations.message import Message
from hub.models.accounts.user import User
from hub.services import events
from hub.services.agents import agents
from hub.services.conversations import texts

# What the log tells of a move, beside who has the floor.
_FLOOR = (Conversation.floor, Conversation.floor_code, Conversation.floor_note, Conversation.paused_by,
          Conversation.is_open)


def take_over(caller: UserCaller, conversation: Conversation) -> Conversation:
    """The operator takes the floor; Conflict when a colleague has it. Taking it twice changes nothing."""
    user = caller.user
    if conversation.floor == "operator" and conversation.floor_user_id == user.id and conversation.is_open:
        return conversation
    free = (Conversation.floor != "operator") | Conversation.floor_user.is_null() | (Conversation.is_open == 0)
    return _move(caller, conversation, "handoff.taken", free, lambda now: now.floor_user_id == user.id, name=user.name,
                 floor=Floor.OPERATOR, floor_user=user, floor_code="")


def release(caller: Caller, conversation: Conversation) -> Conversation:
    """Give the conversation back to the AI; Conflict when no agent is switched on."""
    return _release(caller, conversation, True)


def resume(caller: Caller, conversation: Conversation) -> Conversation:
    """The same by itself, after a pause; Conflict as well when the floor has moved since the conversation was read."""
    return _release(caller, conversation, Conversation.floor_version == conversation.floor_version)


def _release(caller: Caller, conversation: Conversation, only_if: ColumnBase | bool) -> Conversation:
    agent = agents.serving(conversation.tenant_id)
    if agent is None:
        raise Conflict("no_agent", "No AI agent is switched on, so nobody would answer.")
    return _move(caller, conversation, "handoff.released", only_if, name=agent.name, floor=Floor.AI, floor_user=None,
                 floor_code=FloorReason.RELEASED, agent=agent)


def request(caller: Caller, conversation: Conversation, note: str = "") -> Conversation:
    """The customer asks for a person, in these words: the AI answers nothing until somebody comes. What is closed is
    open again; asking again changes nothing."""
    if conversation.floor != "ai" and conversation.is_open:
        return conversation
    return _move(caller, conversation, "handoff.requested", (Conversation.floor == "ai") | (Conversation.is_open == 0),
                 lambda now: now.floor != "ai" and bool(now.is_open), **asked(FloorReason.ASKED_FOR_PERSON, note))


def call(caller: Caller, conversation: Conversation, reason: FloorReason) -> Conversation:
    """An operator asks for another person, whoever has the floor now."""
    return _move(caller, conversation, "handoff.requested", Conversation.is_open == 1, **asked(reason))


def asked(reason: FloorReason, note: str = "") -> JsonObject:
    """The changes that mean "waiting for a person"."""
    return {"floor": Floor.NOBODY, "floor_user": None, "floor_code": reason, "floor_note": note, "has_unread": 1,
            "unread": Conversation.unread + 1}


def pause(caller: Caller, conversation: Conversation, note: str = "",
          paused_by: PausedBy = PausedBy.HUMAN) -> Conversation:
    """The AI stops answering without a person being promised; why, in words, and who wanted it are kept."""
    return _move(caller, conversation, None, True, floor=Floor.NOBODY, floor_user=None,
                 floor_code=FloorReason.PAUSED, floor_note=text.one_line(note), paused_by=paused_by)


def close(caller: Caller, conversation: Conversation) -> Conversation:
    """Done. The customer's next line opens it again."""
    if not conversation.is_open:
        return conversation
    return _move(caller, conversation, "conversation.resolved", Conversation.is_open == 1, lambda now: not now.is_open,
                 floor=Floor.NOBODY, floor_user=None, floor_code=FloorReason.CLOSED, is_open=0, unread=0, has_unread=0)


def reopen(caller: UserCaller, conversation: Conversation) -> Conversation:
    """Open again with this operator, who evidently has something to say."""
    if conversation.is_open:
        return conversation
    return _move(caller, conversation, "conversation.reopened", Conversation.is_open == 0, floor=Floor.OPERATOR,
                 floor_user=caller.user, floor_code="")


@dataclass(frozen=True)
class Moved:
    """What `write` did, for `announce` after the commit."""

    conversation_id: int
    tenant_id: int
    event: str | None
    message: Message | None


def write(caller: Caller, conversation: Conversation, event: str | None, only_if: ColumnBase | bool, *, name: str = "",
          floor_code: str, floor_note: str = "", **changes: object) -> Moved | None:
    """One compare-and-set inside a transaction that is open: the floor, its version, the line that tells the customer,
    and the event that names who did it. None when `only_if` did not hold any more."""
    changes = {"is_open": 1, "paused_by": None, **changes, "floor_code": floor_code, "floor_note": floor_note,
               "floor_reason": _words(floor_code, floor_note),
               "floor_version": Conversation.floor_version + 1, "floor_at": clock.now()}
    before = _state(conversation)
    change = _set(conversation.id, only_if, changes)
    if not change:
        return None
    events.record(caller, event or "conversation.paused", conversation, before, _state(conversation))
    message = _line(conversation, change, event, name, getattr(caller, "user", None)) if event else None
    # Whatever the AI still owed is a person's business now, or nobody's.
    Message.update(answer_at=None).where(Message.conversation == conversation,
                                         Message.answer_at.is_null(False)).execute()
    return Moved(conversation.id, conversation.tenant_id, event, message)


def _state(conversation: Conversation) -> JsonObject:
    """The floor as the log shows it, of the row that nobody else changes until our transaction ends."""
    row = (locked(Conversation.select(*_FLOOR, User.uuid.alias("user_uuid")).join(User, JOIN.LEFT_OUTER,
                                                                               on=Conversation.floor_user))
           .where(Conversation.id == conversation.id).objects().first())
    return {} if row is None else {**{field.name: getattr(row, field.name) for field in _FLOOR},
                                   "floor_user": row.user_uuid}


def _words(reason: str, note: str) -> str:
    """Both in one column, for the release before, which takes its own codes for a state."""
    return note if note and reason == FloorReason.ASKED_FOR_PERSON and note not in set(FloorReason) else reason


def announce(moved: Moved) -> Conversation:
    """Tell everybody, and read the conversation as it is now."""
    fresh = _read(moved.tenant_id, moved.conversation_id)
    kind = moved.event if moved.event and moved.event.startswith("handoff.") else "conversation.changed"
    news: list[bus.Event] = [events.conversation_changed(fresh, kind), events.list_changed(fresh)]
    events.publish(*([events.message_new(moved.message, fresh)] if moved.message else []), *news)
    return fresh


def _move(caller: Caller, conversation: Conversation, event: str | None, only_if: ColumnBase | bool,
          is_done: Callable[[Conversation], bool] = lambda now: False, *, name: str = "",
          floor_code: str, floor_note: str = "", **changes: object) -> Conversation:
    """`is_done`: of one that moved at the same moment, is it where it should go?"""
    moved = refusals.committed(lambda: write(caller, conversation, event, only_if, name=name, floor_code=floor_code,
                                             floor_note=floor_note, **changes))
    if moved is not None:
        return announce(moved)
    fresh = _read(conversation.tenant_id, conversation.id)
    if is_done(fresh):
        return fresh
    raise Conflict("HANDOFF_CONFLICT", f"{fresh.floor_user.name} has this conversation."
                   if fresh.floor_user else "Somebody else changed this conversation at the same moment.")


def _read(tenant_id: int, conversation_id: int) -> Conversation:
    return Conversation.with_people(tenant_id).where(Conversation.id == conversation_id).get()


def _set(conversation_id: int, only_if: ColumnBase | bool, changes: JsonObject) -> int:
    where = (Conversation.id == conversation_id) if only_if is True else (Conversation.id == conversation_id) & only_if
    rows = list(Conversation.update(change=Conversation.change + 1, **changes).where(where)
                .returning(Conversation.change).tuples().execute())
    return int(rows[0][0]) if rows else 0


def _line(conversation: Conversation, change: int, event: str, name: str, user: User | None) -> Message:
    return Message.create(tenant=conversation.tenant_id, conversation=conversation, channel=conversation.channel_id,
                          change=change, role="system", event=event, name=name, user=user, status="sent",
                          text=texts.say(event, conversation.customer.language, name=name))
