"""The first response to a write that a client may repeat under the same key."""


from peewee import CharField, IntegerField, JSONField

from hub.models.base import TenantModel, cascade_key
from hub.models.accounts.tenant import Tenant


class IdempotencyKey(TenantModel):
    tenant = cascade_key(Tenant, index=False)
    key = CharField()
    request = CharField(max_length=64)                              # digest of caller, method, path and body
    status = IntegerField(null=True)                                # None while the first request is running
    answer = JSONField(null=True)

    class Meta:
        indexes = ((("tenant", "key"), True),)
