"""Tries of what can be guessed: counted before they are judged, and so many wrong ones close that door for a while."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from peewee import Case

from hub.errors import HubError
from hub.lib import clock, ids
from hub.lib.fields import N_
from hub.models.accounts.login_failure import LoginFailure


@dataclass(frozen=True)
class Door:
    """What is tried; `most` wrong tries in a row close it for so long. `said` tells people."""

    name: str
    most: int = 5
    closes: timedelta = timedelta(minutes=15)
    said: str = N_("Too many failed attempts. Wait a quarter of an hour and try again.")

    @property
    def key(self) -> str:
        """Under which it is counted."""
        return ids.digest(self.name)


def judged(is_right: Callable[[], bool], *doors: Door) -> bool:
    """Is it right? A try that is right forgets the wrong ones. HubError 423 at a door that is closed.

    A try is counted before it is judged: of many at the same moment no more are judged than of as many in a row. A door
    that comes later is not counted at one that is closed.
    """
    counted = [(door, _count(door)) for door in doors]
    right = is_right()
    for door, failures in counted:
        if right:
            LoginFailure.delete().where(LoginFailure.key == door.key).execute()
        elif failures >= door.most:
            _close(door)
    return right


def _count(door: Door) -> int:
    """How many tries this one makes since the last that was right; HubError 423 when there were enough.

    Whoever goes on trying a closed door is not counted: it opens when they were told that it would.
    """
    row, now = LoginFailure, clock.now()
    counted = Case(None, ((row.locked_until > now, row.failures),), row.failures + 1)
    ((failures, until),) = (
        row.insert(key=door.key, failures=1)
        .on_conflict(conflict_target=[row.key], update={row.failures: counted, row.updated_at: now})
        .returning(row.failures, row.locked_until).tuples().execute())
    wait_s = (until - now).total_seconds() if until else 0.0
    if wait_s <= 0 and failures > door.most:
        _close(door)      # others are just being judged
        wait_s = door.closes.total_seconds()
    if wait_s > 0:
        raise HubError("ACCOUNT_LOCKED", door.said, status=423, retry_after=int(wait_s) + 1)
    return int(failures)


def _close(door: Door) -> None:
    until = clock.now() + door.closes
    LoginFailure.update(locked_until=until, failures=0).where(LoginFailure.key == door.key).execute()
