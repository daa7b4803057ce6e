"""From where somebody has signed in before: another place is worth a letter."""

from peewee import CharField, DateTimeField

from hub.lib import clock
from hub.models.accounts.user import User
from hub.models.base import Model, cascade_key


class KnownDevice(Model):
    """Browser, system and network as one digest: who reads the table learns of none of them."""

    user = cascade_key(User)
    digest = CharField(unique=True, max_length=64)
    seen_at = DateTimeField(default=clock.now)
