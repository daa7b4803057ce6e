"""Readers of the events: each goes on where it stopped, misses nothing and takes nothing twice.

Numbers are given when a row is written, not when it is committed, so a reader that goes by them alone would pass over
an event whose transaction ends late. On Postgres readers go by (transaction, number) and only as far as no transaction
of this database is open (PostgreSQL manual, 9.27.9 and 28.2.3). SQLite has one writer, so numbers are enough.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from peewee import ColumnBase, SqliteDatabase, Tuple

from hub.models.base import db, locked, transaction
from hub.models.platform.event import Event
from hub.models.platform.event_cursor import EventCursor

# The transaction in hand, and the oldest one that is open here. A snapshot counts those of every database of the
# server, and a stranger's long one must not stop our readers: who runs it is in the list of sessions, which is read
# after the snapshot, so whoever is gone from it has ended. Where sessions of another role hide theirs, all count.
_OPEN_FROM = """
    WITH snapshot AS MATERIALIZED (SELECT txid_current_snapshot() AS taken),
         session AS MATERIALIZED (SELECT backend_xid::text::bigint AS xid,
                                         usesysid IS NOT NULL AND state IS NULL AS hidden
                                  FROM pg_stat_activity WHERE datname = current_database())
    SELECT txid_current(), CASE
        WHEN (SELECT bool_or(hidden) FROM session) THEN txid_snapshot_xmin(taken)
        ELSE coalesce((SELECT min(known) FROM txid_snapshot_xip(taken) AS known
                       WHERE known & 4294967295 IN (SELECT xid FROM session)), txid_snapshot_xmax(taken)) END
    FROM snapshot"""


@contextmanager
def after(reader: str, kinds: Collection[str], limit: int = 500) -> Iterator[list[Event]]:
    """The next events of these kinds, oldest first, in a transaction: what the block writes and the reader's position
    are committed together or not at all. Two at once of one reader wait for each other."""
    with transaction():
        cursor = _cursor(reader)
        found = list(Event.select().where(Event.kind.in_(list(kinds)), _behind(cursor))
                     .order_by(Event.xid, Event.id).limit(limit))
        yield found
        if found:
            (EventCursor.update(xid=found[-1].xid, position=found[-1].id)
             .where(EventCursor.id == cursor.id).execute())


def _cursor(reader: str) -> EventCursor:
    EventCursor.insert(reader=reader).on_conflict_ignore().execute()
    return locked(EventCursor.select().where(EventCursor.reader == reader)).get()


def _behind(cursor: EventCursor) -> ColumnBase:
    """SQL: behind the cursor, and nothing before it can appear any more."""
    unread = Tuple(Event.xid, Event.id) > Tuple(cursor.xid, cursor.position)
    if isinstance(db.obj, SqliteDatabase):
        return unread
    db.execute_sql("SELECT pg_stat_clear_snapshot()")       # it is kept for a transaction, and would be out of date
    (now, open_from), = db.execute_sql(_OPEN_FROM).fetchall()
    if cursor.xid > now:        # a dump was restored into a server that counts transactions anew
        unread = Event.id > cursor.position
    return unread & ((Event.xid < open_from) | (Event.xid > now))
