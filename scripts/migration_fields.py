"""How a column is written in a migration: a plain peewee field, with its default in the database itself."""

import json
from decimal import Decimal
from enum import Enum
from typing import Any

import peewee
from peewee import AutoField, CharField, DecimalField, ForeignKeyField, JSONField


def type_name(column: Any) -> str:
    """The peewee class that stores it: what the models build upon it is not frozen, and a migration is."""
    return next(kind.__name__ for kind in type(column).__mro__ if kind.__module__ == peewee.__name__)


def is_plain_id(column: Any) -> bool:
    return type(column) is AutoField and column.name == column.column_name == "id"


def new_table(column: Any) -> str:
    """The field inside the class of a new table, with its index."""
    indexed = not isinstance(column, ForeignKeyField) and column.index and not column.unique
    options = {"primary_key": column.primary_key and not isinstance(column, AutoField), "unique": column.unique,
               "index": indexed}
    said = [f"{name}=True" for name, value in options.items() if value]
    if isinstance(column, ForeignKeyField) and not column.index:
        said.append("index=False")
    itself = isinstance(column, ForeignKeyField) and column.rel_model is column.model
    return _written(column, ["'self'"] if itself else _target(column), said)


def new_column(column: Any) -> str:
    """The field of a table in use, without its index: that is made by itself, waiting for nobody."""
    return _written(column, _target(column), ["index=False"] if isinstance(column, ForeignKeyField) else [])


def _written(column: Any, target: list[str], said: list[str]) -> str:
    options = [*target, *_actions(column), *said, *_shape(column), *_constraints(column)]
    return f"{type_name(column)}({', '.join(options)})"


def _target(column: Any) -> list[str]:
    if not isinstance(column, ForeignKeyField):
        return []
    target = column.rel_model.__name__
    return [target, f"field={target}.{column.rel_field.name}"]


def _actions(column: Any) -> list[str]:
    return [f"{name}={value!r}" for name in ("on_delete", "on_update") if (value := getattr(column, name, None))]


def _shape(column: Any) -> list[str]:
    said = ["null=True"] if column.null else []
    if isinstance(column, CharField) and column.max_length != 255:
        said.append(f"max_length={column.max_length}")
    if isinstance(column, DecimalField):
        said += [f"max_digits={column.max_digits}", f"decimal_places={column.decimal_places}"]
    usual = f"{column.name}_id" if isinstance(column, ForeignKeyField) else column.name
    return said if column.column_name == usual else [*said, f"column_name={column.column_name!r}"]


def _constraints(column: Any) -> list[str]:
    own = [_named(column, text) for text in map(as_sql, column.constraints or ())]
    default = database_default(column)
    if default is not None and not any(map(_is_default, own)):
        own.insert(0, f"DEFAULT {default}")
    return [f"constraints=[{', '.join(f'SQL({text!r})' for text in own)}]"] if own else []


def as_sql(constraint: Any) -> str:
    """A constraint as SQL that both databases read."""
    text, _ = peewee.PostgresqlDatabase(None).get_sql_context().sql(constraint).query()
    return str(text)


def _named(column: Any, text: str) -> str:
    """A CHECK by the name that Postgres would give it, so that it can be replaced on SQLite as well."""
    name = f"{column.model._meta.table_name}_{column.column_name}_check"
    return f'CONSTRAINT "{name}" {text}' if text.upper().startswith("CHECK") else text


def _is_default(text: str) -> bool:
    return text.upper().startswith("DEFAULT")


def database_default(column: Any) -> str | None:
    """The default as SQL that both databases read; None when there is none, or when code makes it anew each time."""
    default = column.default
    if default in (list, dict) and isinstance(column, JSONField):
        default = default()
    if default is None or callable(default):
        return None
    if isinstance(column, JSONField):
        return _quoted(json.dumps(default))
    return _literal(default.value if isinstance(default, Enum) else default)


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    return str(value) if isinstance(value, (int, float, Decimal)) else _quoted(str(value))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def has_default(column: Any) -> bool:
    """Does a row that does not name this column get a value?"""
    said = any(map(_is_default, map(as_sql, column.constraints or ())))
    return bool(column.null) or said or database_default(column) is not None
