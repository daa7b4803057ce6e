"""Signing in and out, and what people change about themselves."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from redis import RedisError

from hub import queue
from hub.access import passwords, tokens
from hub.access.identity import SESSION_DAYS, Who, password_mark
from hub.errors import BadInput, HubError, Unauthorized
from hub.lib import clock, ids, text
from hub.models.base import release, transaction
from hub.models.accounts.session import RevokedToken, UserSession
from hub.models.accounts.user import User
from hub.settings import current_settings

_TRIES = 5
_LOCK = timedelta(minutes=15)


@dataclass(frozen=True)
class Pair:
    access: str
    refresh: str


def check_password(email: str, password: str) -> User:
    """The user with this e-mail and password. The same error whichever is wrong; locked after five failures."""
    user = User.by_email(email)
    wait = _wait(user) if user is not None else _wait_of_nobody(email)
    if wait > 0:
        raise HubError("ACCOUNT_LOCKED", "Too many failed attempts. Try again in 15 minutes.", status=423,
                       retry_after=int(wait) + 1)
    release()           # bcrypt takes a quarter of a second; others may use the connection
    right = passwords.matches(password, user.password_hash if user else None)
    if user is None or not right or not user.is_active:
        if user is None:
            _nobody_failed(email)
        elif not right:
            _failed(user)
        raise Unauthorized("INVALID_CREDENTIALS", "E-mail or password is wrong.")
    (User.update(failed_logins=0, locked_until=None, last_login_at=clock.now()).where(User.id == user.id).execute())
    return user


def _wait(user: User) -> float:
    """Seconds until the account opens again; 0 when it is open."""
    return max(0.0, (user.locked_until - clock.now()).total_seconds()) if user.locked_until else 0.0


def _failed(user: User) -> None:
    User.update(failed_logins=User.failed_logins + 1).where(User.id == user.id).execute()
    (User.update(locked_until=clock.now() + _LOCK, failed_logins=0)
     .where(User.id == user.id, User.failed_logins >= _TRIES).execute())


# An e-mail that nobody has is locked like one that somebody has, or the lock would tell which is which. Kept in Redis:
# there is no row, and losing it costs nothing.
def _wait_of_nobody(email: str) -> float:
    with suppress(RedisError):
        return max(0.0, float(queue.redis().ttl(_nobody(email, "locked"))))
    return 0.0


def _nobody_failed(email: str) -> None:
    with suppress(RedisError):
        tries = queue.redis().incr(_nobody(email, "tries"))
        queue.redis().expire(_nobody(email, "tries"), timedelta(days=1))
        if tries >= _TRIES:
            queue.redis().set(_nobody(email, "locked"), 1, ex=_LOCK)
            queue.redis().delete(_nobody(email, "tries"))


def _nobody(email: str, what: str) -> str:
    return f"parley:nobody:{what}:{ids.digest(text.email(email))}"


def open_session(user: User, ip: str, user_agent: str) -> str:
    """A new signed-in browser; the cookie's value (only its digest is stored)."""
    cookie = ids.token()
    UserSession.create(user=user, digest=ids.digest(cookie), ip=ip[:64], user_agent=text.one_line(user_agent),
                       expires_at=clock.now() + timedelta(days=SESSION_DAYS))
    return cookie


def close_session(cookie: str) -> None:
    UserSession.delete().where(UserSession.digest == ids.digest(cookie)).execute()


def issue_tokens(user: User) -> Pair:
    """An access token for 15 minutes and a refresh token for 30 days."""
    secret = current_settings().session_secret
    who = {"user_id": str(user.uuid), "pw": password_mark(user)}
    access = tokens.issue(secret, "access", tokens.ACCESS_S, email=user.email, subscription_plan=None, **who)
    return Pair(access, tokens.issue(secret, "refresh", tokens.REFRESH_S, **who))


def refresh(token: str) -> Pair:
    """New tokens for a refresh token; the old one is spent."""
    claims = tokens.read(current_settings().session_secret, "refresh", token)
    user = User.get_or_none(User.uuid == ids.parse(claims.get("user_id")), User.is_active)
    if user is None or claims.get("pw") != password_mark(user) or not _revoke(claims):
        raise Unauthorized("token_invalid", "The token is not valid any more.")
    return issue_tokens(user)


def revoke(token: str) -> None:
    """The access token is worthless from now on."""
    _revoke(tokens.read(current_settings().session_secret, "access", token))


def _revoke(claims: Mapping[str, Any]) -> bool:
    """True for the one caller that spends the token."""
    until = datetime.fromtimestamp(int(claims["exp"]), UTC).replace(tzinfo=None)
    rows = list(RevokedToken.insert(jti=claims["jti"], expires_at=until).on_conflict_ignore()
                .returning(RevokedToken.id).tuples().execute())
    return bool(rows)


def change_password(who: Who, current: str, new: str, cookie: str = "") -> None:
    """Set a new password: every token and every browser but the one with this cookie is signed out."""
    if not passwords.matches(current, who.user.password_hash):
        raise BadInput("INVALID_CREDENTIALS", "The current password is wrong.", {"field": "current_password"})
    passwords.check_rule(new)
    result = passwords.hashed(new)        # slow by design: not while others wait for the write lock
    with transaction():
        User.update(password_hash=result).where(User.id == who.user.id).execute()
        UserSession.delete().where(UserSession.user == who.user, UserSession.digest != ids.digest(cookie)).execute()


def change_profile(user: User, **values: Any) -> User:
    """Names, locale and theme of the user's own pages."""
    for name, value in values.items():
        setattr(user, name, text.one_line(value) if isinstance(value, str) else value)
    if values:
        user.save(only=list(values))
    return user
