"""One part of a message on its way out through a channel: what was tried and how it ended."""

from enum import StrEnum
from typing import Self

from peewee import SQL, CharField, ColumnBase, DateTimeField, IntegerField, fn

from hub.lib import clock
from hub.models.base import TenantModel, cascade_key
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.accounts.tenant import Tenant
from hub.models.fields import EnumField
from hub.models.work import Work


class DeliveryState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"                   # the provider took it
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNKNOWN = "unknown"             # it may have arrived: nobody knows


# Not finished: the sweeper looks after these.
OPEN = (DeliveryState.QUEUED, DeliveryState.SENDING)


class Delivery(Work, TenantModel):
    tenant = cascade_key(Tenant)
    message = cascade_key(Message, backref="deliveries", index=False)
    part = IntegerField(default=0)                                  # a long text goes in several
    conversation = cascade_key(Conversation)
    channel = cascade_key(Channel)
    state = EnumField(DeliveryState, default=DeliveryState.QUEUED, max_length=12)
    external_id = CharField(null=True)                              # the provider's: its statuses name it
    updated_at = DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("message", "part"), True), (("channel", "external_id"), True))

    @classmethod
    def first_in_line(cls) -> ColumnBase:
        """SQL: no earlier delivery of the same conversation is still open, so lines arrive in their order."""
        earlier = cls.alias()
        return ~fn.EXISTS(earlier.select(SQL("1")).where(earlier.conversation == cls.conversation,
                                                         earlier.id < cls.id, earlier.state.in_(OPEN)))

    @classmethod
    def next_after(cls, delivery: Self) -> int | None:
        """The id of the conversation's next open delivery."""
        return (cls.select(cls.id).where(cls.conversation == delivery.conversation_id, cls.id > delivery.id,
                                         cls.state.in_(OPEN)).order_by(cls.id).limit(1).scalar())


Delivery.add_index(Delivery.due_at, where=Delivery.state.in_(OPEN), name="delivery_open")
Delivery.add_index(Delivery.id, where=Delivery.state == DeliveryState.FAILED, name="delivery_failed")
