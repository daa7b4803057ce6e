"""Rows are searched by folded text and known by numbers that each tenant counts; lines have a full text."""

from typing import Any

from peewee import SqliteDatabase

_NUMBERED = ("customer", "customer_note", "conversation", "agent", "channel", "knowledge_doc", "user", "product")
_SEARCHED = ("customer", "agent", "knowledge_doc", "user", "product")


def up(migrator: Any, db: Any) -> None:
    db.execute_sql("CREATE TABLE tenant_number (tenant_id INTEGER NOT NULL, kind VARCHAR(32) NOT NULL, "
                   "last INTEGER NOT NULL, PRIMARY KEY (tenant_id, kind), "
                   "FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE CASCADE)")
    for table in _SEARCHED:
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN search_text TEXT')
    for table in _NUMBERED:
        _number(db, table)
    for column in ("number INTEGER", "is_indexed INTEGER"):
        db.execute_sql(f"ALTER TABLE message ADD COLUMN {column} NOT NULL DEFAULT 0")
    db.execute_sql("CREATE INDEX message_to_index ON message (id) WHERE is_indexed = 0")
    _full_text(db)


def _number(db: Any, table: str) -> None:
    """In the order in which the rows were made; the counters go on from there."""
    db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN number INTEGER NOT NULL DEFAULT 0')
    db.execute_sql(f'UPDATE "{table}" SET number = counted.number FROM (SELECT id, ROW_NUMBER() OVER '
                   f'(PARTITION BY tenant_id ORDER BY id) AS number FROM "{table}") AS counted '
                   f'WHERE counted.id = "{table}".id')
    db.execute_sql(f"INSERT INTO tenant_number (tenant_id, kind, last) SELECT tenant_id, '{table}', MAX(number) "
                   f'FROM "{table}" GROUP BY tenant_id')
    db.execute_sql(f'CREATE UNIQUE INDEX "{table}_number" ON "{table}" (tenant_id, number) WHERE number > 0')
    db.execute_sql(f'CREATE INDEX "{table}_unnumbered" ON "{table}" (id) WHERE number = 0')


def _full_text(db: Any) -> None:
    """What is erased from the lines is erased from it, whoever erases it."""
    if isinstance(getattr(db, "obj", db), SqliteDatabase):
        db.execute_sql("CREATE VIRTUAL TABLE message_words USING fts5(words, tokenize='ascii', detail=none, columnsize=0)")
        db.execute_sql("CREATE TRIGGER message_words_erased AFTER DELETE ON message "
                       "BEGIN DELETE FROM message_words WHERE rowid = old.id; END")
        return
    db.execute_sql("CREATE TABLE message_words (message_id INTEGER NOT NULL PRIMARY KEY "
                   "REFERENCES message (id) ON DELETE CASCADE, words TSVECTOR NOT NULL)")
    db.execute_sql("CREATE INDEX message_words_words ON message_words USING GIN (words)")
