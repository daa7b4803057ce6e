"""A person who signs in: owner, admin, operator, viewer or guest of one tenant."""

from datetime import datetime
from enum import StrEnum
from typing import Self

from peewee import BooleanField, CharField, ColumnBase, DateTimeField, IntegerField, ModelSelect, UUIDField, fn

from hub.lib import clock
from hub.models.accounts.onboarding import Onboarding
from hub.models.accounts.tenant import Tenant
from hub.models.platform.tenant_number import NumberField
from hub.models.base import TenantModel, cascade_key
from hub.models.fields import EmailField, EnumField, SearchField


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    OPERATOR = "operator"
    VIEWER = "viewer"
    GUEST = "guest"


class AuthProvider(StrEnum):
    LOCAL = "local"
    OIDC = "oidc"
    MIXED = "mixed"


class Theme(StrEnum):
    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


class User(TenantModel):
    tenant = cascade_key(Tenant, backref="users")
    number = NumberField()
    search_text = SearchField("first_name", "last_name", "username", "email")
    email = EmailField(unique=True)                                 # over all tenants
    username = CharField(null=True, unique=True)
    first_name = CharField(default="")
    last_name = CharField(default="")
    password_hash = CharField(null=True)
    role = EnumField(Role, default=Role.VIEWER, max_length=16)
    auth_provider = EnumField(AuthProvider, default=AuthProvider.LOCAL, max_length=8)
    is_platform_admin = BooleanField(default=False)
    is_platform_owner = BooleanField(default=False)
    is_active = BooleanField(default=True)
    locale = CharField(default="ru", max_length=8)
    theme = EnumField(Theme, default=Theme.SYSTEM, max_length=8)
    last_login_at = DateTimeField(null=True)
    last_seen_at = DateTimeField(null=True)                         # to the hour
    session_era = IntegerField(default=0)                           # one more ends every token of before
    email_verified_at = DateTimeField(null=True)                    # somebody showed that the mailbox is theirs
    picture = UUIDField(null=True)                                  # the file's uuid: its address needs no more
    updated_at = DateTimeField(null=True, default=clock.now)        # NULL: not since the release before

    class Meta:
        leaving = ("failed_logins", "locked_until")
        indexes = ((("tenant", "email"), False),)

    @property
    def name(self) -> str:
        """What other people see."""
        return self.full_name or str(self.username or self.email)

    @property
    def seen_at(self) -> datetime | None:
        """When the person was last here."""
        return self.last_seen_at or self.last_login_at

    @property
    def changed_at(self) -> datetime:
        """When the person last changed something about themselves."""
        return self.updated_at or self.created_at

    @property
    def full_name(self) -> str | None:
        """Both names; None of whom nobody knows them."""
        return f"{self.first_name} {self.last_name}".strip() or None

    @property
    def onboarding_completed(self) -> bool:
        """Has the business taken its first steps?"""
        return Onboarding.is_done(self.tenant_id)

    @property
    def masked_email(self) -> str:
        """As much of the address as tells two people apart."""
        name, _, host = self.email.partition("@")
        return f"{name[:1]}***@{host}"

    @classmethod
    def shown_name(cls) -> ColumnBase:
        """`name` as a query says it."""
        whole = fn.TRIM(cls.first_name.concat(" ").concat(cls.last_name))
        return fn.COALESCE(fn.NULLIF(whole, ""), cls.username, cls.email)

    @classmethod
    def search(cls, query: "ModelSelect[Self]", words: str) -> "ModelSelect[Self]":
        """Those of the query whose name or e-mail holds the words, in whatever case they are typed."""
        return query.where(cls.search_text.holds(words))

    @classmethod
    def by_email(cls, email: str) -> Self | None:
        return cls.select().where(cls.email == email).first()
