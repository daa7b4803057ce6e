"""Queries whose SQL is written once: peewee writes the text anew each time, which takes longer than running it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from peewee import (
    AutoField,
    CharField,
    Context,
    Field,
    ForeignKeyField,
    IntegerField,
    Node,
    Query,
    SmallIntegerField,
    TextField,
)

from hub.lib.json_types import Values
from hub.models.base import db

# Drivers give and take these as they are; peewee's look at each value would cost more than the query.
_PLAIN = {AutoField, CharField, IntegerField, SmallIntegerField, TextField}
Found = TypeVar("Found")
Slot = Callable[[Field], Node]


class _Slot(Node):
    """Where a value of one row goes in; its field knows how the database wants it."""

    def __init__(self, field: Field, row: int) -> None:
        self.field, self.row = field, row

    def __sql__(self, context: Context) -> Context:
        context._values.append(self)        # Context.value() would ask for the slot's own SQL again
        return context.literal(context.state.param or "?")


class Prepared(Generic[Found]):
    """For the few queries of the busiest paths, which are the same but for their values; peewee still reads the rows.

    `make(slots)` builds the query: `slots` has a `slot` for each row of values, and `slot(Model.field)` stands where
    that row's value goes in.
    """

    def __init__(self, make: "Callable[[list[Slot]], Query[Found]]") -> None:
        self._make = make
        # By kind of database, as each has its own SQL, and by number of rows.
        self._made: dict[tuple[type, int], _Written[Found]] = {}

    def run(self, **values: object) -> Iterable[Found]:
        """What the query finds for one row of values, named like their fields."""
        return self.run_all([values])

    def first(self, **values: object) -> Found | None:
        """The first row found, or None."""
        return next(iter(self.run(**values)), None)

    def run_all(self, rows: Sequence[Values]) -> Iterable[Found]:
        """What the query finds for several rows of values at once."""
        written = self._written(len(rows))
        return written.query._get_cursor_wrapper(written.execute(rows))

    def models(self, rows: Sequence[Values]) -> list[Found]:
        """The rows of one model that the query finds; what it selects beside them under an alias are attributes."""
        written = self._written(len(rows))
        return [written.model(raw) for raw in written.execute(rows)]

    def _written(self, rows: int) -> "_Written[Found]":
        known = self._made.get((type(db.obj), rows))
        if known is None:
            query = self._make([lambda field, row=row: _Slot(field, row) for row in range(rows)])  # type: ignore[misc]
            known = self._made[type(db.obj), rows] = _Written(query)
        return known


class _Written(Generic[Found]):
    """A query, its SQL, and what to do with each value on the way in and out."""

    def __init__(self, query: "Query[Found]") -> None:
        self.query = query
        self._sql, parts = query.sql()
        self._parts = [(part.row, part.field.name, None if type(part.field) in _PLAIN else part.field.db_value)
                       if type(part) is _Slot else (-1, part, None) for part in parts]
        self._names, self._conversions, self._beside = [], [], []
        for node in query._returning or ():
            field = node.unwrap()
            name = field.name if node is field else node._alias
            self._names.append(name)
            if type(field) not in {*_PLAIN, ForeignKeyField}:
                self._conversions.append((name, field.python_value))
            if node is not field:
                self._beside.append(name)

    def execute(self, rows: Sequence[Values]) -> Iterable[Sequence[object]]:
        """The driver's cursor."""
        return db.execute_sql(self._sql, [
            name if row < 0 else rows[row][name] if convert is None else convert(rows[row][name])
            for row, name, convert in self._parts])

    def model(self, raw: Sequence[object]) -> Found:
        data = dict(zip(self._names, raw, strict=True))
        for name, convert in self._conversions:
            data[name] = convert(data[name])
        result = self.query.model(__no_default__=1, **{name: data.pop(name) for name in self._beside})
        result.__data__ = data
        return result
