"""A program's key to the Chat API, of one business; only its digest is kept."""

from datetime import datetime
from typing import Self

from peewee import JOIN, CharField, ColumnBase, DateTimeField, ForeignKeyField, JSONField, ModelSelect

from hub.lib import clock, ids
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.base import TenantModel, cascade_key
from hub.models.fields import SearchField

_BEGINS, _SHOWN = "pky_", 8         # how every key begins, and how many of its characters are shown for good


class ApiKey(TenantModel):
    tenant = cascade_key(Tenant, backref="api_keys")
    search_text = SearchField("name", "prefix")
    name = CharField(max_length=120)
    prefix = CharField(max_length=16)
    digest = CharField(unique=True, max_length=64)
    scopes = JSONField[list[str]](default=list)         # permissions, see access/roles.py
    made_by = ForeignKeyField(User, null=True, on_delete="SET NULL", index=False)
    last_used_at = DateTimeField(null=True)
    expires_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("tenant", "name"), True),)

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= clock.now()

    @classmethod
    def new_text(cls) -> str:
        """What a new key is: unguessable, and seen at once to be one of ours."""
        return f"{_BEGINS}{ids.token()}"

    @classmethod
    def beginning(cls, text: str) -> str:
        """As much of a key as its list shows."""
        return text[:len(_BEGINS) + _SHOWN]

    @classmethod
    def of_text(cls, text: str) -> Self | None:
        """The key that is good now, with its business and whoever made it, in one query."""
        found: ModelSelect[Self] = (
            cls.select(cls, Tenant, User).join(Tenant).join_from(cls, User, JOIN.LEFT_OUTER, attr="made_by")
            .where(cls.digest == ids.digest(text), cls.is_good(clock.now())))
        return found.first()

    @classmethod
    def is_good(cls, moment: datetime) -> ColumnBase:
        """SQL: it has not ended at this moment."""
        return cls.expires_at.is_null() | (cls.expires_at > moment)
