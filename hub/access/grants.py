"""What an open connection rests on after its request was judged, and whether that still holds."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from peewee import Expression, Field

from hub.access.callers import UserCaller, Visitor
from hub.access.identity import password_mark
from hub.lib import clock
from hub.models.accounts.session import RevokedToken, UserSession
from hub.models.accounts.tenant import Tenant, TenantStatus
from hub.models.accounts.user import User
from hub.models.channels.channel import Channel

_AT_ONCE = 500
Value = TypeVar("Value", int, str)


@dataclass(frozen=True)
class Grant:
    """Of a person: `session` is the cookie's digest or the token's family. Of a visitor: the channel."""

    tenant: int
    user: int | None = None
    role: str = ""
    by: str = ""                # session | token
    session: str = ""
    mark: str = ""              # of the password, as tokens carry it
    channel: int | None = None


def of_user(caller: UserCaller) -> Grant:
    return Grant(caller.tenant.id, caller.user.id, caller.role, caller.by, caller.session, password_mark(caller.user))


def of_visitor(visitor: Visitor) -> Grant:
    return Grant(visitor.tenant, channel=visitor.channel)


def ended(grants: Collection[Grant]) -> set[Grant]:
    """Those that do not hold any more: signed out, disabled, another role, tenant or password, a suspended business, a
    channel switched off. A few queries for all of them."""
    people = [grant for grant in grants if grant.user is not None]
    holding = _Holding(
        _found(Tenant.id, (grant.tenant for grant in grants), Tenant.status == TenantStatus.ACTIVE),
        _found(Channel.id, (grant.channel for grant in grants if grant.channel is not None), Channel.is_active == 1),
        _found(UserSession.digest, (grant.session for grant in people if grant.by == "session"),
               (UserSession.expires_at > clock.now()) & UserSession.is_rightful()),
        _found(RevokedToken.jti, (grant.session for grant in people if grant.by == "token")),
        _users(grant.user for grant in people if grant.user is not None))
    return {grant for grant in grants if not holding.has(grant)}


@dataclass(frozen=True)
class _Holding:
    tenants: set[int]
    channels: set[int]
    sessions: set[str]
    revoked: set[str]
    users: dict[int, tuple[int, str, str]]          # id: (tenant, role, mark of the password)

    def has(self, grant: Grant) -> bool:
        if grant.tenant not in self.tenants:
            return False
        if grant.user is None:
            return grant.channel in self.channels
        tenant, role, mark = self.users.get(grant.user, (0, "", ""))
        signed_in = grant.session in self.sessions if grant.by == "session" else \
            grant.session not in self.revoked and mark == grant.mark
        return signed_in and (tenant, role) == (grant.tenant, grant.role)


def _found(column: "Field[Value]", wanted: Iterable[Value], *also: Expression) -> set[Value]:
    return {value for some in _some(wanted)
            for (value,) in column.model.select(column).where(column.in_(some), *also).tuples()}


def _users(wanted: Iterable[int]) -> dict[int, tuple[int, str, str]]:
    found = [user for some in _some(wanted) for user in User.select().where(User.id.in_(some), User.is_active)]
    return {user.id: (user.tenant_id, user.role, password_mark(user)) for user in found}


def _some(wanted: Iterable[Value]) -> Iterator[list[Value]]:
    values = sorted(set(wanted))
    return (values[start:start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
