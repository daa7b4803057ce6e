"""What a letter holds to show that its reader has the mailbox: a link or six digits, good once and for a while."""

from enum import StrEnum

from peewee import CharField, DateTimeField, SmallIntegerField

from hub.models.accounts.user import User
from hub.models.base import Model, cascade_key
from hub.models.fields import EnumField


class Purpose(StrEnum):
    VERIFY = "verify"
    RESET = "reset"


class AccountToken(Model):
    """Only digests are stored. `mark` is of the address and password of then: a change of either ends the token."""

    user = cascade_key(User, backref="account_tokens")
    purpose = EnumField(Purpose, max_length=12)
    digest = CharField(unique=True, max_length=64)
    code_digest = CharField(null=True, max_length=64)
    code_until = DateTimeField(null=True)
    tries = SmallIntegerField(default=0)            # wrong codes so far
    mark = CharField(max_length=64)
    expires_at = DateTimeField(index=True)
    used_at = DateTimeField(null=True)
