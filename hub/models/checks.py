"""Which values a column may have, and how long, written into tables that are in use. For migrations.

SQLite cannot add a CHECK to a table. Its manual (lang_altertable.html, "Making Other Kinds Of Table Schema Changes")
changes the stored text of the table instead where, as here, nothing of what is on the disk becomes another: the rows
stay where they are, and so do indexes, foreign keys and triggers.
"""

import re
from collections.abc import Iterable

from peewee import Database, SqliteDatabase

from hub.models.fields import is_one_of


def allow_only(db: Database, table: str, column: str, values: Iterable[str]) -> None:
    """From now on the column has one of these values (or NULL); again with other values replaces them.

    Raises ValueError when a row has another one.
    """
    name, rule = f"{table}_{column}_check", is_one_of(column, values)
    wrong = db.execute_sql(f'SELECT "{column}" FROM "{table}" WHERE NOT ({rule}) LIMIT 1').fetchone()
    if wrong is not None:
        raise ValueError(f"{table}.{column} has a value that is not allowed: {wrong[0]!r}")
    constraint = f'CONSTRAINT "{name}" CHECK ({rule})'
    if isinstance(getattr(db, "obj", db), SqliteDatabase):
        with db.atomic():
            _rewrite(db, table, name, constraint)
        return
    # In two steps: outside a transaction nobody who writes waits while the rows are looked at.
    db.execute_sql(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}", ADD {constraint} NOT VALID')
    db.execute_sql(f'ALTER TABLE "{table}" VALIDATE CONSTRAINT "{name}"')


def _rewrite(db: Database, table: str, name: str, constraint: str) -> None:
    (text,) = db.execute_sql("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
    # With a comma before it as a rule of the table, without one as a rule of its column.
    head, *rest = re.split(f',? CONSTRAINT "{name}" CHECK \\(', str(text), maxsplit=1)
    if rest:
        text = head + rest[0][rest[0].index("))") + 2:]
    definition, _, end = text.rpartition(")")
    _describe(db, table, f"{definition}, {constraint}){end}")


def make_text(db: Database, table: str, column: str) -> None:
    """A VARCHAR column holds texts of any length from now on. Neither database touches a row for it."""
    if not isinstance(getattr(db, "obj", db), SqliteDatabase):
        db.execute_sql(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE TEXT')
        return
    (text,) = db.execute_sql("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
    with db.atomic():
        _describe(db, table, re.sub(rf'"{column}" VARCHAR\(\d+\)', f'"{column}" TEXT', str(text), count=1))


def _describe(db: Database, table: str, text: str) -> None:
    (version,) = db.execute_sql("PRAGMA schema_version").fetchone()
    db.execute_sql("PRAGMA writable_schema = 1")
    try:
        db.execute_sql("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?",
                       (text, table))
        # The new number makes every connection, ours too, read the text again.
        db.execute_sql(f"PRAGMA schema_version = {version + 1}")
    finally:
        db.execute_sql("PRAGMA writable_schema = 0")
