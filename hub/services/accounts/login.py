"""Passwords tried: the right one signs in, five wrong ones from one address close the account for that address."""

from datetime import timedelta

from hub.access import passwords
from hub.errors import HubError, Unauthorized
from hub.lib import addresses, clock, ids, text
from hub.models.accounts.login_failure import LoginFailure
from hub.models.accounts.user import User
from hub.models.base import release
from hub.services.accounts import accounts

_TRIES = 5
_LOCK = timedelta(minutes=15)


def check_password(email: str, password: str, address: str) -> User:
    """The user with this e-mail and password. The same error whichever is wrong.

    Tries are counted per account and address, so that a stranger elsewhere cannot lock the owner out. A try is counted
    before it is judged: of many at the same moment no more are judged than of as many in a row. Raises Unauthorized,
    HubError 423 (ACCOUNT_LOCKED), Forbidden where the business is suspended or the address is not confirmed.
    """
    key = ids.digest(f"{text.email(email)} {addresses.counted(address)}")
    failures = _count(key)
    user = User.by_email(email)
    release()           # bcrypt takes a quarter of a second; others may use the connection
    right = passwords.matches(password, user.password_hash if user and user.password_hash else None)
    if user is None or not right or not user.is_active:
        if failures >= _TRIES:
            _lock(key)
        raise Unauthorized("INVALID_CREDENTIALS", "E-mail or password is wrong.")
    LoginFailure.delete().where(LoginFailure.key == key).execute()
    accounts.admit(user)
    User.update(last_login_at=clock.now()).where(User.id == user.id).execute()
    return user


def _count(key: str) -> int:
    """How many tries this one makes since the last that was right; HubError 423 when there were enough."""
    row = LoginFailure
    ((failures, until),) = (
        row.insert(key=key, failures=1)
        .on_conflict(conflict_target=[row.key], update={row.failures: row.failures + 1, row.updated_at: clock.now()})
        .returning(row.failures, row.locked_until).tuples().execute())
    wait_s = (until - clock.now()).total_seconds() if until else 0.0
    if wait_s <= 0 and failures > _TRIES:
        _lock(key)      # others are just being judged
        wait_s = _LOCK.total_seconds()
    if wait_s > 0:
        raise HubError("ACCOUNT_LOCKED", "Too many failed attempts. Try again in 15 minutes.", status=423,
                       retry_after=int(wait_s) + 1)
    return int(failures)


def _lock(key: str) -> None:
    LoginFailure.update(locked_until=clock.now() + _LOCK, failures=0).where(LoginFailure.key == key).execute()
