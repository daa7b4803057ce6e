"""Many rows at once: COPY on Postgres, one statement for all on SQLite; peewee would take minutes."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from hub.lib import ids
from hub.models.base import db, transaction
from hub.settings import current_settings

_AT_ONCE = 200_000      # rows in memory


def insert(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Put the rows into the table. Values are numbers, texts, moments, bytes or None."""
    waiting = iter(rows)
    while lot := list(islice(waiting, _AT_ONCE)):
        with transaction():
            (_sqlite if current_settings().sqlite else _postgres)(table, columns, lot)


def uuid() -> str:
    """A new uuid as peewee keeps it: hex on SQLite, the usual form on Postgres."""
    result = ids.uuid7()
    return result.hex if current_settings().sqlite else str(result)


def prepare() -> None:
    """Before much is loaded: on SQLite a cache that holds the tables' inner pages."""
    if current_settings().sqlite:
        db.execute_sql("PRAGMA cache_size = -400000")


def analyse() -> None:
    """What Postgres' autovacuum would do in a while, and SQLite when it is asked to."""
    db.execute_sql("ANALYZE")


def _sqlite(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    marks = ", ".join("?" * len(columns))
    db.connection().executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)


def _postgres(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    text = "".join("\t".join(map(_copied, row)) + "\n" for row in rows)
    db.connection().cursor().copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", io.StringIO(text))


def _copied(value: Any) -> str:
    """As COPY's text format writes it: https://www.postgresql.org/docs/current/sql-copy.html"""
    if value is None:
        return r"\N"
    if isinstance(value, bytes):
        return r"\\x" + value.hex()
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return str(value).replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n")
