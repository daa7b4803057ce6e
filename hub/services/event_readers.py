"""Readers of the events: each goes on where it stopped, misses nothing and takes nothing twice.

Numbers are given when a row is written, not when it is committed, so a reader that goes by them alone would pass over
an event whose transaction ends late. On Postgres readers go by (transaction, number) and only as far as no transaction
is open (PostgreSQL manual, 9.27.9: txid_snapshot_xmin). SQLite has one writer, so numbers are enough.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from peewee import SqliteDatabase, Tuple

from hub.models.base import db, locked, transaction
from hub.models.platform.event import Event
from hub.models.platform.event_cursor import EventCursor


@contextmanager
def after(reader: str, kinds: Collection[str], limit: int = 500) -> Iterator[list[Event]]:
    """The next events of these kinds, oldest first, in a transaction: what the block writes and the reader's place are
    committed together or not at all. Two at once of one reader wait for each other."""
    with transaction():
        cursor = _cursor(reader)
        found = list(Event.select().where(Event.kind.in_(list(kinds)), _behind(cursor))
                     .order_by(Event.xid, Event.id).limit(limit))
        yield found
        if found:
            (EventCursor.update(xid=found[-1].xid, position=found[-1].id)
             .where(EventCursor.id == cursor.id).execute())


def _cursor(reader: str) -> Any:
    EventCursor.insert(reader=reader).on_conflict_ignore().execute()
    return locked(EventCursor.select().where(EventCursor.reader == reader)).get()


def _behind(cursor: Any) -> Any:
    """SQL: behind the cursor, and nothing before it can appear any more."""
    place = Tuple(Event.xid, Event.id) > Tuple(cursor.xid, cursor.position)
    if isinstance(db.obj, SqliteDatabase):
        return place
    (now, open_from), = db.execute_sql("SELECT txid_current(), txid_snapshot_xmin(txid_current_snapshot())").fetchall()
    if cursor.xid > now:        # a dump was restored into a server that counts transactions anew
        place = Event.id > cursor.position
    return place & ((Event.xid < open_from) | (Event.xid > now))
