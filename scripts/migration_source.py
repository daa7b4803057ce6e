"""What the models differ in from the database, written as migrations that may run while the release before writes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import peewee
from peewee import CompositeKey, ForeignKeyField, Index, PostgresqlDatabase, SqliteDatabase, ValueLiterals
from playhouse.schema_diff import IndexDiff, SchemaDiff, diff_models

from hub.models.fields import EnumField, is_one_of
from scripts import migration_fields as fields

_IN = "    "
_OUTSIDE = "# Outside a transaction, so that nobody waits: what is made already is left as it is.\natomic = False"


class UnsafeChange(Exception):
    """The release before could not write any more. The sentence says what to do instead."""


@dataclass(frozen=True)
class Change:
    """One file: what it does, line by line. `online`: outside a transaction, each line harmless when run again."""

    lines: list[str]
    online: bool = False

    def text(self, says: str) -> str:
        """The file, which opens with what it `says`."""
        code = "\n".join(self.lines or ["pass"])
        # A table of ours may have the name of something of peewee's.
        own = set(re.findall(r"class ([A-Z]\w+)", code))
        names = sorted((set(re.findall(r"\b[A-Z]\w+", code)) - own) & set(peewee.__all__))
        head = [f'"""{says}"""', "from typing import Any"]
        head += [f"from peewee import {', '.join(names)}"] if names else []
        ours = [module for module in ("checks", "online") if f"{module}." in code]
        head += [f"from hub.models import {', '.join(ours)}"] if ours else []
        head += [_OUTSIDE] if self.online else []
        inside = "\n".join(_IN + line if line else "" for line in code.split("\n"))
        return "\n\n".join(head) + f"\n\n\ndef up(migrator: Any, db: Any) -> None:\n{inside.rstrip()}\n"


@dataclass(frozen=True)
class Difference:
    """What a database lacks or has too much; what it still demands of columns that are `leaving`; and columns of whose
    values it knows others than the models (seen on SQLite alone, which keeps a rule as it was written)."""

    schema: SchemaDiff
    demanded: list[tuple[str, str]]
    valued: list[EnumField]

    def __bool__(self) -> bool:
        return bool(self.schema or self.demanded or self.valued)


def difference(db: Any, models: Iterable[Any]) -> Difference:
    """Compare the open database with the models.

    `Meta.leaving` names columns without a field: the release before still writes them, so they stay, but empty.
    """
    leaving = {(model._meta.table_name, name) for model in models for name in getattr(model._meta, "leaving", ())}
    diff = diff_models(db, models)
    kept = [column for column in diff.drop_columns if column in leaving]
    required = {(column.table, column.name) for table in {table for table, _ in kept}
                for column in db.get_columns(table) if not column.null and column.default is None}
    return Difference(diff._replace(drop_columns=[column for column in diff.drop_columns if column not in leaving]),
                      [column for column in kept if column in required],
                      _otherwise_valued(db, models, set(diff.add_columns)))


def _otherwise_valued(db: Any, models: Iterable[Any], new: set[Any]) -> list[EnumField]:
    if not isinstance(getattr(db, "obj", db), SqliteDatabase):
        return []
    texts = dict(db.execute_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())
    return [column for model in models for column in model._meta.sorted_fields
            if isinstance(column, EnumField) and column not in new and model._meta.table_name in texts
            and is_one_of(column.column_name, column.allowed) not in texts[model._meta.table_name]]


def changes(found: Difference, models: Iterable[Any]) -> list[Change]:
    """First tables and columns, in one transaction; then indexes of tables in use, one by one. Only what there is.

    Raises UnsafeChange.
    """
    diff = found.schema
    missing = [f"{column.model._meta.table_name}.{column.column_name}" for column in diff.add_columns
               if not fields.has_default(column)]
    if missing:
        raise UnsafeChange(f"The release before does not know {', '.join(missing)} and could not write a row: "
                           "make it nullable, or give it a constant as its default.")
    free = [f"migrator.migrate(migrator.drop_not_null({table!r}, {name!r}))" for table, name in found.demanded]
    both = (Change(_tables(diff) + free + _columns(diff)), Change(_values(found) + _indexes(diff, models), online=True))
    return [change for change in both if change.lines]


def _tables(diff: SchemaDiff) -> list[str]:
    created = set(diff.create_tables)
    keys = [key for model in created for key in model._meta.refs] + [
        column for column in diff.add_columns if isinstance(column, ForeignKeyField)]
    known = {key.rel_model for key in keys} - created
    stubs = [line for model in sorted(known, key=lambda model: str(model.__name__)) for line in _stub(model)]
    return stubs + [line for model in diff.create_tables for line in _table(model)]


def _stub(model: Any) -> list[str]:
    """A frozen stand-in for a table that is there: its name and its key."""
    key = model._meta.primary_key
    own = [] if fields.is_plain_id(key) else [f"{_IN}{key.name} = {fields.new_table(key)}"]
    return [f"class {model.__name__}(Model):", *own, *([""] if own else []), f"{_IN}class Meta:",
            f"{_IN}{_IN}database = db", f"{_IN}{_IN}table_name = {model._meta.table_name!r}", ""]


def _table(model: Any) -> list[str]:
    columns = [f"{_IN}{column.name} = {fields.new_table(column)}" for column in model._meta.sorted_fields
               if not fields.is_plain_id(column)]
    partial = [index for index in model._meta.indexes if not isinstance(index, (tuple, list))]
    return [f"class {model.__name__}(Model):", *columns, "", f"{_IN}class Meta:",
            *(_IN * 2 + line for line in _meta(model._meta)), "", f"db.create_tables([{model.__name__}])",
            *(f"db.execute_sql({_sql(index)!r})" for index in partial), ""]


def _meta(meta: Any) -> list[str]:
    plain = tuple((tuple(index[0]), bool(index[1])) for index in meta.indexes if isinstance(index, (tuple, list)))
    checks = list(map(fields.as_sql, meta.constraints or ()))
    said = ["database = db", f"table_name = {meta.table_name!r}"]
    if isinstance(meta.primary_key, CompositeKey):
        said.append(f"primary_key = CompositeKey({', '.join(map(repr, meta.primary_key.field_names))})")
    said += ["primary_key = False"] if not meta.primary_key else []
    said += ["without_rowid = isinstance(db.obj, SqliteDatabase)"] if meta.without_rowid else []
    said += [f"constraints = [{', '.join(f'SQL({text!r})' for text in checks)}]"] if checks else []
    return said + ([f"indexes = {plain!r}"] if plain else [])


def _columns(diff: SchemaDiff) -> list[str]:
    """A constant default is written nowhere but into the catalogue: a table of any size gets the column at once."""
    gone = set(diff.drop_columns)
    unused = [f"migrator.migrate(migrator.drop_index({index.table!r}, {index.name!r}))"
              for index in diff.drop_indexes if _covers(index, gone)]
    added = [f"migrator.migrate(migrator.add_column({column.model._meta.table_name!r}, {column.column_name!r}, "
             f"{fields.new_column(column)}{'' if column.null else ', allow_not_null=True'}))"
             for column in diff.add_columns]
    return unused + added + [f"migrator.migrate(migrator.drop_column({table!r}, {name!r}))"
                             for table, name in diff.drop_columns]


def _covers(index: IndexDiff, columns: set[tuple[str, str]]) -> bool:
    return any((index.table, column) in columns for column in index.columns or ())


def _values(found: Difference) -> list[str]:
    return [f"checks.allow_only(db, {column.model._meta.table_name!r}, {column.column_name!r}, {column.allowed!r})"
            for column in found.valued]


def _indexes(diff: SchemaDiff, models: Iterable[Any]) -> list[str]:
    gone, of = set(diff.drop_columns), {model._meta.table_name: model for model in models}
    unused = [f"online.drop_index(db, {index.name!r})" for index in diff.drop_indexes if not _covers(index, gone)]
    return unused + [_create(next(one for one in of[index.table]._meta.fields_to_index() if _is(one, index)))
                     for index in diff.add_indexes]


def _is(index: Any, wanted: IndexDiff) -> bool:
    if not isinstance(index, Index) or wanted.columns is None:
        return getattr(index, "_name", None) == wanted.name
    columns = tuple(getattr(part, "column_name", None) for part in index._expressions)
    return index._where is None and (columns, bool(index._unique)) == (wanted.columns, wanted.unique)


def _create(index: Any) -> str:
    """`CREATE UNIQUE INDEX "name" ON "table" (…)` -> online.create_index(db, 'name', '"table" (…)', unique=True)."""
    name, _, column = _sql(index).partition(" INDEX ")[2].partition(" ON ")
    bare, unique = name.strip('"'), ", unique=True" if index._unique else ""
    return f"online.create_index(db, {bare!r}, {column!r}{unique})"


def _sql(index: Any) -> str:
    """CREATE INDEX with its values written out; both databases read it."""
    text, _ = PostgresqlDatabase(None).get_sql_context().sql(ValueLiterals(index)).query()
    return str(text).replace(" IF NOT EXISTS", "", 1)
