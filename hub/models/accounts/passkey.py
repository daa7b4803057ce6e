"""A key in somebody's phone, computer or security key that signs them in without a password."""

from peewee import BigIntegerField, CharField, DateTimeField, TextField

from hub.models.accounts.user import User
from hub.models.base import Model, cascade_key


class Passkey(Model):
    """What the hub knows of it opens nothing: the private part never leaves the device."""

    user = cascade_key(User)
    name = CharField(max_length=120)
    credential = CharField(unique=True, max_length=1400)            # its id, base64url
    public_part = TextField()                                       # COSE, base64url
    sign_count = BigIntegerField(default=0)                         # how often it signed, where it counts
    last_used_at = DateTimeField(null=True)
