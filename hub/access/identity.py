"""Who is calling: a signed-in user, found by cookie session or access token."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hub.access import roles, tokens
from hub.access.roles import Permission
from hub.errors import Forbidden, Unauthorized
from hub.lib import clock, ids
from hub.models.accounts.session import RevokedToken, UserSession
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User

SESSION_DAYS = 7
_TOUCH = timedelta(hours=1)         # an active session is extended, but not written at every click


@dataclass(frozen=True)
class Who:
    """The caller of a handler: the user, and the tenant every query begins at."""

    user: User
    tenant: Tenant
    by: str                         # "session" | "token"

    @property
    def role(self) -> str:
        return str(self.user.role)

    def may(self, permission: Permission) -> bool:
        return roles.allowed(self.role, permission)

    def require(self, permission: Permission) -> None:
        if not self.may(permission):
            raise Forbidden("INSUFFICIENT_PERMISSIONS", "Your role does not allow this.",
                            {"permission": str(permission)})


def by_session(cookie: str) -> Who | None:
    """The user of a session cookie, read afresh each time so that disabling somebody takes effect at once."""
    found = (UserSession.select(UserSession, User, Tenant).join(User).join(Tenant)
             .where(UserSession.digest == ids.digest(cookie), UserSession.expires_at > clock.now(),
                    User.is_active).first())
    if found is None:
        return None
    fresh = clock.now() + timedelta(days=SESSION_DAYS)
    if fresh - found.expires_at > _TOUCH:
        UserSession.update(expires_at=fresh).where(UserSession.id == found.id).execute()
    return Who(found.user, found.user.tenant, "session")


def password_mark(user: User) -> str:
    """What tokens carry of the password: another password makes every token of before worthless."""
    return ids.digest(str(user.password_hash))[:16]


def is_revoked(claims: Mapping[str, Any]) -> bool:
    """Was the access token signed out, or a token's whole family? A spent refresh token alone is neither."""
    numbers = [claims["jti"]] if claims["typ"] == "access" else []
    return bool(RevokedToken.select().where(RevokedToken.jti.in_([*numbers, claims.get("fam", "")])).exists())


def by_token(secret: str, text: str) -> Who:
    """The user of an access token, or Unauthorized."""
    claims = tokens.read(secret, "access", text)
    user = (User.select(User, Tenant).join(Tenant)
            .where(User.uuid == ids.parse(claims.get("user_id")), User.is_active).first())
    if user is None or claims.get("pw") != password_mark(user) or is_revoked(claims):
        raise Unauthorized("token_invalid", "The token is not valid any more.")
    return Who(user, user.tenant, "token")
