"""What channels bring beside lines: edits, deletions, statuses, reactions, typing, contacts. Each twice is once."""

from collections.abc import Callable
from typing import Any

from hub.access.callers import Provider
from hub.channels.base import Contact, Delete, Edit, Inbound, Item, Reaction, Status, Typing
from hub.lib import clock, text
from hub.lib.json_types import JsonObject
from hub.models.base import locked, transaction
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.delivery import Delivery
from hub.models.conversations.message import Message
from hub.models.customers.customer import CustomerIdentity
from hub.queue import Job
from hub.services import events, work
from hub.services.conversations import inbox, outbox, statuses
from hub.services.conversations.statuses import NotYet
from hub.services.customers import customers


def take(channel: Channel, item: Item) -> None:
    """Do what the item says. BadInput when it cannot be used; NotYet when what it is about has not come yet."""
    _TAKE[type(item)](channel, item)


def check(channel: Channel, item: Item) -> None:
    """Raise BadInput or TooLarge for a text that the hub would not take."""
    if isinstance(item, Edit) or (isinstance(item, Inbound) and not (item.attachments and not text.clean(item.text))):
        inbox.checked(channel, item.text)


def _edit(channel: Channel, said: Edit) -> None:
    content = inbox.checked(channel, said.text)
    moment = clock.naive(said.at) if said.at else clock.now()

    def change(message: Message) -> bool:
        if message.deleted_at or message.text == content or (message.edited_at and message.edited_at >= moment):
            return False
        message.text, message.edited_at = content, moment
        return True

    _change(_own_line(channel, said.external_id), change)


def _delete(channel: Channel, said: Delete) -> None:
    """The text goes for good. What was owed for it passes to the line before, if that still waits."""
    def change(message: Message) -> bool:
        if message.deleted_at:
            return False
        message.text, message.attachments, message.deleted_at = "", [], clock.now()
        return True

    line = _own_line(channel, said.external_id)
    _change(line, change)
    _answer_previous_line(line)


def _answer_previous_line(line: Message) -> None:
    with transaction():
        list(locked(Conversation.select(Conversation.id).where(Conversation.id == line.conversation_id)))
        owed = Message.answer_at.is_null(False)
        if not Message.update(**work.settled(outbox.OWED)).where(Message.id == line.id, owed).execute():
            return
        before = (Message.select().where(Message.conversation == line.conversation_id, Message.id < line.id,
                                         Message.role.in_(("customer", "operator", "assistant")),
                                         Message.deleted_at.is_null()).order_by(Message.id.desc()).first())
        if before is None or before.role != "customer":
            return
        Message.update(answer_at=clock.now()).where(Message.id == before.id).execute()
    events.publish(hints=[(Job.ANSWER, before.id, 0)])


def _react(channel: Channel, said: Reaction) -> None:
    def change(message: Message) -> bool:
        others = [reaction for reaction in message.reactions if reaction["by"] != "customer"]
        now = [*others, {"emoji": said.emoji, "by": "customer"}] if said.emoji else others
        was, message.reactions = message.reactions, now
        return bool(was != now)

    _change(_any_line(channel, said.external_id), change)


def _change(line: Message, change: Callable[[Message], bool]) -> None:
    """Change a line as it is now, with a change number of its own; nothing is told when nothing changed."""
    with transaction():
        list(locked(Conversation.select(Conversation.id).where(Conversation.id == line.conversation_id)))
        message = Message.get_by_id(line.id)
        if not change(message):
            return
        message.change, _ = Conversation.bump(message.conversation_id, **_shown(message))
        message.is_indexed = 0          # for the search: its words may be others now
        message.save(only=[Message.text, Message.attachments, Message.reactions, Message.edited_at, Message.deleted_at,
                           Message.change, Message.is_indexed])
        conversation = message.conversation
    events.publish(events.message_changed(message, conversation), events.list_changed(conversation))


def _shown(message: Message) -> JsonObject:
    """What lists show is the last line."""
    newer = Message.select().where(Message.conversation == message.conversation_id, Message.id > message.id)
    return {} if newer.exists() else {"last_text": text.shorten(message.text, 160)}


def _typing(channel: Channel, said: Typing) -> None:
    conversation = _conversation(channel, said.identity)
    if conversation is not None:
        events.publish(events.typing(conversation, "customer", conversation.customer.name or None, said.on))


def _contact(channel: Channel, said: Contact) -> None:
    known = CustomerIdentity.known(channel.tenant_id, *said.identity)
    if known is None:
        raise NotYet("There is no such customer.")
    given = {name: getattr(said, name) for name in ("name", "email", "phone", "language")}
    provider = Provider(channel.kind, channel.token, "", channel.tenant_id)
    customers.change(provider, known.customer, **{name: value for name, value in given.items() if value is not None})
    conversation = _conversation(channel, said.identity)
    if conversation is not None:
        events.publish(events.list_changed(conversation))


def _conversation(channel: Channel, identity: tuple[str, str]) -> Conversation | None:
    found: Conversation | None = (
        Conversation.select().where(Conversation.written_by(channel.tenant_id, *identity, channel))
        .order_by(Conversation.id.desc()).first())
    return found


def _own_line(channel: Channel, external_id: str) -> Message:
    """The customer's line that the channel knows by this id."""
    found = Message.get_or_none(Message.channel == channel, Message.external_id == external_id,
                                Message.role == "customer")
    if found is None:
        raise NotYet("There is no such line.")
    return found


def _any_line(channel: Channel, external_id: str) -> Message:
    """The customer's line or ours, by whatever name the channel has for it."""
    delivery: Delivery | None = statuses.find(channel, external_id)
    return delivery.message if delivery is not None else _own_line(channel, external_id)


_TAKE: dict[type, Callable[[Channel, Any], object]] = {
    Inbound: inbox.receive, Edit: _edit, Delete: _delete, Status: statuses.take, Reaction: _react, Typing: _typing,
    Contact: _contact}
