"""Changes to what is known about a customer, and forgetting it."""

from dataclasses import dataclass

from hub.access.callers import Caller
from hub.lib import text
from hub.models import refusals
from hub.models.base import locked, transaction
from hub.models.conversations.conversation import Conversation
from hub.models.customers.customer import Customer
from hub.models.customers.customer_note import CustomerNote
from hub.models.conversations.message import Message
from hub.models.platform.event import Event
from hub.services import changes, events
from hub.services.channels import inbound_events


@dataclass(frozen=True)
class Erased:
    """How many rows of a person there were."""

    deleted_messages: int
    deleted_conversations: int
    deleted_notes: int


def change(caller: Caller, customer: Customer, **values: object) -> Customer:
    """Write what is given; empty e-mail or phone means none."""
    return changes.apply(caller, customer, {name: _clean(name, value) for name, value in values.items()})


def _clean(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    return text.one_line(value) or ("" if name == "name" else None)


@refusals.repeated
def erase(caller: Caller, customer: Customer) -> Erased:
    """Erase the person everywhere; how much there was. Of the events about the person only the fact stays."""
    conversations = Conversation.select(Conversation.id).where(Conversation.customer == customer)
    counts = Erased(Message.select().where(Message.conversation.in_(conversations)).count(), conversations.count(),
                    CustomerNote.select().where(CustomerNote.customer == customer).count())
    identities = [(known.kind, str(known.value)) for known in customer.identities]
    words = [value for _, value in identities] + [str(customer.email or ""), str(customer.phone or "")]
    told = inbound_events.naming(customer.tenant_id, identities, words)
    with transaction():
        inbound_events.forget(told)
        list(locked(conversations))             # as everybody else: the conversation first, then what belongs to it
        customer.delete_instance()      # conversations, lines, turns, deliveries, notes and identities go with it
        events.record(caller, "customer.erased", customer)
        Event.forget(customer.tenant_id, customer.id)
    return counts
