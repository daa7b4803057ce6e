"""An SQLite file into an archive and out of it: by SQLite's own online backup, which holds nobody up."""

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from hub.lib import archive, connection_urls
from hub.models.backup import FOLDER, Contents, Refused
from hub.settings import Settings

_FILE = f"{FOLDER}/hub.db"
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"


def save(settings: Settings, to: archive.Writer, scratch: Path) -> Contents:
    """Put a moment's whole database into the archive; `scratch` is a folder with room for a copy."""
    path = Path(connection_urls.sqlite(settings.database_url))
    if not path.exists():
        raise Refused(f"There is no database at {path}.")
    copy = scratch / "hub.db"
    with _no_upgrade(path), closing(_opened(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)           # in one step: what is written meanwhile is not in it
        contents = _contents(target)
    to.add_file(_FILE, copy)
    return contents


def check_empty(settings: Settings) -> None:
    """Raises Refused when something is kept there."""
    path = Path(connection_urls.sqlite(settings.database_url))
    if not path.exists():
        return
    with closing(_opened(path)) as file:
        kept = [name for name, count in _contents(file).rows.items() if count and name != "schema_migration"]
    if any("_search_" not in name for name in kept):        # a full-text index has rows of its own
        raise Refused(f"{path} is not empty. A backup is restored into an empty place.")


def load(settings: Settings, contents: Contents, pieces: "Iterator[tuple[str, IO[bytes]]]") -> None:
    """Fill an empty database, all or nothing. Raises Refused when it is not what the contents say."""
    path = Path(connection_urls.sqlite(settings.database_url))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            for _, content in pieces:
                shutil.copyfileobj(content, file, archive.PIECE)
            file.flush()
            os.fsync(file.fileno())
        _prove(Path(name), contents)
        for ending in ("-wal", "-shm"):
            Path(f"{path}{ending}").unlink(missing_ok=True)
        os.replace(name, path)
        archive.sync_folder(path.parent)
    finally:
        for ending in ("", "-wal", "-shm"):
            Path(f"{name}{ending}").unlink(missing_ok=True)


def _prove(path: Path, contents: Contents) -> None:
    try:
        with closing(_opened(path)) as file:
            wrong = [row for (row,) in file.execute("PRAGMA integrity_check") if row != "ok"]
            wrong += [f"{row[0]} {row[1]}" for row in file.execute("PRAGMA foreign_key_check")]
            found = _contents(file)
    except sqlite3.Error as error:
        raise Refused(f"The database in the backup is damaged ({error}).") from None
    if wrong:
        raise Refused(f"The database in the backup is damaged ({wrong[0]}).")
    if (found.rows, found.migrations) != (contents.rows, contents.migrations):
        raise Refused("The database in the backup has other rows than the backup says.")


def _opened(path: Path) -> sqlite3.Connection:
    # Not read-only: after a crash whoever opens the file first brings its log into order.
    return sqlite3.connect(path, timeout=30, isolation_level=None)


def _contents(file: sqlite3.Connection) -> Contents:
    tables = [name for (name,) in file.execute(_TABLES)]
    applied = "SELECT name FROM schema_migration ORDER BY name" if "schema_migration" in tables else "SELECT 1 LIMIT 0"
    return Contents(rows={name: file.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in tables},
                    migrations=[name for (name,) in file.execute(applied)])


@contextmanager
def _no_upgrade(path: Path) -> Iterator[None]:
    """While inside, hub/models/migrate.py waits; Refused when it is at work."""
    handle = os.open(f"{path}.migrate", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Refused("The database is being upgraded at this moment; try again when that is done.") from None
    finally:
        os.close(handle)
