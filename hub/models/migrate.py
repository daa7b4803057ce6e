"""Brings the schema up to date: the files in migrations/, in the order of their names, once each.

A name begins with the moment it was made, so that branches merge: what is older than the last applied one and was not
applied yet is applied. What a later release applied is left as it is.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from peewee import OperationalError
from playhouse.migrations import Runner

from hub.models.base import connect, db
from hub.settings import Settings

DIRECTORY = Path(__file__).parent / "migrations"
LOCK = 7_270_726  # the advisory lock's number: any constant that nobody else uses in this database
_TIMEOUT_S = 30.0      # for a moment in which nobody else writes to the file
_LOOK_S = 0.1           # how often we look whether the other machine is done
# On Postgres everybody who comes after a change of a table waits while it waits for a transaction before it. So it
# gives up soon, lets them pass, and tries again.
_LOCK_TIMEOUT_MS, _PAUSE_S, _GIVE_UP_S = 2000, 1.0, 300.0
_NO_LOCK = "55P03"      # lock_not_available, in Postgres' list of error codes


def upgrade(settings: Settings, directory: Path = DIRECTORY) -> list[str]:
    """Apply what is missing; the names of the migrations that ran."""
    connect(settings)
    with _alone_in_file() if settings.sqlite else _alone_on_server():
        known = set(runner(directory).applied())
        _apply(directory)
        return [step.name for step in runner(directory).status() if step.applied and step.name not in known]


def runner(directory: Path = DIRECTORY) -> Runner:
    return Runner(db, directory=str(directory))


def _apply(directory: Path) -> None:
    give_up = time.monotonic() + _GIVE_UP_S
    while True:
        try:
            runner(directory).up()
            return
        except OperationalError as error:
            if getattr(error.__context__, "pgcode", None) != _NO_LOCK or time.monotonic() > give_up:
                raise
        time.sleep(_PAUSE_S)


# playhouse's runner takes no lock of its own; two machines may be released at the same moment.

@contextmanager
def _alone_in_file() -> Iterator[None]:
    Path(db.database).parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(f"{db.database}.migrate", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _close_to_others()
        with db.connection_context():
            _write_ahead()
            yield
    finally:
        os.close(handle)


def _close_to_others() -> None:
    """An earlier release let everybody read the file; SQLite gives its log the file's own mode."""
    for ending in ("", "-wal", "-shm"):
        path = Path(f"{db.database}{ending}")
        if not ending:
            path.touch(0o600)
        if path.exists():
            path.chmod(path.stat().st_mode & 0o700)


@contextmanager
def _alone_on_server() -> Iterator[None]:
    # Asked for again and again, not waited for: an index that is made online waits for every statement that runs.
    with db.connection_context():
        while not db.execute_sql("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()[0]:
            time.sleep(_LOOK_S)
        db.execute_sql(f"SET lock_timeout = {_LOCK_TIMEOUT_MS}")
        db.execute_sql("SET statement_timeout = 0")         # an index of a large table takes what it takes
        try:
            yield
        finally:
            db.execute_sql("RESET lock_timeout")
            db.execute_sql("RESET statement_timeout")
            db.execute_sql("SELECT pg_advisory_unlock(%s)", (LOCK,))


def _write_ahead() -> None:
    """Readers and the writer shall not wait for each other. The file keeps the mode, so it is a step like a migration.

    SQLite does not wait here as it does elsewhere: whoever writes at this moment makes it fail at once.
    """
    deadline = time.monotonic() + _TIMEOUT_S
    while True:
        try:
            db.execute_sql("PRAGMA journal_mode = wal")
            return
        except OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
        time.sleep(0.01)
