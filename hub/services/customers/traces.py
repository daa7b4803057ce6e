"""By what a person is known outside of their own rows, and the files of their lines."""

from datetime import timedelta

from peewee import ModelSelect, fn

from hub.lib import clock, ids
from hub.lib.contacts import Contacts
from hub.lib.json_types import JsonObject
from hub.models.channels.inbound_event import InboundEvent
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.customers.customer import Customer, CustomerIdentity
from hub.models.customers.customer_note import CustomerNote
from hub.models.platform.file import File
from hub.services.channels.forgetting import Person

_KEPT = timedelta(hours=25)         # answers to repeated writes are, for a little less


def messages_of(customer: Customer) -> "ModelSelect[Message]":
    """All lines of their conversations."""
    return Message.of(customer.tenant_id).where(Message.conversation.in_(
        Conversation.select(Conversation.id).where(Conversation.customer == customer)))


def known(customer: Customer) -> JsonObject:
    """What a task has to know of the person when the rows are gone, until it is done; how far it is beside that."""
    since = clock.now() - _KEPT
    recent = messages_of(customer).where((Message.created_at > since) | (Message.edited_at > since))
    rows = [(customer.uuid,), *recent.select(Message.uuid).tuples(), *customer.notes.select(CustomerNote.uuid).tuples(),
            *customer.conversations.select(Conversation.uuid).tuples()]
    identities = customer.identities.select(CustomerIdentity.kind, CustomerIdentity.value).tuples()
    return {"identities": [list(pair) for pair in identities], "rows": sorted(uuid.hex for uuid, in rows),
            "emails": [*filter(None, [customer.email])], "phones": [*filter(None, [customer.phone])],
            "until": InboundEvent.of(customer.tenant_id).select(fn.MAX(InboundEvent.id)).scalar() or 0,
            "response": 0, "event": 0, "waiting": []}


def person(known: JsonObject) -> Person:
    """Whom stored events may tell of."""
    return Person(frozenset((kind, value) for kind, value in known["identities"]),
                  Contacts(known["emails"], known["phones"]))


def files_of(customer: Customer) -> list[File]:
    """The files that were sent in the person's conversations."""
    some = list(messages_of(customer).where(Message.content_type == "file"))
    named = [key for message in some for given in message.attachments if (key := ids.parse(given.get("file")))]
    owners = [f"{Message._meta.table_name}:{message.id}" for message in some]
    return list(File.without_bytes().where(File.tenant == customer.tenant_id, File.uuid.in_(named)
                                           | File.owner.in_(owners)).order_by(File.id))
