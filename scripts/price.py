"""`python -m scripts.price`: how many lines of code and of tests a route of the API costs, over all nouns.

Counted are lines without imports, blanks, comments and docstrings: of the handlers with their rows and models
(hub/api/core, hub/web), of the services and rows behind them (hub/services, hub/models without migrations), and of the
handlers' tests (tests/api/core). Divided by the routes of the core contract.
"""

import ast
import sys
from collections.abc import Iterable
from pathlib import Path

from hub import api
from scripts.options import ROOT

HANDLERS, BEHIND, TESTS = ("hub/api/core", "hub/web"), ("hub/services", "hub/models"), ("tests/api/core",)
_LEFT_OUT = "migrations"


def lines(source: str) -> int:
    """The lines of a Python file that say something."""
    silent = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom) or (isinstance(node, ast.Expr) and _is_text(node.value)):
            silent |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return sum(1 for number, line in enumerate(source.splitlines(), 1)
               if number not in silent and line.strip() and not line.strip().startswith("#"))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def price(folders: Iterable[str], root: Path = ROOT) -> float:
    """Lines of all files of the folders for each route of the core contract."""
    paths = [path for folder in folders for path in (root / folder).rglob("*.py") if _LEFT_OUT not in path.parts]
    return sum(lines(path.read_text("utf-8")) for path in paths) / routes()


def routes() -> int:
    return sum(len(table.routes) for surface in api.surfaces() if surface.name == "core" for table in surface.tables)


def main() -> int:
    for name, folders in (("handlers", HANDLERS), ("services and rows", BEHIND), ("tests of handlers", TESTS)):
        print(f"{name}: {price(folders):.1f} lines for each of {routes()} routes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
