"""What a provider sent, raw, stored before anything is done with it."""

from enum import StrEnum

from peewee import BlobField, CharField, JSONField

from hub.models.base import TenantModel, cascade_key
from hub.models.channels.channel import Channel
from hub.models.accounts.tenant import Tenant
from hub.models.fields import EnumField
from hub.models.work import Work


class InboundState(StrEnum):
    RECEIVED = "received"
    PROCESSING = "processing"
    DONE = "done"
    FAILED = "failed"               # wholly or in part: `error` says why


class InboundEvent(Work, TenantModel):
    tenant = cascade_key(Tenant)
    channel = cascade_key(Channel, index=False)
    external_id = CharField()                                       # the provider's id of the event
    headers = JSONField[dict[str, str]](default=dict)                    # the useful ones: no credentials
    query = JSONField[dict[str, str]](default=dict)
    body = BlobField()
    digest = CharField(default="", max_length=64)                   # SHA-256 of the body, which may be erased
    state = EnumField(InboundState, default=InboundState.RECEIVED, max_length=12)

    class Meta:
        indexes = ((("channel", "external_id"), True),)


InboundEvent.add_index(InboundEvent.due_at, where=InboundEvent.state.in_(("received", "processing")),
                       name="inbound_event_due")
# What people look at: few among the many that were done.
InboundEvent.add_index(InboundEvent.channel, InboundEvent.id, where=InboundEvent.state == InboundState.FAILED,
                       name="inbound_event_failed")
