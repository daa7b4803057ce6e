"""Indexes of tables that are in use: on Postgres nobody who writes waits for them.

For migrations with `atomic = False`. Each step may run again after it was killed half-way, and does nothing when done.
"""


from peewee import Database, SqliteDatabase

_LONGEST = 63           # letters of a name that Postgres keeps
_VALID = ("SELECT indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid "
          "WHERE relname = %s AND pg_table_is_visible(pg_class.oid)")


def create_index(db: Database, name: str, on: str, unique: bool = False) -> None:
    """CREATE INDEX; `on` is '"table" ("column", …)', with WHERE if it is a partial one."""
    kind = "UNIQUE INDEX" if unique else "INDEX"
    if isinstance(getattr(db, "obj", db), SqliteDatabase):
        db.execute_sql(f'CREATE {kind} IF NOT EXISTS "{name}" ON {on}')
        return
    found = db.execute_sql(_VALID, (name[:_LONGEST],)).fetchone()
    if found is not None and not found[0]:          # what a killed CREATE INDEX leaves behind
        drop_index(db, name)
    if found is None or not found[0]:
        _once_unlocked(db, f'CREATE {kind} CONCURRENTLY "{name}" ON {on}')


def drop_index(db: Database, name: str) -> None:
    """DROP INDEX, if there is one."""
    if isinstance(getattr(db, "obj", db), SqliteDatabase):
        db.execute_sql(f'DROP INDEX IF EXISTS "{name}"')
    else:
        _once_unlocked(db, f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')


def _once_unlocked(db: Database, statement: str) -> None:
    """It waits until older transactions have ended; nobody waits for it meanwhile."""
    usual = db.execute_sql("SHOW lock_timeout").fetchone()[0]
    db.execute_sql("SET lock_timeout = 0")
    try:
        db.execute_sql(statement)
    finally:
        db.execute_sql(f"SET lock_timeout = '{usual}'")
