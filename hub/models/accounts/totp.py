"""The second factor of a person: the secret of their authenticator app, and codes for the day that the app is gone."""

from typing import Self

from peewee import BigIntegerField, CharField, DateTimeField

from hub.lib import clock
from hub.models.accounts.user import User
from hub.models.base import Model, cascade_key
from hub.models.secret import SecretField

BEGUN_S = 15 * 60           # whoever finds the browser later finds no secret to scan


class Totp(Model):
    """The app's secret. It counts once a code of it was shown."""

    user = cascade_key(User, unique=True)
    secret = SecretField()
    confirmed_at = DateTimeField(null=True)
    last_step = BigIntegerField(default=0)          # half minutes since 1970 of the last code that was taken

    @classmethod
    def on(cls, user: User) -> Self | None:
        """The one that counts."""
        return cls.select().where(cls.user == user, cls.confirmed_at.is_null(False)).first()

    @classmethod
    def begun(cls, user: User) -> Self | None:
        """The one of which no code was shown yet, while it can still be confirmed."""
        return cls.select().where(cls.user == user, cls.confirmed_at.is_null(),
                                  cls.created_at > clock.ahead(-BEGUN_S)).first()


class RecoveryCode(Model):
    """Instead of a code of the app, once. Only its digest is stored."""

    user = cascade_key(User)
    digest = CharField(unique=True, max_length=64)
    used_at = DateTimeField(null=True)
