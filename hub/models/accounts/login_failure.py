"""Wrong passwords for one account from one address, and until when that address has to wait."""

from peewee import CharField, DateTimeField, IntegerField

from hub.lib import clock
from hub.models.base import Model


class LoginFailure(Model):
    """Also for e-mails that nobody has: their tries must look the same from outside."""

    key = CharField(unique=True, max_length=64)             # digest of e-mail and address
    failures = IntegerField(default=0)
    locked_until = DateTimeField(null=True)
    updated_at = DateTimeField(default=clock.now, index=True)
