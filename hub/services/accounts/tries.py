"""Tries of what can be guessed: counted before they are judged, and five wrong ones close that door for a while."""

from datetime import timedelta

from peewee import Case

from hub.errors import HubError
from hub.lib import clock
from hub.lib.fields import N_
from hub.models.accounts.login_failure import LoginFailure

_TRIES = 5
_LOCK = timedelta(minutes=15)


def count(key: str) -> int:
    """How many tries this one makes since the last that was right; HubError 423 when there were enough.

    Whoever goes on trying a closed door is not counted: it opens when they were told that it would.
    """
    row, now = LoginFailure, clock.now()
    counted = Case(None, ((row.locked_until > now, row.failures),), row.failures + 1)
    ((failures, until),) = (
        row.insert(key=key, failures=1)
        .on_conflict(conflict_target=[row.key], update={row.failures: counted, row.updated_at: now})
        .returning(row.failures, row.locked_until).tuples().execute())
    wait_s = (until - now).total_seconds() if until else 0.0
    if wait_s <= 0 and failures > _TRIES:
        _lock(key)      # others are just being judged
        wait_s = _LOCK.total_seconds()
    if wait_s > 0:
        raise HubError("ACCOUNT_LOCKED", N_("Too many failed attempts. Wait a quarter of an hour and try again."),
                       status=423, retry_after=int(wait_s) + 1)
    return int(failures)


def judged(key: str, failures: int, *, right: bool) -> None:
    """The try that `count` counted was right, which forgets the wrong ones, or wrong."""
    if right:
        LoginFailure.delete().where(LoginFailure.key == key).execute()
    elif failures >= _TRIES:
        _lock(key)


def _lock(key: str) -> None:
    LoginFailure.update(locked_until=clock.now() + _LOCK, failures=0).where(LoginFailure.key == key).execute()
