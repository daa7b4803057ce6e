"""Of whom a stored event tells: who is erased takes the raw bodies along."""

from peewee import CharField

from hub.models.accounts.tenant import Tenant
from hub.models.base import TenantModel, cascade_key
from hub.models.channels.inbound_event import InboundEvent


class InboundIdentity(TenantModel):
    tenant = cascade_key(Tenant, index=False)
    event = cascade_key(InboundEvent, backref="identities")
    kind = CharField(max_length=32)
    value = CharField()

    class Meta:
        indexes = ((("tenant", "kind", "value"), False),)
