"""What a database refuses, in words for people; and a transaction done again that it broke off in favour of another."""

import errno
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import structlog
from peewee import IntegrityError, OperationalError, PeeweeException
from playhouse.pool import MaxConnectionsExceeded

from hub.errors import Unavailable
from hub.models.base import Away, db, transaction

log = structlog.get_logger(__name__)

Given = ParamSpec("Given")
Result = TypeVar("Result")

# How often a transaction is done, and how long it waits before it is done again: longer each time.
_ATTEMPTS, _PAUSE_S = 5, 0.02
# Of Postgres' error codes (https://www.postgresql.org/docs/current/errcodes-appendix.html): serialization_failure and
# deadlock_detected. Nothing of such a transaction has happened.
_BROKEN_OFF = frozenset({"40001", "40P01"})
# By Postgres' code, SQLite's name (https://www.sqlite.org/rescode.html) or the system's errno.
_FULL = frozenset({"53100", "SQLITE_FULL", "ENOSPC", "EDQUOT", "EFBIG"})
_READ_ONLY = frozenset({"25006", "SQLITE_READONLY", "EROFS"})
_BUSY = _BROKEN_OFF | {"53200", "53300", "53400", "55P03", "57014", "57P03", "SQLITE_BUSY", "SQLITE_LOCKED", "EMFILE",
                       "ENFILE"}
# For each of them a code, a sentence and the seconds after which it is worth to try again.
_KINDS = ((_FULL, "disk_full", "The disk is full: nothing can be stored until there is room again.", 30),
          (_READ_ONLY, "read_only", "Nothing can be stored at the moment: the database may only be read.", 30),
          (_BUSY, "database_busy", "Too much is going on at this moment; please try again.", 2))
AWAY = "database_away"
_SILENT = (AWAY, "The database does not answer; please try again.", 5)
_NO_SLOT = ("too many clients", "too many connections", "connection slots are reserved")
# SQLite knows no more of a write that failed than that it did; the system's own errors are not passed on.
_UNWRITTEN = ("SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE", "SQLITE_IOERR_SHMSIZE")


def explained(error: BaseException) -> Unavailable | None:
    """What to tell whoever asked; None for an error that is not about the database or a disk."""
    if not isinstance(error, (*Away, OSError)):
        return None
    name = _name(error)
    for names, code, sentence, seconds in _KINDS:
        if name in names:
            return Unavailable(code, sentence, retry_after=seconds)
    if isinstance(error, OSError):
        return None
    code, sentence, seconds = _SILENT
    return Unavailable(code, sentence, retry_after=seconds)


def _name(error: BaseException) -> str:
    """Postgres' code, SQLite's primary name or the errno's name; empty when there is none."""
    if isinstance(error, MaxConnectionsExceeded):
        return "53300"
    if isinstance(error, OSError):
        return errno.errorcode.get(error.errno or 0, "")
    cause: object = error
    while isinstance(cause, PeeweeException):       # it may have wrapped the driver's own error more than once
        cause = getattr(cause, "orig", None)
    if name := getattr(cause, "sqlite_errorname", None):
        return "SQLITE_FULL" if name in _UNWRITTEN else "_".join(str(name).split("_")[:2])
    if code := getattr(cause, "pgcode", None):
        return str(code)
    # A connection that is refused has no code yet.
    return "53300" if any(words in str(error) for words in _NO_SLOT) else ""


def is_broken_off(error: PeeweeException) -> bool:
    """Did the database end this transaction in favour of another one?"""
    return _name(error) in _BROKEN_OFF


def repeated(step: Callable[Given, Result]) -> Callable[Given, Result]:
    """For a function that is one transaction and changes nothing but rows: it is done again when it was broken off.

    Inside another transaction it is not: that one is done again as a whole.
    """
    @wraps(step)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        for attempt in range(1, _ATTEMPTS):
            try:
                return step(*args, **kwargs)
            except OperationalError as error:
                if db.in_transaction() or not is_broken_off(error):
                    raise
                log.warning("database.broken_off", step=step.__qualname__, attempt=attempt)
            time.sleep(_PAUSE_S * 2 ** attempt)
        return step(*args, **kwargs)

    return run


def raced(step: Callable[Given, Result]) -> Callable[Given, Result]:
    """`repeated`, for one that looks before it makes what nobody else may make: what somebody made at the same moment
    it finds when it is done again."""
    once = repeated(step)

    @wraps(step)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        for _ in range(1, _ATTEMPTS):
            try:
                return once(*args, **kwargs)
            except IntegrityError:
                if db.in_transaction():
                    raise
        return once(*args, **kwargs)

    return run


@repeated
def committed(step: Callable[[], Result]) -> Result:
    """What the step returns, once all that it wrote is stored; it changes nothing but rows, for it may be repeated."""
    with transaction():
        return step()
