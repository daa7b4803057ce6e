"""Brings the schema up to date: the numbered files beside this one, once each, one process at a time."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from peewee import OperationalError
from playhouse.migrations import Runner

from hub.models.base import connect, db
from hub.settings import Settings

DIRECTORY = Path(__file__).parent / "migrations"
_LOCK = 7_270_726  # the advisory lock's number: any constant that nobody else uses in this database
_PATIENCE_S = 30.0      # for a moment in which nobody else writes to the file


def upgrade(settings: Settings) -> list[str]:
    """Apply what is missing; the names of the migrations that ran."""
    connect(settings)
    with _alone_in_file() if settings.sqlite else _alone_on_server():
        return [str(step) for step in runner().up() or []]


def runner() -> Any:
    return Runner(db, directory=str(DIRECTORY))


# playhouse's runner takes no lock of its own; two machines may be released at the same moment.

@contextmanager
def _alone_in_file() -> Iterator[None]:
    Path(db.database).parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(f"{db.database}.migrate", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with db.connection_context():
            _write_ahead()
            yield
    finally:
        os.close(handle)


@contextmanager
def _alone_on_server() -> Iterator[None]:
    with db.connection_context():
        db.execute_sql("SELECT pg_advisory_lock(%s)", (_LOCK,))
        try:
            yield
        finally:
            db.execute_sql("SELECT pg_advisory_unlock(%s)", (_LOCK,))


def _write_ahead() -> None:
    """Readers and the writer shall not wait for each other. The file keeps the mode, so it is a step like a migration.

    SQLite does not wait here as it does elsewhere: whoever writes at this moment makes it fail at once.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            db.execute_sql("PRAGMA journal_mode = wal")
            return
        except OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
        time.sleep(0.01)
