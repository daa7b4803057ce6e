"""What somebody has filled in of something with several steps, kept until it is finished or thrown away."""


from peewee import CharField, DateTimeField, JSONField

from hub.lib.json_types import JsonObject
from hub.lib import clock
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.base import TenantModel, cascade_key


class Draft(TenantModel):
    tenant = cascade_key(Tenant)
    user = cascade_key(User, index=False)
    name = CharField(max_length=32)                                 # of the wizard
    values = JSONField[dict[str, JsonObject]](default=dict)         # {step: {field: as it was typed}}
    updated_at = DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("user", "name"), True),)
