"""Signed-in browsers (only a digest of the cookie is kept) and access tokens that were signed out."""

from datetime import datetime, timedelta

from peewee import CharField, ColumnBase, DateTimeField, ForeignKeyField

from hub.models.base import Model, cascade_key
from hub.models.accounts.user import User


SESSION_DAYS = 7


class UserSession(Model):
    user = cascade_key(User, backref="sessions")
    digest = CharField(unique=True, max_length=64)
    expires_at = DateTimeField(index=True)
    ip = CharField(default="", max_length=64)
    user_agent = CharField(default="")
    # An administrator of the platform who acts as the user, and their own session, with which this one ends.
    impersonator = ForeignKeyField(User, null=True, on_delete="CASCADE", backref="impersonations", index=False)
    opened_by = ForeignKeyField("self", null=True, on_delete="CASCADE")

    @property
    def seen_at(self) -> datetime:
        """When it was last used, to the hour: a used session is extended."""
        return self.expires_at - timedelta(days=SESSION_DAYS)

    @classmethod
    def is_rightful(cls) -> ColumnBase:
        """SQL: it is the user's own, or whoever acts in their place still owns the platform."""
        owners = User.select(User.id).where(User.is_active, User.is_platform_owner)
        return cls.impersonator.is_null() | cls.impersonator.in_(owners)


class RevokedToken(Model):
    """Number of a JWT (`jti`) or of a family (`fam`) that must not be honoured although it has not expired yet."""

    jti = CharField(unique=True, max_length=64)
    expires_at = DateTimeField(index=True)
