"""What opens somebody else's service: for one business, or for every one that has none of its own."""

from enum import StrEnum
from typing import Self
from uuid import UUID

from peewee import CharField, DateTimeField, IntegerField, ModelSelect

from hub.lib import clock
from hub.models.accounts.tenant import Tenant
from hub.models.base import Model, cascade_key
from hub.models.secret import SecretField


class SecretScope(StrEnum):
    GLOBAL = "global"           # for every business that has none of its own
    TENANT = "tenant"


class IntegrationSecret(Model):
    tenant = cascade_key(Tenant, null=True, index=False)            # None: for every business
    key_name = CharField(max_length=64)
    secret = SecretField(null=True)                                 # None once it is revoked: nobody reads it again
    version = IntegerField(default=1)                               # counts its values
    updated_at = DateTimeField(default=clock.now)
    revoked_at = DateTimeField(null=True)

    @property
    def scope(self) -> SecretScope:
        return SecretScope.GLOBAL if self.tenant_id is None else SecretScope.TENANT

    @property
    def tenant_uuid(self) -> UUID | None:
        return None if self.tenant is None else self.tenant.uuid

    @classmethod
    def live(cls, key_name: str, tenant: Tenant | int | None) -> "ModelSelect[Self]":
        """The one of that name that is in use, of a business or of all."""
        whose = cls.tenant.is_null() if tenant is None else cls.tenant == tenant
        return cls.select().where(cls.key_name == key_name, whose, cls.revoked_at.is_null())


# One in use per name; NULL is never equal to NULL in a unique index: those for everybody need one of their own.
IntegrationSecret.add_index(IntegrationSecret.tenant, IntegrationSecret.key_name, unique=True,
                            where=IntegrationSecret.revoked_at.is_null(), name="integration_secret_live")
IntegrationSecret.add_index(IntegrationSecret.key_name, unique=True,
                            where=IntegrationSecret.tenant.is_null() & IntegrationSecret.revoked_at.is_null(),
                            name="integration_secret_everybody")
