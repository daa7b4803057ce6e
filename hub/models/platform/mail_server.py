"""The mail server of a business: its letters come from its own address."""

from enum import StrEnum

from peewee import BooleanField, CharField, DateTimeField, IntegerField

from hub.lib import clock
from hub.models.accounts.tenant import Tenant
from hub.models.base import TenantModel, cascade_key
from hub.models.fields import EnumField
from hub.models.secret import SecretField


class Security(StrEnum):
    TLS = "tls"                 # from the first byte, usually port 465
    STARTTLS = "starttls"       # after a greeting in clear, usually port 587
    NONE = "none"


class MailServer(TenantModel):
    tenant = cascade_key(Tenant, unique=True)
    is_active = BooleanField(default=False)
    host = CharField(default="")
    port = IntegerField(default=465)
    security = EnumField(Security, default=Security.TLS, max_length=12)
    username = CharField(default="")
    password = SecretField(null=True)
    sender = CharField(default="")
    updated_at = DateTimeField(default=clock.now)
