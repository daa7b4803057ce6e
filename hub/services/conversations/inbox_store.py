"""Customers' lines into the database: all that come at the same moment in one transaction, then announced in one go."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, reduce
from operator import or_
from uuid import UUID

from peewee import SQL, ValuesList

from hub import bus
from hub.channels.base import Inbound
from hub.access.callers import Caller
from hub.lib import clock, request_facts, text
from hub.lib.request_facts import RequestFacts
from hub.lib.cache import Cache
from hub.models import refusals
from hub.models.base import locked, transaction
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation, FloorReason
from hub.models.customers.customer import Customer, CustomerIdentity
from hub.models.conversations.message import Message
from hub.models.prepared import Prepared
from hub.queue import Job
from hub.services import events, tenant_settings
from hub.services.agents import agents
from hub.services.agents.answer_timing import AnswerTiming


# (tenant, kind and value of the identity, channel): who writes where. This process remembers so many of them.
Sender = tuple[int, str, str, int]
_conversation_of: Cache[Sender, UUID] = Cache(float("inf"), most=20_000)


@dataclass(frozen=True, eq=False)
class Line:
    """A line to store: `content` is the clean text; `conversation` is known, or found by the sender's identity."""

    channel: Channel
    said: Inbound
    content: str
    caller: Caller
    conversation: UUID | None = None
    facts: RequestFacts = field(default_factory=request_facts.current)      # another greenlet may store it

    @property
    def sender(self) -> Sender:
        return (self.channel.tenant_id, *self.said.identity, self.channel.id)


@dataclass(frozen=True)
class Received:
    message: Message
    conversation: Conversation
    is_new: bool

    @cached_property
    def facts(self) -> events.MessageFacts:
        """Of the message: the same for who sent it and for who listens."""
        return events.message_facts(self.message)


# Providers bring again for a week what they could not bring; an older moment is of a clock that is wrong.
_LATEST = timedelta(days=7)


class _Seen(Exception):
    """Rolls the transaction back: one of these lines is stored already."""


# What differs from one customer's line to the next, and what it changes of its conversation.
_LINE_FIELDS = (Message.uuid, Message.created_at, Message.tenant, Message.conversation, Message.channel, Message.change,
         Message.number,         Message.name, Message.text, Message.external_id, Message.answer_at)
_CHANGED = (Conversation.id, Conversation.change, Conversation.unread, Conversation.messages_count,
            Conversation.customer_lines, Conversation.last_text, Conversation.last_message_at)
_OPENED = ("is_open", "floor", "floor_user", "floor_code", "floor_note", "floor_reason", "paused_by", "floor_version")

_FIND = Prepared(lambda slots: (
    CustomerIdentity.select(CustomerIdentity.tenant, CustomerIdentity.kind, CustomerIdentity.value,
                            Conversation.channel, Conversation.uuid)
    .join(Conversation, on=Conversation.customer == CustomerIdentity.customer)
    .where(reduce(or_, ((CustomerIdentity.tenant == slot(CustomerIdentity.tenant))
                        & (CustomerIdentity.kind == slot(CustomerIdentity.kind))
                        & (CustomerIdentity.value == slot(CustomerIdentity.value)) for slot in slots)))
    .order_by(Conversation.id).tuples()))
# In the order of their ids, so that two processes with the same conversations do not wait for each other for ever.
_LOCK = Prepared(lambda slots: locked(
    Conversation.select(Conversation, Customer.name.alias("customer_name")).join(Customer)
    .where(Conversation.uuid.in_([slot(Conversation.uuid) for slot in slots])).order_by(Conversation.id)))
_NOTHING_OWED = Prepared(lambda slots: (
    Message.update(answer_at=None).where(Message.conversation.in_([slot(Message.conversation) for slot in slots]),
                                         Message.answer_at.is_null(False))))
_CHANGE = Prepared(lambda slots: (
    Conversation.update({**{field: SQL(f"v.column{number}") for number, field in enumerate(_CHANGED[1:], 2)},
                         Conversation.last_role: "customer", Conversation.has_unread: 1})
    .from_(ValuesList([[slot(field) for field in _CHANGED] for slot in slots]).alias("v"))
    .where(Conversation.id == SQL("v.column1"))))
_INSERT = Prepared(lambda slots: (
    Message.insert_many([{Message.role: "customer", **{field: slot(field) for field in _LINE_FIELDS}}
                         for slot in slots])
    .on_conflict_ignore().returning(Message.id, Message.channel, Message.external_id).tuples()))


def store(lines: list[Line]) -> list[Received | None]:
    """Each line once, whoever brings it again; None where the sender has no conversation yet."""
    try:
        return _store(lines)
    except _Seen:
        if len(lines) > 1:
            return [received for line in lines for received in store([line])]
        return [_seen(lines[0])]


@refusals.repeated
def _store(lines: list[Line]) -> list[Received | None]:
    with transaction():
        found = _conversations(lines)
        stored = [None if conversation is None else _add(line, conversation) for line,
                  conversation in zip(lines, found, strict=True)]
        new = [received for received in stored if received is not None]
        if new:
            _write(new)
            for line, received in zip(lines, stored, strict=True):
                if received is not None:
                    _complete(line, received.message)
    return stored


def _seen(line: Line) -> Received | None:
    message = Message.get_or_none(Message.channel == line.channel, Message.external_id == line.said.external_id)
    return None if message is None else Received(message, message.conversation, False)


def _conversations(lines: list[Line]) -> list[Conversation | None]:
    """Each line's conversation as it is now: whoever else writes to it waits until our transaction ends."""
    known_of = _find({line.sender for line in lines if line.conversation is None})
    uuids = [line.conversation or known_of.get(line.sender) for line in lines]
    wanted = [{"uuid": uuid} for uuid in {uuid for uuid in uuids if uuid}]
    known = {conversation.uuid: conversation for conversation in _LOCK.models(wanted)} if wanted else {}
    for line, uuid in zip(lines, uuids, strict=True):
        if uuid not in known:           # erased meanwhile: the customer begins another
            _conversation_of.remove(line.sender)
    return [known.get(uuid) if uuid else None for uuid in uuids]


def _find(senders: set[Sender]) -> dict[Sender, UUID]:
    """Where these senders' conversations are: a sender keeps the same one on a channel until it is erased.

    The uuid is what we remember: SQLite gives the number of an erased row to the next one.
    """
    known_of = {sender: uuid for sender in senders if (uuid := _conversation_of.get(sender))}
    if new := [{"tenant": tenant, "kind": kind, "value": value}
               for tenant, kind, value in {sender[:3] for sender in senders if sender not in known_of}]:
        known_of |= {tuple(row[:4]): row[4] for row in _FIND.run_all(new)}
        for sender, uuid in known_of.items():
            _conversation_of.put(sender, uuid)
    return known_of


def _add(line: Line, conversation: Conversation) -> Received:
    """The line as a row, and what it changes of its conversation, which is locked: what we read of it stays true."""
    moment = clock.now()
    pause = _pause(conversation, moment)
    _reopen(line, conversation)
    _show(conversation, moment, line.content or line.said.attachments[0].name)
    message = Message(tenant=conversation.tenant_id, conversation=conversation, channel=line.channel.id,
                      change=conversation.change, number=conversation.change,
                      role="customer", name=conversation.customer_name, text=line.content,
                      external_id=line.said.external_id,
                      answer_at=_owed(conversation, moment, pause))
    return Received(message, conversation, True)


def _show(conversation: Conversation, moment: datetime, content: str) -> None:
    """What lists show, and one visible change more."""
    conversation.last_role, conversation.last_text, conversation.last_message_at, conversation.has_unread = \
        "customer", text.shorten(content, 160), moment, 1
    for counter in ("change", "unread", "messages_count", "customer_lines"):
        setattr(conversation, counter, getattr(conversation, counter) + 1)


def _reopen(line: Line, conversation: Conversation) -> None:
    """Writing to a closed conversation opens it again, with the AI first."""
    if not conversation.is_open:
        conversation.is_open = 1
        conversation.floor = "ai" if conversation.agent_id else "nobody"
        conversation.floor_user = conversation.paused_by = None
        conversation.floor_code, conversation.floor_note = FloorReason.REOPENED, ""
        conversation.floor_reason = conversation.floor_code
        conversation.floor_version += 1
        conversation.save(only=_OPENED)
        events.record(line.caller, "conversation.reopened", conversation, {"is_open": 0},
                      {"is_open": 1, "floor": conversation.floor}, line.facts)


def _pause(conversation: Conversation, moment: datetime) -> float:
    """Seconds in which the rest of a thought may come: lines close together are one."""
    if conversation.last_role != "customer":
        return 0.0
    timing = tenant_settings.of(conversation.tenant_id, AnswerTiming)
    silence = (moment - conversation.last_message_at).total_seconds()
    return timing.pause_seconds if silence < timing.burst_seconds else 0.0


def _owed(conversation: Conversation, moment: datetime, pause: float) -> datetime | None:
    """When the AI should answer, or None while it does not have the floor."""
    if conversation.floor != "ai":
        return None
    return moment + timedelta(seconds=max(pause, agents.delay(conversation.tenant_id)))


def _write(new: Sequence[Received]) -> None:
    # A newer line takes over what was owed to the older ones: one answer covers all.
    newest = {one.conversation.id: one for one in new}
    covered = {one.conversation.id for one in new if one.message.answer_at is not None}
    if covered:
        _NOTHING_OWED.run_all([{"conversation": number} for number in covered])
    for one in new:
        if newest[one.conversation.id] is not one:
            one.message.answer_at = None
    _CHANGE.run_all([one.conversation.__data__ for one in newest.values()])
    ids = {(channel, external_id): number
           for number, channel, external_id in _INSERT.run_all([one.message.__data__ for one in new])}
    if len(ids) < len(new):
        raise _Seen
    for one in new:
        one.message.id = ids[one.message.channel_id, one.message.external_id]


def _complete(line: Line, message: Message) -> None:
    """What few lines have, and the others need not pay for: a moment, files, and which line they answer."""
    said = line.said
    if said.at and (moment := min(clock.naive(said.at), message.created_at)) > message.created_at - _LATEST:
        message.came(moment)
    if said.attachments or said.reply_to:
        message.attachments = [attachment.data() for attachment in said.attachments]
        message.content_type = "file" if said.attachments else "text"
        answered = Message.get_or_none(Message.channel == line.channel, Message.external_id == said.reply_to)
        message.reply_to = str(answered.uuid) if said.reply_to and answered else None
        message.save(only=[Message.attachments, Message.content_type, Message.reply_to])


def announce(lines: list[Line], stored: list[Received | None]) -> None:
    """After the commit: who listens hears of what is new, and the AI's turn is queued."""
    fresh = [(line, one) for line, one in zip(lines, stored, strict=True) if one is not None and one.is_new]
    news: list[bus.Event] = [{**events.message_new(one.message, one.conversation, one.facts),
                              "identity": "|".join(line.said.identity)} for line, one in fresh]
    owed = [(one.message.id, one.message.answer_at) for _, one in fresh]
    events.publish(*news, hints=[(Job.ANSWER, number, _seconds_to(due)) for number, due in owed if due is not None])


def _seconds_to(moment: datetime) -> float:
    return max(0.0, (moment - clock.now()).total_seconds())
