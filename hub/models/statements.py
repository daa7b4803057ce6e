"""SELECT of whole rows and INSERT of one, with the list of columns written once: peewee spells each column each time.

A row has some twenty-five columns, and to spell them takes longer than SQLite takes to find the row. What is asked for
beyond that (some of the columns, several rows) is peewee's as before.
"""

from collections.abc import Iterable
from functools import cache

from peewee import Context, Field, Metadata, Model, ModelInsert, ModelSelect, Node

class WholeRows(ModelSelect):
    """`Model.select()`: all columns."""

    def __sql_selection__(self, ctx: Context, is_subquery: bool = False) -> Context:
        if not self._is_default or is_subquery:
            return super().__sql_selection__(ctx, is_subquery)
        return ctx.literal(_columns(self.model._meta, f'"{ctx.alias_manager[self.model._meta.table]}".'))


class OneRow(ModelInsert):
    """`Model.insert(…)`: values by their fields."""

    def _simple_insert(self, ctx: Context) -> Context:
        if not all(isinstance(field, Field) for field in self._insert):
            return super()._simple_insert(ctx)
        table, given = self.model._meta, {field.name: value for field, value in self._insert.items()}
        fields, named = _written(table, frozenset(given))
        with ctx.scope_values(subquery=True):
            ctx.literal(f"({named}) VALUES (")
            for number, field in enumerate(fields):
                ctx.literal(", " if number else "")
                _write(ctx, field, given[field.name] if field.name in given else _default(table.defaults[field]))
            return ctx.literal(")")


def _default(value: object) -> object:
    return value() if callable(value) else value


def _write(ctx: Context, field: Field, value: object) -> None:
    if isinstance(value, Node) and not isinstance(value, Model):
        ctx.sql(value)
    else:
        ctx.value(value, field.db_value)


@cache
def _columns(table: Metadata, prefix: str) -> str:
    return _named(table.sorted_fields, prefix)


@cache
def _written(table: Metadata, given: frozenset[str]) -> tuple[list[Field], str]:
    """The columns in their order, and as they are written."""
    known = {*given, *(field.name for field in table.defaults)}
    fields = [field for field in table.sorted_fields if field.name in known]
    return fields, _named(fields)


def _named(fields: Iterable[Field], prefix: str = "") -> str:
    return ", ".join(f'{prefix}"{field.column_name}"' for field in fields)
