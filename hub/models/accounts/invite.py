"""An invitation to join a business with a role; the link is known to its reader alone."""

from typing import Self

from peewee import CharField, DateTimeField, ForeignKeyField, ModelSelect

from hub.lib import clock, ids
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import Role, User
from hub.models.base import TenantModel, cascade_key
from hub.models.fields import EmailField, EnumField


class Invite(TenantModel):
    tenant = cascade_key(Tenant, backref="invites")
    email = EmailField()
    role = EnumField(Role, max_length=16)
    digest = CharField(unique=True, max_length=64)
    invited_by = ForeignKeyField(User, null=True, on_delete="SET NULL")
    expires_at = DateTimeField()
    accepted_at = DateTimeField(null=True)

    @classmethod
    def open_one(cls, token: str) -> Self | None:
        """The invitation of that link, the letter's or the shown one, while it can be accepted."""
        return cls.select(cls, Tenant).join(Tenant).where(
            cls.digest.in_((ids.digest(token), ids.digest(cls.shown(token)))),
            cls.accepted_at.is_null(), cls.expires_at > clock.now()).first()

    @staticmethod
    def shown(letter: str) -> str:
        """The token that whoever invites is shown, of the letter's one: nobody comes from it to the letter's."""
        return ids.digest(f"invitation {letter}")

    def is_letter(self, token: str) -> bool:
        """Is it the letter's token, which its reader alone has?"""
        return bool(self.digest == ids.digest(self.shown(token)))

    @classmethod
    def pending(cls, tenant: Tenant | int) -> "ModelSelect[Self]":
        """Those of the tenant that wait for their reader."""
        return cls.of(tenant).where(cls.accepted_at.is_null(), cls.expires_at > clock.now())
