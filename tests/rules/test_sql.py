"""No statement of SQL is put together from strings, but from names of our own tables where nothing else is possible."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.rules.test_sizes import ROOT, files

_TAKES = {"execute_sql", "execute", "executemany", "executescript", "SQL", "raw"}
_SQL = re.compile(r"\s*\(?(SELECT|INSERT|UPDATE|DELETE|ALTER|CREATE|DROP|PRAGMA|SET|EXPLAIN|COPY|WITH) ")
# Names of tables, columns and indexes cannot be values; all of these come from our own models.
NAMES_ONLY = {
    "hub/models/backup_postgres.py", "hub/models/backup_sqlite.py",         # every table there is
    "hub/models/checks.py", "hub/models/migrate.py", "hub/models/online.py",        # migrations
    "hub/models/secret.py", "hub/services/platform/security_facts.py",      # every encrypted column
    "hub/models/conversations/line_search.py",          # two constants of the file
    "hub/services/platform/health.py", "hub/services/work.py",              # two words in the line itself; a state
    "hub/services/conversations/inbox_store.py",        # numbered columns of a list of values
}
CHECKED = [name for name in files() if name.startswith(("hub/", "jobs/")) and name.endswith(".py")
           and not name.startswith("hub/models/migrations/")]


def put_together(source: str) -> Iterator[str]:
    """Where SQL is an f-string, a sum, a remainder or a format of strings."""
    for node in ast.walk(ast.parse(source)):
        if _is_made(node) and _SQL.match(_beginning(node)):
            yield ast.unparse(node)
        if isinstance(node, ast.Call) and node.args and _called(node.func) in _TAKES and _is_made(node.args[0]):
            yield ast.unparse(node)


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)


def _is_made(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    is_made = (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod)) or (
        isinstance(node, ast.Call) and _called(node.func) == "format")
    return is_made and bool(_beginning(node))


def _beginning(node: ast.AST) -> str:
    """The constant text that stands first."""
    while not isinstance(node, ast.Constant):
        if isinstance(node, ast.JoinedStr) and node.values:
            node = node.values[0]
        elif isinstance(node, ast.BinOp):
            node = node.left
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node = node.func.value
        else:
            return ""
    return node.value if isinstance(node.value, str) else ""


@pytest.mark.parametrize("source", [
    "db.execute_sql(f'SELECT {x}')", "text = f'DELETE FROM {x}'", "SQL(f'{x} = 1')", "q = 'SELECT ' + x",
    "q = 'SET %s' % x", "q = 'UPDATE {}'.format(x)", "cursor.execute('SELECT ' + x + ' FROM t')", "Row.raw(f'{a}')"])
def test_sql_out_of_strings_is_seen(source: str) -> None:
    assert list(put_together(source))


def test_sql_with_values_beside_it_is_none() -> None:
    assert not list(put_together("db.execute_sql('SELECT %s', (x,)); SQL('1 = 1'); say(f'Selected {x}'); run(f'{x}')"))


def test_only_names_of_our_own_are_put_into_sql() -> None:
    found = {name for name in CHECKED if any(put_together((ROOT / name).read_text("utf-8")))}
    assert found == NAMES_ONLY
