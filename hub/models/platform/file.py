"""An uploaded file, kept in the database so that every machine has it."""

from peewee import BlobField, CharField, IntegerField

from hub.models.base import TenantModel, cascade_key
from hub.models.accounts.tenant import Tenant


class File(TenantModel):
    tenant = cascade_key(Tenant)
    name = CharField()
    mime = CharField(max_length=128)
    size = IntegerField()
    sha256 = CharField(max_length=64)
    data = BlobField()
