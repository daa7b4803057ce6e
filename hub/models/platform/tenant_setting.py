"""What a business has set otherwise than by default: a row per group of settings."""


from peewee import CharField, DateTimeField, JSONField

from hub.lib import clock
from hub.lib.json_types import JsonObject
from hub.models.accounts.tenant import Tenant
from hub.models.base import TenantModel, cascade_key


class TenantSetting(TenantModel):
    tenant = cascade_key(Tenant, index=False)
    name = CharField(max_length=32)                                 # of the group
    values = JSONField[JsonObject](default=dict)                      # {field: value}, without what is as by default
    updated_at = DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("tenant", "name"), True),)
