"""Another e-mail address that a person wants: nothing changes before both mailboxes have said yes."""

from typing import Self

from peewee import CharField, DateTimeField

from hub.lib import clock, ids
from hub.models.accounts.user import User
from hub.models.base import Model, cascade_key
from hub.models.fields import EmailField


class EmailChange(Model):
    """One at a time. Only digests of the letters' links are stored; `mark` is of the address and password of then."""

    user = cascade_key(User, backref="email_changes", unique=True)
    email = EmailField()
    old_digest = CharField(unique=True, max_length=64)
    new_digest = CharField(unique=True, max_length=64)
    old_said_at = DateTimeField(null=True)
    new_said_at = DateTimeField(null=True)
    mark = CharField(max_length=64)
    expires_at = DateTimeField(index=True)

    @classmethod
    def waiting(cls, user: User) -> Self | None:
        """What the person has asked for and not both mailboxes have confirmed."""
        found = cls.get_or_none(cls.user == user, cls.expires_at > clock.now())
        return found if found is not None and found.mark == cls.marked(user) else None

    @staticmethod
    def marked(user: User) -> str:
        """Another address or another password ends what was asked for before."""
        return ids.digest(f"{user.email} {user.password_hash}")
