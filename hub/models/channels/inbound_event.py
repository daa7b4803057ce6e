"""What a provider sent, raw, stored before anything is done with it."""

from typing import Any

from peewee import BlobField, CharField, DateTimeField, IntegerField, JSONField

from hub.lib import clock
from hub.models.base import TenantModel, cascade_key
from hub.models.channels.channel import Channel
from hub.models.accounts.tenant import Tenant


class InboundEvent(TenantModel):
    tenant = cascade_key(Tenant)
    channel = cascade_key(Channel, index=False)
    external_id = CharField()                                       # the provider's id of the event
    headers: Any = JSONField(default=dict)
    body = BlobField()
    state = CharField(default="received", max_length=12)            # received | done | failed
    attempts = IntegerField(default=0)
    error = CharField(default="")
    due_at = DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("channel", "external_id"), True),)


InboundEvent.add_index(InboundEvent.due_at, where=InboundEvent.state == "received", name="inbound_event_open")
