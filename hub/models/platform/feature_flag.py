"""A feature switched on or off for one business, or for all that say nothing themselves."""

from peewee import BooleanField, CharField, DateTimeField

from hub.lib import clock
from hub.models.accounts.tenant import Tenant
from hub.models.base import Model, cascade_key


class FeatureFlag(Model):
    tenant = cascade_key(Tenant, null=True, index=False)            # None: for every business
    name = CharField(max_length=32)                                 # as access/flags.py has it
    enabled = BooleanField()
    updated_at = DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("tenant", "name"), True),)


# NULL is never equal to NULL in a unique index: the rows for everybody need one of their own.
FeatureFlag.add_index(FeatureFlag.name, unique=True, where=FeatureFlag.tenant.is_null(), name="feature_flag_everybody")
