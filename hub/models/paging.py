"""Lists one page at a time: behind a cursor, which costs the same at any depth, or by offset with a total."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from peewee import Field, Model, ModelSelect, Tuple

from hub.lib import clock, cursor

Row = TypeVar("Row", bound=Model)


def behind(query: "ModelSelect[Row]", by: Sequence[Field], after: str | None, limit: int, *,
           ascending: bool = False) -> tuple[list[Row], str | None]:
    """At most `limit` rows behind the cursor `after` in the order of the columns `by`, and the cursor of the next page.

    The last column must be unique. The comparison of whole rows walks an index over `by`. Raises BadInput for a key
    that is not from this list.
    """
    if after:
        key = _decoded(by, after)
        query = query.where(Tuple(*by) > key if ascending else Tuple(*by) < key)
    rows = list(query.order_by(*(column if ascending else column.desc() for column in by)).limit(limit + 1))
    if len(rows) <= limit:
        return rows, None
    last = [getattr(rows[limit - 1], column.name) for column in by]
    return rows[:limit], cursor.encode([value.isoformat() if isinstance(value, datetime) else value for value in last])


def from_offset(query: "ModelSelect[Row]", by: Sequence[Field], offset: int, limit: int, *,
                ascending: bool = False) -> tuple[list[Row], int]:
    """At most `limit` rows from that offset on, and how many there are in all."""
    rows = query.order_by(*(column if ascending else column.desc() for column in by)).offset(offset).limit(limit)
    return list(rows), query.count()


def _decoded(by: Sequence[Field], after: str) -> Tuple:
    kinds = [str if column.field_type == "DATETIME" else str if "CHAR" in column.field_type
             or column.field_type == "TEXT" else int for column in by]
    values = cursor.decode(after, *kinds)
    return Tuple(*(clock.parse(value) if column.field_type == "DATETIME" else value
                   for column, value in zip(by, values, strict=True)))
