"""What customers write through: a site with the widget, a messenger account, a custom system."""

from enum import StrEnum
from typing import Self

from peewee import BooleanField, CharField, ColumnBase, DateTimeField, JSONField

from hub.lib.json_types import JsonObject
from hub.lib import ids
from hub.models.accounts.tenant import Tenant
from hub.models.platform.tenant_number import NumberField
from hub.models.base import TenantModel, cascade_key
from hub.models.fields import EnumField, SearchField
from hub.models.secret import SecretField


class ChannelType(StrEnum):
    WEBSITE = "website"
    CUSTOM = "custom"
    TELEGRAM = "telegram"
    TELEGRAM_PERSONAL = "telegram_personal"
    WHATSAPP = "whatsapp"
    WHATSAPP_PERSONAL = "whatsapp_personal"
    MAX = "max"
    MAX_PERSONAL = "max_personal"
    VK = "vk"
    AVITO = "avito"
    EMAIL = "email"
    INSTAGRAM = "instagram"


class Channel(TenantModel):
    tenant = cascade_key(Tenant, backref="channels")
    number = NumberField()
    search_text = SearchField("name")
    kind = EnumField(ChannelType, max_length=32)
    name = CharField()
    # Its public address: the site token of a widget, the last part of a webhook's URL. Unguessable, not a secret.
    token = CharField(unique=True, max_length=64, default=lambda: ids.token(18))
    config = JSONField[JsonObject](default=dict)                    # shape: channels/<kind>.py Config
    secret = SecretField()                                          # signs identities and webhooks
    is_active = BooleanField(default=True)
    paused_until = DateTimeField(null=True)                         # the provider asked for it: nothing is sent before

    @classmethod
    def by_token(cls, token: str, kind: str | None = None) -> Self | None:
        """The active channel with that public token, with its tenant loaded."""
        if not token.isprintable():     # Postgres breaks at NUL
            return None
        query = cls.select(cls, Tenant).join(Tenant).where(cls.token == token, cls.is_active)
        return (query.where(cls.is_a(kind)) if kind is not None else query).first()

    @classmethod
    def is_a(cls, kind: str) -> ColumnBase:
        """SQL: of that kind; nothing is of a kind that does not exist."""
        return cls.kind == kind if kind in set(ChannelType) else cls.id.is_null()
