"""What became of a line that went out: of each of its parts, and of the whole, as people see it."""

from collections.abc import Iterable

from hub.channels.base import Status
from hub.lib import clock, ids
from hub.models.base import locked, transaction
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.delivery import OPEN, Delivery
from hub.models.conversations.message import Message
from hub.services import events

# Providers repeat and shuffle statuses: what counts is the furthest one. A failure that is told late does not undo a
# delivery, and what was delivered after all has not failed.
_ORDER = ("unknown", "sent", "failed", "delivered", "read")


class NotYet(Exception):
    """It is about something that has not come yet: providers do not keep the order."""


def take(channel: Channel, said: Status) -> None:
    """Write a provider's status on the part it is about. NotYet while there is no such part, or it is being sent."""
    delivery = find(channel, said.external_id)
    if delivery is None or delivery.state in OPEN:
        raise NotYet("There is no such line of ours.")
    with transaction():
        list(locked(Conversation.select(Conversation.id).where(Conversation.id == delivery.conversation_id)))
        earlier = _ORDER[:_ORDER.index(said.status)]
        moved = (Delivery.update(state=said.status, error=said.error[:255], updated_at=clock.now())
                 .where(Delivery.id == delivery.id, Delivery.state.in_(earlier)).execute())
        message = show(delivery) if moved else None
    if message is not None:
        events.publish(events.message_changed(message, message.conversation))


def show(delivery: Delivery) -> Message:
    """Inside the caller's transaction, the conversation being locked: the message with the status of all its parts."""
    states = [state for (state,) in Delivery.select(Delivery.state)
              .where(Delivery.message == delivery.message_id).tuples()]
    message = Message.get_by_id(delivery.message_id)
    message.change, _ = Conversation.bump(message.conversation_id)
    message.status = whole(states)
    message.save(only=[Message.status, Message.change])
    return message


def whole(states: Iterable[str]) -> str:
    """The status of a line whose parts have these: it has arrived when all of it has."""
    found = set(states)
    for state in ("failed", "unknown"):
        if state in found:
            return state
    return "queued" if found & set(OPEN) else min(found, key=_ORDER.index)


def key(message: Message, part: int) -> str:
    """The name by which a channel knows a part of ours."""
    return f"{message.uuid}-{part}" if part else str(message.uuid)


def find(channel: Channel, external_id: str) -> Delivery | None:
    """The part of a line of ours that the provider calls so, or that we sent under this key."""
    found: Delivery | None = Delivery.get_or_none(Delivery.channel == channel, Delivery.external_id == external_id)
    uuid, part = external_id[:36], external_id[37:]
    if found is not None or ids.parse(uuid) is None or not (part or "0").isdecimal() or len(part) > 4:
        return found
    return (Delivery.select().join(Message).where(Delivery.channel == channel, Message.uuid == ids.parse(uuid),
                                                  Delivery.part == int(part or 0)).first())
