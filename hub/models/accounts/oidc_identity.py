"""As whom the OpenID provider knows a person, whatever address they have there."""

from typing import Self

from peewee import CharField

from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.base import TenantModel, cascade_key


class OidcIdentity(TenantModel):
    tenant = cascade_key(Tenant)
    user = cascade_key(User, backref="oidc_identities", index=True)
    issuer = CharField()
    subject = CharField()

    class Meta:
        indexes = ((("issuer", "subject"), True),)

    @classmethod
    def known(cls, issuer: str, subject: str) -> Self | None:
        """With its person and their business."""
        return (cls.select(cls, User, Tenant).join(User).join(Tenant)
                .where(cls.issuer == issuer, cls.subject == subject).first())
