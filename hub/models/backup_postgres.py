"""A Postgres database into an archive and out of it: COPY of each table in one snapshot, without pg_dump.

The schema is not in the archive: the migrations make it, as far as the backup's release had applied them.
"""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, ISOLATION_LEVEL_REPEATABLE_READ, connection
from psycopg2.extensions import cursor as Cursor

from hub.lib import archive, connection_urls
from hub.models import migrate
from hub.models.backup import FOLDER, Contents, Refused
from hub.settings import Settings

_PIECE = 4 << 20
_HISTORY = "schema_migration"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
_COLUMNS = ("SELECT attname FROM pg_attribute WHERE attrelid = '\"{}\"'::regclass AND attnum > 0 AND NOT attisdropped "
            "AND attgenerated = '' ORDER BY attnum")
_SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema()"
_KEYS = ("SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
         "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace")
_OF_TRIGGERS = ("SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace")


def save(settings: Settings, to: archive.Writer, scratch: Path) -> Contents:
    """Put a moment's whole database into the archive; `scratch` is a folder with room for a copy."""
    with closing(_connected(settings)) as link, _no_upgrade(link), link.cursor() as cursor:
        link.set_session(ISOLATION_LEVEL_REPEATABLE_READ, readonly=True, autocommit=False)
        _patient(cursor)
        contents = Contents()
        for table in _all(cursor, _TABLES):
            pieces, names = _Pieces(to, f"{FOLDER}/{table}"), _all(cursor, _COLUMNS.format(table))
            cursor.copy_expert(f'COPY "{table}" ({_quoted(names)}) TO STDOUT', pieces)
            pieces.flush()
            contents.columns[table] = names
            contents.rows[table] = cursor.rowcount
        contents.migrations = _all(cursor, f"SELECT name FROM {_HISTORY} ORDER BY name")
        for name in _all(cursor, _SEQUENCES):
            cursor.execute(f'SELECT last_value FROM "{name}" WHERE is_called')
            if (found := cursor.fetchone()) is not None:
                contents.numbers[name] = found[0]
        link.rollback()
        return contents


def check_empty(settings: Settings) -> None:
    """Raises Refused when something is kept there."""
    with closing(_connected(settings)) as link, link.cursor() as cursor:
        for table in _all(cursor, _TABLES):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')
            if cursor.fetchone()[0] and table != _HISTORY:
                raise Refused(f"The database is not empty (there are rows in {table}). "
                              "A backup is restored into an empty one.")


def load(settings: Settings, contents: Contents, pieces: "Iterator[tuple[str, IO[bytes]]]") -> None:
    """Fill an empty database, all or nothing. Raises Refused when it is not what the contents say."""
    with closing(_connected(settings)) as link:
        _make_tables(settings, link, contents)
        link.set_session(autocommit=False)
        try:
            with link.cursor() as cursor:
                _patient(cursor)
                _fill(cursor, contents, pieces)
            link.commit()
        except psycopg2.Error as error:
            link.rollback()
            raise Refused(f"The database in the backup is damaged ({str(error).splitlines()[0]}).") from None
        except BaseException:
            link.rollback()
            raise


def _make_tables(settings: Settings, link: connection, contents: Contents) -> None:
    """The schema as the backup's release had it; what an attempt before left behind is no obstacle."""
    with link.cursor() as cursor:
        functions = _all(cursor, _OF_TRIGGERS)
        for statement in ([f'DROP TABLE "{table}" CASCADE' for table in _all(cursor, _TABLES)]
                          + [f"DROP FUNCTION {name}" for name in functions]):
            cursor.execute(statement)
    with tempfile.TemporaryDirectory() as folder:
        for name in contents.migrations:
            (Path(folder) / f"{name}.py").symlink_to(migrate.DIRECTORY / f"{name}.py")
        migrate.upgrade(settings, Path(folder))


def _fill(cursor: Cursor, contents: Contents, pieces: "Iterator[tuple[str, IO[bytes]]]") -> None:
    """Without keys and triggers while rows come in; the keys are proved when they are put back."""
    tables = [f'"{table}"' for table in _all(cursor, _TABLES)]
    cursor.execute(_KEYS)
    keys = cursor.fetchall()
    for table, name, _ in keys:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute(f"TRUNCATE {', '.join(tables)}")
    _copy_in(cursor, contents, pieces)
    for name, value in contents.numbers.items():
        cursor.execute("SELECT setval(%s, %s)", (f'"{name}"', value))
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for table, name, definition in keys:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _copy_in(cursor: Cursor, contents: Contents, pieces: "Iterator[tuple[str, IO[bytes]]]") -> None:
    found, source = {}, _Joined(pieces)
    while (table := source.next_table()) is not None:
        names = contents.columns.get(table, [])
        if sorted(names) != sorted(_all(cursor, _COLUMNS.format(table))):
            raise Refused(f"The table {table} in the backup is not the one that its migrations make.")
        cursor.copy_expert(f'COPY "{table}" ({_quoted(names)}) FROM STDIN', source, archive.PIECE)
        found[table] = cursor.rowcount
    if found != {table: count for table, count in contents.rows.items() if count}:
        raise Refused("The database in the backup has other rows than the backup says.")


class _Pieces:
    """What COPY writes, as members of some megabytes each: a member's size must be known before it begins."""

    def __init__(self, to: archive.Writer, name: str) -> None:
        self._to, self._name, self._number, self._kept = to, name, 0, bytearray()

    def write(self, data: bytes) -> None:
        self._kept += data
        if len(self._kept) >= _PIECE:
            self.flush()

    def flush(self) -> None:
        if self._kept:
            self._number += 1
            self._to.add_bytes(f"{self._name}/{self._number:06}", bytes(self._kept))
            self._kept.clear()


class _Joined:
    """The pieces of one table after the other, as one stream each."""

    def __init__(self, pieces: "Iterator[tuple[str, IO[bytes]]]") -> None:
        self._pieces, self._table = pieces, ""
        self._next: tuple[str, IO[bytes]] | None = None

    def next_table(self) -> str | None:
        """The table that `read` gives from now on; None when there is none left."""
        self._next = self._next or next(self._pieces, None)
        self._table = "" if self._next is None else self._next[0].split("/")[1]
        return self._table or None

    def read(self, size: int = archive.PIECE) -> bytes:
        while self._next is not None and self._next[0].split("/")[1] == self._table:
            if data := self._next[1].read(size):
                return data
            self._next = next(self._pieces, None)
        return b""


def _connected(settings: Settings) -> connection:
    parts = {"connect_timeout": 5, "application_name": "parley backup",
             **connection_urls.postgres(settings.database_url)}
    link = psycopg2.connect(**parts)
    link.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    link.set_client_encoding("UTF8")
    return link


def _patient(cursor: Cursor) -> None:
    """A large table takes what it takes."""
    for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        cursor.execute(f"SET LOCAL {name} = 0")


@contextmanager
def _no_upgrade(link: connection) -> Iterator[None]:
    """While inside, hub/models/migrate.py waits; Refused when it is at work."""
    with link.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock_shared(%s)", (migrate.LOCK,))
        if not cursor.fetchone()[0]:
            raise Refused("The database is being upgraded at this moment; try again when that is done.")
    yield           # closing the connection gives the lock back


def _all(cursor: Cursor, query: str) -> list[str]:
    cursor.execute(query)
    return [name for (name,) in cursor.fetchall()]


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
