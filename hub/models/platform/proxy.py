"""A way out through somebody else's address: which calls of channels take it, and whether it works."""

from enum import StrEnum
from typing import Self
from urllib.parse import quote
from uuid import UUID

from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField, ModelSelect

from hub.lib import clock, ids
from hub.models.accounts.tenant import Tenant
from hub.models.base import Model
from hub.models.channels.channel import Channel
from hub.models.fields import EnumField, SearchField
from hub.models.secret import SecretField


class Protocol(StrEnum):
    HTTP = "http"
    HTTPS = "https"             # the way to the proxy itself is encrypted, too
    SOCKS5 = "socks5"


class ProxyStatus(StrEnum):
    UNCHECKED = "unchecked"
    ACTIVE = "active"
    FAILED = "failed"
    DISABLED = "disabled"       # nobody uses it, nobody checks it


class Proxy(Model):
    search_text = SearchField("host", "label")
    host = CharField()
    port = IntegerField()
    protocol = EnumField(Protocol, max_length=12)
    username = SecretField(null=True)
    password = SecretField(null=True)
    digest = CharField(unique=True, max_length=64)                  # of all that tells two of them apart
    country = CharField(default="", max_length=2)
    label = CharField(default="")
    status = EnumField(ProxyStatus, default=ProxyStatus.UNCHECKED, max_length=12, index=True)
    # Not `tenant`: a business neither owns it nor reads of it in its log.
    for_tenant = ForeignKeyField(Tenant, null=True, on_delete="SET NULL")
    for_channel = ForeignKeyField(Channel, null=True, on_delete="SET NULL")
    checked_at = DateTimeField(null=True)
    latency_ms = IntegerField(null=True)                            # of the last check that it passed
    error = CharField(default="")                                   # why it did not pass
    due_at = DateTimeField(null=True, default=clock.now, index=True)    # the next check
    lease_until = DateTimeField(null=True)
    updated_at = DateTimeField(default=clock.now)

    @property
    def url(self) -> str:
        """Its address with its name and password: for hub/lib/http.py, and nobody's eyes."""
        name = quote(self.username.reveal(), safe="") if self.username else ""
        password = quote(self.password.reveal(), safe="") if self.password else ""
        user = f"{name}:{password}@" if name or password else ""
        return f"{self.protocol}://{user}{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def shown_username(self) -> str:
        return self.username.reveal() if self.username else ""

    @property
    def has_password(self) -> bool:
        return self.password is not None

    @property
    def tenant_uuid(self) -> UUID | None:
        return None if self.for_tenant is None else self.for_tenant.uuid

    @property
    def channel_uuid(self) -> UUID | None:
        return None if self.for_channel is None else self.for_channel.uuid

    @classmethod
    def usable(cls, tenant: Tenant | int, channel: Channel | int) -> "ModelSelect[Self]":
        """Those that a channel's calls may take: its own, else its business's."""
        of_tenant = (cls.for_tenant == tenant) & cls.for_channel.is_null()
        return cls.select().where((cls.for_channel == channel) | of_tenant, cls.status != ProxyStatus.DISABLED)


def digest(host: str, port: int, protocol: str, username: str) -> str:
    """The same for the same way out, however it was written."""
    return ids.digest(f"{protocol}://{username}@{host.lower()}:{port}")
