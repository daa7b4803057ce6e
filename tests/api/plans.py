"""How the database looks for the rows of a query: its plan, and what of it would read other businesses' rows."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from peewee import SqliteDatabase

from hub.models import ALL
from hub.models.base import TenantModel, db

# Tables whose rows belong to a business, by name.
OURS: dict[str, Any] = {model._meta.table_name: model for model in ALL if issubclass(model, TenantModel)}
_NAMED = re.compile(r'"(\w+)" AS "(t\d+)"')
_SQLITE = re.compile(r"(SEARCH|SCAN) (\w+)(?: USING (?:COVERING )?INDEX \S+| USING INTEGER PRIMARY KEY)?(?: \((\w+))?")
_COLUMN = re.compile(r"\(?\(?(\w+)")

Statement = tuple[str, Any]


@dataclass(frozen=True)
class Plan:
    """`foreign`: tables of which other businesses' rows would be read. `sorts`: is anything sorted after it was read?
    `by`: the conditions that indexes answer."""

    foreign: tuple[str, ...]
    sorts: bool
    by: str


@contextmanager
def statements(kinds: tuple[str, ...] = ("SELECT", "WITH")) -> Iterator[list[Statement]]:
    """What is sent to the database inside the block and begins with one of these words."""
    kind: Any = type(db.obj)
    seen = list[Statement]()
    real = kind.execute_sql

    def execute_sql(self: Any, sql: str, params: Any = None) -> Any:
        if sql.lstrip("( ").startswith(kinds):
            seen.append((sql, params))
        return real(self, sql, params)

    kind.execute_sql = execute_sql
    try:
        yield seen
    finally:
        kind.execute_sql = real


def of(statement: Statement) -> Plan:
    sql, params = statement
    if isinstance(db.obj, SqliteDatabase):
        return _sqlite(sql, [row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()])
    with _only_indexes():
        (root,) = db.execute_sql(f"EXPLAIN (FORMAT JSON) {sql}", params).fetchone()[0]
    return _postgres(list(_nodes(root["Plan"])))


def tables(sql: str) -> set[str]:
    """The tables of businesses that a query reads."""
    return {name for name in re.findall(r'"(\w+)"', sql) if name in OURS}


@contextmanager
def _only_indexes() -> Iterator[None]:
    """Postgres reads a small table whole, however good its index is: what it does without one shows where none is."""
    ways = ("seqscan", "hashjoin", "mergejoin", "sort", "bitmapscan")
    db.execute_sql("; ".join(f"SET enable_{way} = off" for way in ways))
    try:
        yield
    finally:
        db.execute_sql("; ".join(f"RESET enable_{way}" for way in ways))


def _is_own(table: str, column: str | None) -> bool:
    """Does a search that begins at this column stay with one business? It does at a row, or what belongs to one."""
    model = OURS.get(table)
    if model is None or column in ("rowid", "id", "uuid", "tenant_id"):
        return True
    fields = {field.column_name: field for field in model._meta.sorted_fields}
    return column in fields and (fields[column].unique or hasattr(fields[column], "rel_model"))


def _sqlite(sql: str, steps: list[str]) -> Plan:
    tables = {alias: name for name, alias in _NAMED.findall(sql)}
    read = [(tables.get(found[2], found[2]), found[3]) for found in map(_SQLITE.match, steps) if found]
    return Plan(tuple(str(table) for table, column in read if not _is_own(str(table), column)),
                any(step.startswith("USE TEMP B-TREE FOR ORDER BY") for step in steps),
                " ".join(step for step in steps if "(" in step))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)


def _postgres(nodes: list[dict[str, Any]]) -> Plan:
    """A bitmap's index has no table of its own in the plan: its heap names it. An Incremental Sort sorts but equals."""
    foreign, heap = list[str](), ""
    for node in nodes:
        heap = str(node.get("Relation Name", heap))
        condition = _COLUMN.match(node.get("Index Cond", ""))
        if node["Node Type"] in ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan") and not _is_own(
                heap, condition[1] if condition else None):
            foreign.append(heap)
    return Plan(tuple(foreign), any(node["Node Type"] == "Sort" for node in nodes),
                " ".join(node["Index Cond"] for node in nodes if "Index Cond" in node))
