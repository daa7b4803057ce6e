"""An owner's offer to a colleague: whoever accepts it owns the business, and the owner becomes an administrator."""

from typing import Self

from peewee import DateTimeField

from hub.lib import clock
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.base import TenantModel, cascade_key


class OwnershipOffer(TenantModel):
    tenant = cascade_key(Tenant, backref="ownership_offers")
    owner = cascade_key(User, backref="offers_made", unique=True)           # one offer at a time
    member = cascade_key(User, backref="offers")
    expires_at = DateTimeField()

    @classmethod
    def by(cls, owner: User) -> Self | None:
        """What the owner has offered, while it stands."""
        return cls.get_or_none(cls.owner == owner, cls.expires_at > clock.now())

    @classmethod
    def to(cls, member: User) -> Self | None:
        """The newest offer that waits for this person."""
        return cls.of(member.tenant_id).where(cls.member == member, cls.expires_at > clock.now()).order_by(
            cls.id.desc()).first()
