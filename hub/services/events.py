"""What is told to whoever listens (facts, in no contract's shape), and what is written down for good."""

import re
from collections.abc import Sequence

import structlog
from redis import RedisError
from typing_extensions import TypedDict

from peewee import SqliteDatabase, fn

from hub import bus, queue
from hub.access import callers
from hub.access.callers import Caller
from hub.lib import clock, masking, request_facts, text
from hub.lib.json_types import JsonObject, Values
from hub.lib.request_facts import RequestFacts
from hub.models.accounts.tenant import Tenant
from hub.models.base import Model, db
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.customers.customer import Customer
from hub.models.platform.event import Event
from hub.queue import Job

log = structlog.get_logger(__name__)


class MessageFacts(TypedDict):
    """What is known of a message; moments as 2026-02-20T12:00:00.000Z. How it is shown is for each contract to say."""

    uuid: str
    client_id: str | None
    change: int
    role: str
    name: str
    text: str
    content_type: str
    sources: list[JsonObject]
    attachments: list[JsonObject]
    reactions: list[dict[str, str]]
    reply_to: str | None
    status: str
    turn: str | None
    event: str | None
    created_at: str | None
    edited_at: str | None
    deleted_at: str | None


class ConversationFacts(TypedDict):
    """What is known of a conversation; `operator` is the name of the person who has the floor."""

    uuid: str
    status: str
    floor: str
    operator: str | None
    handoff: str
    customer_unread: int
    change: int


def message_facts(message: Message) -> MessageFacts:
    return {"uuid": str(message.uuid), "client_id": message.client_id, "change": message.change, "role": message.role,
            "name": message.name, "text": message.text, "content_type": message.content_type,
            "sources": message.sources, "attachments": message.attachments, "reactions": message.reactions,
            "reply_to": message.reply_to, "status": message.status, "turn": message.turn_uuid, "event": message.event,
            "created_at": clock.iso(message.created_at), "edited_at": clock.iso(message.edited_at),
            "deleted_at": clock.iso(message.deleted_at)}


def conversation_facts(conversation: Conversation) -> ConversationFacts:
    person = conversation.floor_user if conversation.floor == "operator" else None
    return {"uuid": str(conversation.uuid), "status": conversation.status, "floor": conversation.floor,
            "operator": person.name if person else None, "handoff": conversation.handoff,
            "customer_unread": conversation.customer_unread, "change": conversation.change}


def message_new(message: Message, conversation: Conversation, facts: MessageFacts | None = None) -> bus.Event:
    """`facts`: its message_facts(), if the caller has them already."""
    return _event("message.new", conversation, {"message": facts or message_facts(message)}, message.change)


def message_changed(message: Message, conversation: Conversation) -> bus.Event:
    return _event("message.changed", conversation, {"message": message_facts(message)}, message.change)


def conversation_changed(conversation: Conversation, kind: str = "conversation.changed") -> bus.Event:
    """`kind` may also be handoff.requested | handoff.taken | handoff.released."""
    return _event(kind, conversation, {"conversation": conversation_facts(conversation)}, conversation.change)


def list_changed(conversation: Conversation) -> bus.Event:
    """For the inbox only: something that lists show is different now."""
    return {**_event("list.changed", conversation, {}, None), "audience": bus.STAFF}


def suggestion_changed(conversation: Conversation) -> bus.Event:
    """For the inbox only: what the AI would say in this conversation, and lists with it, is different now."""
    return {**_event("suggestion.changed", conversation, {}, None), "audience": bus.STAFF}


def typing(conversation: Conversation, who: str, name: str | None, on: bool) -> bus.Event:
    return _event("typing", conversation, {"who": who, "name": name, "on": on}, None)


def reply_delta(conversation: Conversation, turn: str, text: str, name: str) -> bus.Event:
    return _event("reply.delta", conversation, {"turn": turn, "text": text, "name": name}, None)


def reply_withdrawn(conversation: Conversation, turn: str) -> bus.Event:
    return _event("reply.withdrawn", conversation, {"turn": turn}, None)


def publish(*events: bus.Event, hints: Sequence[tuple[Job, int, float]] = ()) -> None:
    """Tell whoever listens, and hint at jobs in the same round trip: (job, row id, seconds from now).

    That nobody receives it is no error: clients catch up by number, the sweeper finds what is due.
    """
    try:
        with queue.redis().pipeline(transaction=False) as pipe:
            if hints:
                queue.put(pipe, hints)
            bus.put(pipe, events)
            pipe.execute()
    except RedisError as error:
        log.warning("redis.away", error=type(error).__name__)


def _event(kind: str, conversation: Conversation, data: JsonObject, seq: int | None) -> bus.Event:
    event: bus.Event = {"type": kind, "tenant": conversation.tenant_id, "conversation": conversation.id,
                        "conversation_uuid": str(conversation.uuid), "audience": bus.ALL, "data": data}
    return event if seq is None else {**event, "seq": seq}


def record(caller: Caller, kind: str, row: Model, old: Values | None = None,
           new: Values | None = None, facts: RequestFacts | None = None) -> None:
    """Write down, inside the caller's transaction, what `caller` did to `row`: {column: value} before and after.

    `facts`: of the request, where another greenlet writes for it.
    """
    of = request_facts.current() if facts is None else facts
    Event.insert(
        tenant=row.id if isinstance(row, Tenant) else getattr(row, "tenant_id", None) or callers.tenant_id(caller),
        kind=kind, entity=noun(type(row)), entity_uuid=row.uuid, person=_person(row), actor=caller.actor[:255],
        impersonator=getattr(caller, "impersonator", None), old=None if old is None else masking.masked(old),
        new=None if new is None else masking.masked(new), request_id=of.id[:64], ip=of.ip[:64],
        user_agent=text.one_line(of.user_agent), xid=_transaction()).execute()


def noun(model: type[Model]) -> str:
    """How events name a model: CustomerNote is customer_note."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()


def _person(row: Model) -> int | None:
    return row.id if isinstance(row, Customer) else getattr(row, "customer_id", None)


def _transaction() -> object:
    return 0 if isinstance(db.obj, SqliteDatabase) else fn.txid_current()
