"""Queries whose SQL is written once: peewee writes the text anew each time, which takes longer than running it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from peewee import Node

from hub.models.base import db


class _Slot(Node):
    """Where a value of one row goes in; its field knows how the database wants it."""

    def __init__(self, field: Any, row: int) -> None:
        self.field, self.row = field, row

    def __sql__(self, context: Any) -> Any:
        context._values.append(self)        # Context.value() would ask for the slot's own SQL again
        return context.literal(context.state.param or "?")


class Prepared:
    """For the few queries of the busiest paths, which are the same but for their values; peewee still reads the rows.

    `make(slots)` builds the query: `slots` has a `slot` for each row of values, and `slot(Model.field)` stands where
    that row's value goes in.
    """

    def __init__(self, make: Callable[[list[Callable[[Any], Any]]], Any]) -> None:
        self._make = make
        # By kind of database, as each has its own SQL, and by number of rows.
        self._made: dict[tuple[type, int], tuple[Any, str, list[Any]]] = {}

    def run(self, **values: Any) -> Any:
        """What the query finds for one row of values, named like their fields."""
        return self.run_all([values])

    def first(self, **values: Any) -> Any:
        """The first row found, or None."""
        return next(iter(self.run(**values)), None)

    def run_all(self, rows: Sequence[Mapping[str, Any]]) -> Any:
        """What the query finds for several rows of values at once."""
        query, sql, parts = self._made.get((type(db.obj), len(rows))) or self._write(len(rows))
        given = [part.field.db_value(rows[part.row][part.field.name]) if type(part) is _Slot else part
                 for part in parts]
        return query._get_cursor_wrapper(db.execute_sql(sql, given))

    def _write(self, rows: int) -> tuple[Any, str, list[Any]]:
        query = self._make([lambda field, row=row: _Slot(field, row) for row in range(rows)])  # type: ignore[misc]
        made = self._made[type(db.obj), rows] = (query, *query.sql())
        return made
