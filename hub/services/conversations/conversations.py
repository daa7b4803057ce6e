"""What happens to a conversation besides its lines: read, typing, and the documented status words."""


from peewee import ColumnBase

from hub import bus
from hub.access.callers import Caller, UserCaller
from hub.lib.json_types import JsonObject
from hub.models import refusals
from hub.models.conversations.conversation import Conversation, FloorReason
from hub.models.conversations.message import Message
from hub.services import changes, events
from hub.services.conversations import floor

_READ_AT_ONCE = 100


def read_by_team(conversation: Conversation) -> None:
    """An operator has seen everything: the badge goes away, and the customer's lines are marked as read."""
    _mark(conversation, Message.role == "customer", ("received", "delivered"), None, unread=0, has_unread=0)


def read_by_customer(conversation: Conversation, up_to: Message) -> None:
    """The customer has seen our lines up to this one."""
    _mark(conversation, Message.role.in_(("assistant", "operator")), ("sent", "delivered"), up_to.id,
          customer_unread=0)


def _mark(conversation: Conversation, whose: ColumnBase, states: tuple[str, ...], up_to: int | None,
          **counters: int) -> None:
    lines = Message.select().where(Message.conversation == conversation, whose, Message.status.in_(states))
    lines = lines.where(Message.id <= up_to) if up_to is not None else lines
    newest = lines.order_by(Message.id.desc()).limit(_READ_AT_ONCE)
    seen = refusals.committed(lambda: _seen(conversation, list(newest.clone()), counters))
    news: list[bus.Event] = [events.message_changed(message, conversation) for message in reversed(seen)]
    events.publish(*news, events.list_changed(conversation))


def _seen(conversation: Conversation, lines: list[Message], counters: JsonObject) -> list[Message]:
    for message in reversed(lines):
        # Each line gets a change number of its own: a page of changes can end between any two.
        message.change, _ = Conversation.bump(conversation.id, **counters)
        message.status = "read"
        message.save(only=[Message.status, Message.change])
    if not lines:
        Conversation.update(**counters).where(Conversation.id == conversation.id).execute()
    return lines


def typing(conversation: Conversation, who: str, name: str | None, on: bool) -> None:
    """Somebody types; nothing is stored, clients forget it after six seconds."""
    events.publish(events.typing(conversation, who, name, on))


def set_status(caller: UserCaller, conversation: Conversation, status: str) -> Conversation:
    """The documented status words are views of the floor; setting one moves the floor accordingly."""
    if status in ("resolved", "closed"):
        return floor.close(caller, conversation)
    if status in ("waiting_operator", "escalated"):
        return floor.call(caller, conversation, FloorReason.ESCALATED if status == "escalated" else
                          FloorReason.REQUESTED_BY_OPERATOR)
    if status == "paused":
        return floor.pause(caller, conversation)
    if status == "waiting_customer":
        return floor.take_over(caller, conversation)
    return floor.release(caller, conversation)


def set_mode(caller: Caller, conversation: Conversation, mode: str) -> Conversation:
    """learning and semi-auto make every answer wait for a person; auto sends."""
    refusals.committed(lambda: _write_mode(caller, conversation, mode))
    events.publish(events.list_changed(conversation))
    return conversation


def _write_mode(caller: Caller, conversation: Conversation, mode: str) -> None:
    conversation.change, _ = Conversation.bump(conversation.id)
    changes.apply(caller, conversation, {"mode": mode})
