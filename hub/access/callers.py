"""Who may be calling: six kinds, one protocol. What a kind does not hold is refused."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from hub.access import roles
from hub.access.roles import Permission
from hub.errors import Forbidden, Unauthorized
from hub.lib import ids
from hub.lib.fields import N_
from hub.models.accounts.api_key import ApiKey
from hub.models.accounts.tenant import Tenant, TenantStatus
from hub.models.accounts.user import User

# A tenant's row where it was read, else its number: queries take either.
TenantRef: TypeAlias = Tenant | int | None


class Caller(Protocol):
    """What access, limits, idempotency and events ask of whoever calls."""

    @property
    def tenant(self) -> TenantRef:
        """The tenant at which every query begins; None for whoever belongs to none."""

    @property
    def actor(self) -> str:
        """How the event log names the caller: `user:<uuid>`, `visitor:<key>`, `service:<name>` …"""

    @property
    def rate_key(self) -> str:
        """What a limit per caller counts."""

    def may(self, permission: Permission) -> bool:
        """Does the caller hold the permission?"""


@dataclass(frozen=True)
class Anonymous:
    """Somebody who has not said who that is; `address` as lib/addresses.py counts it."""

    address: str
    tenant: TenantRef = None

    @property
    def actor(self) -> str:
        return "anonymous"

    @property
    def rate_key(self) -> str:
        return self.address

    def may(self, permission: Permission) -> bool:
        return permission is Permission.ANYBODY


@dataclass(frozen=True)
class UserCaller:
    """A person who signed in, by session cookie or access token (`by`: session | token)."""

    user: User
    tenant: Tenant
    by: str
    session: str = ""           # what signing out ends: the cookie's digest, or the token's family
    administrator: User | None = None       # of the platform, who acts in this person's place

    @property
    def role(self) -> str:
        return self.user.role

    @property
    def actor(self) -> str:
        return f"user:{self.user.uuid}"

    @property
    def rate_key(self) -> str:
        return f"u{self.user.id}"

    @property
    def impersonator(self) -> str | None:
        """How the event log names whoever acts in this person's place."""
        return None if self.administrator is None else f"user:{self.administrator.uuid}"

    def may(self, permission: Permission) -> bool:
        return roles.allowed(self.role, permission) or permission in self._of_platform()

    def _of_platform(self) -> frozenset[Permission]:
        if self.administrator is not None:      # who acts for somebody may what that one may, on any day
            return frozenset()
        return roles.of_platform(admin=self.user.is_platform_admin, owner=self.user.is_platform_owner)


@dataclass(frozen=True)
class Visitor:
    """Whom a visitor token stands for: a random, unguessable visitor of one site."""

    key: str                    # "v-…" anonymous, or "i-<id>" when the site vouched for the person
    channel: int
    tenant: int

    @property
    def identity(self) -> tuple[str, str]:
        """(kind, value) under which the customer is known."""
        return ("visitor", self.key) if self.key.startswith("v-") else ("site_user", f"{self.channel}:{self.key[2:]}")

    @property
    def actor(self) -> str:
        # A site's own id may be an e-mail address, which the log would keep after the person was erased.
        known = self.key if self.key.startswith("v-") else f"i-{ids.digest(self.rate_key)[:24]}"
        return f"visitor:{known}"

    @property
    def rate_key(self) -> str:
        return f"v{self.channel}:{self.key}"

    def may(self, permission: Permission) -> bool:
        return permission in (Permission.ANYBODY, Permission.VISITOR)


@dataclass(frozen=True)
class KeyCaller:
    """A program with a key of its own: bound to the key's business, and allowed what the key was given.

    A key of the whole platform counts as such while whoever made it owns the platform.
    """

    key: ApiKey
    tenant: Tenant              # another one than the key's only where it is of the whole platform

    @property
    def actor(self) -> str:
        return f"api_key:{self.key.prefix}"

    @property
    def rate_key(self) -> str:
        return f"k{self.key.id}"

    def may(self, permission: Permission) -> bool:
        if permission is Permission.PLATFORM_ADMIN:
            owner = self.key.made_by
            return permission in self.key.scopes and bool(owner and owner.is_active and owner.is_platform_owner)
        return permission in (Permission.ANYBODY, Permission.API_KEY) or permission in self.key.scopes


@dataclass(frozen=True)
class Service:
    """A part of the hub that acts by itself, such as the AI or the sweeper, or a program that stands beside it."""

    name: str
    tenant: TenantRef = None

    @property
    def actor(self) -> str:
        return f"service:{self.name}"

    @property
    def rate_key(self) -> str:
        return self.actor

    def may(self, permission: Permission) -> bool:
        return permission in (Permission.ANYBODY, Permission.SERVICE)


@dataclass(frozen=True)
class Provider:
    """Whoever posts to a channel's webhook; the channel verifies the signature before anything is stored.

    Without a tenant there is no such channel: whoever invents them is counted by the address.
    """

    kind: str
    token: str
    address: str
    tenant: TenantRef = None

    @property
    def actor(self) -> str:
        return f"provider:{self.kind}"

    @property
    def rate_key(self) -> str:
        return self.address if self.tenant is None else f"{self.kind}:{self.token}"

    def may(self, permission: Permission) -> bool:
        return permission in (Permission.ANYBODY, Permission.PROVIDER)


KINDS = (Anonymous, UserCaller, Visitor, KeyCaller, Service, Provider)


def tenant_id(caller: Caller) -> int | None:
    """The number of the caller's tenant."""
    return caller.tenant.id if isinstance(caller.tenant, Tenant) else caller.tenant


def check_active(tenant: Tenant) -> None:
    """Refuse everything of a suspended business: Forbidden TENANT_RESTRICTED."""
    if tenant.status == TenantStatus.RESTRICTED:
        raise Forbidden("TENANT_RESTRICTED", N_("This business is suspended. Ask whoever runs this installation."))


def require_oneself(caller: UserCaller) -> None:
    """Refuse an administrator who acts in somebody's place: how that person gets in is theirs alone."""
    if caller.administrator is not None:
        raise Forbidden("impersonating", N_("Only the person may change how they get in."))


def require(caller: Caller, permission: Permission) -> None:
    """Refuse a caller that does not hold the permission: 401 for whoever has not said who that is, else 403."""
    if isinstance(caller.tenant, Tenant):
        check_active(caller.tenant)
    if caller.may(permission):
        return
    if caller.actor == "anonymous":
        raise Unauthorized(message="Sign in first.")
    raise Forbidden("INSUFFICIENT_PERMISSIONS", "Your role does not allow this.", {"permission": str(permission)})
