"""What a visitor of the widget does: sees the own conversation, reads, types, asks for a person."""


from peewee import JOIN

from hub.access.callers import Visitor
from hub.channels.base import Inbound
from hub.errors import NotFound
from hub.lib import ids, text
from hub.lib.json_types import JsonObject
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.customers.customer import Customer, CustomerIdentity
from hub.models.conversations.message import Message
from hub.models.prepared import Prepared
from hub.models.accounts.user import User
from hub.services.channels import sites
from hub.services.conversations import conversations, floor, inbox
from hub.services.customers import customers


_OWN = Prepared(lambda slots: (
    Conversation.select(Conversation, Customer, User, Channel).join(Customer)
    .switch(Conversation).join(User, JOIN.LEFT_OUTER, on=Conversation.floor_user).switch(Conversation).join(Channel)
    .where(Conversation.written_by(slots[0](CustomerIdentity.tenant), slots[0](CustomerIdentity.kind),
                                   slots[0](CustomerIdentity.value), slots[0](Conversation.channel)))
    .order_by(Conversation.id.desc()).limit(1)))


def conversation(visitor: Visitor) -> Conversation | None:
    """The visitor's own conversation, or None before the first line."""
    kind, value = visitor.identity
    found: Conversation | None = _OWN.first(tenant=visitor.tenant, kind=kind, value=value, channel=visitor.channel)
    return found


def own(visitor: Visitor) -> Conversation:
    found = conversation(visitor)
    if found is None:
        raise NotFound("no_conversation", "There is no conversation yet.")
    return found


def say(visitor: Visitor, client_id: str, content: str, page: JsonObject | None,
        person: dict[str, str]) -> inbox.Received:
    """A line from the widget. The client's id is unique per visitor, so nobody can guess another's message."""
    sender = visitor.key if len(visitor.key) <= 128 else ids.digest(visitor.key)        # a column holds 255 characters
    line = Inbound(f"{sender}:{client_id}", visitor.identity, content, page=page, name=person.get("name", ""),
                   email=person.get("email") or None, phone=person.get("phone") or None)
    return inbox.receive(sites.of(visitor), line, visitor)


def introduce(visitor: Visitor, person: dict[str, str]) -> None:
    """What the site or the visitor says about the person, written on the customer if there is one."""
    found = conversation(visitor)
    known = {key: text.one_line(value) for key, value in person.items() if value}
    if found is not None and any(getattr(found.customer, key) != value for key, value in known.items()):
        customers.change(visitor, found.customer, **known)


def read(visitor: Visitor, message: str) -> None:
    """Everything up to this message has been seen."""
    mine = own(visitor)
    up_to = Message.find(visitor.tenant, message)
    if up_to is None or up_to.conversation_id != mine.id:
        raise NotFound(message="There is no such message.")
    conversations.read_by_customer(mine, up_to)


def ask_for_person(visitor: Visitor, note: str) -> Conversation:
    """Works before the first line as well: then the conversation begins with it."""
    mine = conversation(visitor)
    if mine is None:
        inbox.begin(sites.of(visitor), visitor.identity, visitor)
        mine = own(visitor)
    return floor.request(visitor, mine, note)
