"""A person who signs in: owner, admin, operator, viewer or guest of one tenant."""

from typing import Self

from peewee import BooleanField, CharField, DateTimeField, IntegerField

from hub.models.base import TenantModel, cascade_key
from hub.models.accounts.tenant import Tenant


class User(TenantModel):
    tenant = cascade_key(Tenant, backref="users")
    email = CharField(unique=True)                                  # stored in lower case
    username = CharField(null=True, unique=True)
    first_name = CharField(default="")
    last_name = CharField(default="")
    password_hash = CharField(null=True)
    role = CharField(default="viewer", max_length=16)
    auth_provider = CharField(default="local", max_length=8)        # local | oidc | mixed
    is_platform_admin = BooleanField(default=False)
    is_platform_owner = BooleanField(default=False)
    is_active = BooleanField(default=True)
    locale = CharField(default="ru", max_length=8)
    theme = CharField(default="system", max_length=8)               # light | dark | system
    failed_logins = IntegerField(default=0)
    locked_until = DateTimeField(null=True)
    last_login_at = DateTimeField(null=True)

    @property
    def name(self) -> str:
        """What other people see."""
        return f"{self.first_name} {self.last_name}".strip() or str(self.username or self.email)

    @classmethod
    def by_email(cls, email: str) -> Self | None:
        return cls.select().where(cls.email == email.strip().lower()).first()
