"""`python -m scripts.price`: how many lines of code and of tests a route of the core contract costs, noun by noun.

Counted are lines without imports, blanks, comments and docstrings. Of a noun: its file in hub/api/core (handlers,
models, rows), what that file calls in hub/services with all that this needs in the same file, and its tests in
tests/api/core. What all nouns share (hub/api/kit, hub/web, tests/api) is paid once and not counted.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hub import api
from scripts.options import ROOT

HANDLERS, SERVICES, TESTS = "hub/api/core", "hub/services", "tests/api/core"
# What `crud(…, service=module)` calls.
_PLAIN = {"create", "change", "remove"}


Lines = set[tuple[Path, int]]


@dataclass(frozen=True)
class Price:
    """What a noun costs; a file without a table has no routes, its lines are shared by the others."""

    noun: str
    routes: int
    handlers: Lines
    service: Lines
    tests: Lines

    def each(self, *parts: Lines) -> float:
        """Lines of these parts for each route."""
        return sum(map(len, parts)) / max(self.routes, 1)


def prices(root: Path = ROOT) -> list[Price]:
    """Of every file of the core contract."""
    counts = {table.noun: len(table.routes) for surface in api.surfaces() if surface.name == "core"
              for table in surface.tables}
    found = []
    for path in sorted((root / HANDLERS).rglob("*.py")):
        noun, tree = path.relative_to(root / HANDLERS), _tree(path)
        test = root / TESTS / noun.with_name(f"test_{noun.name}")
        service = {line for module, names in _calls(tree, root).items() for line in _reached(module, names)}
        found.append(Price(str(noun.with_suffix("")), sum(counts[name] for name in _tables(tree)), said(path), service,
                           said(test) if test.exists() else set()))
    return found


def total(found: list[Price], root: Path = ROOT) -> Price:
    """All of them, each line once; tests of no single noun count as well."""
    tests = {line for path in (root / TESTS).rglob("*.py") for line in said(path)}
    return Price("all", sum(price.routes for price in found), {line for price in found for line in price.handlers},
                 {line for price in found for line in price.service}, tests)


def said(path: Path) -> Lines:
    """The lines of a file that say something."""
    silent = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import | ast.ImportFrom) or (isinstance(node, ast.Expr) and _is_text(node.value)):
            silent |= _numbers(node)
    return {(path, number) for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
            if number not in silent and line.strip() and not line.strip().startswith("#")}


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _numbers(node: ast.stmt | ast.expr) -> set[int]:
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))])
    return set(range(first, (node.end_lineno or node.lineno) + 1))


def _tables(tree: ast.Module) -> list[str]:
    """The nouns of the file's tables."""
    return [str(call.args[0].value) for call in ast.walk(tree) if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute) and call.func.attr == "table"
            and isinstance(call.args[0], ast.Constant)]


def _calls(tree: ast.Module, root: Path) -> dict[Path, set[str]]:
    """The services that a file names, and what it takes of each."""
    modules: dict[str, Path] = {}
    found: dict[Path, set[str]] = {}
    for name, module in _imports(tree):
        path = root / f"{module.replace('.', '/')}.py"
        if module.startswith(SERVICES.replace("/", ".")):
            if path.exists():
                modules[name] = path
                found.setdefault(path, set())
            else:       # `from service import function`
                found.setdefault(path.parent.with_suffix(".py"), set()).add(path.stem)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            found[modules[node.value.id]].add(node.attr)
        if isinstance(node, ast.keyword) and isinstance(node.value, ast.Name) and node.value.id in modules:
            found[modules[node.value.id]] |= _PLAIN
    return found


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(what it is called here, its whole name)."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            yield from ((name.asname or name.name, f"{node.module}.{name.name}") for name in node.names)


def _reached(path: Path, names: set[str]) -> Lines:
    """The lines of the file that these names need, with what they use of the same file."""
    known = {name: node for node in _tree(path).body for name in _defined(node)}
    numbers: set[int] = set()
    wanted, seen = set(names), set[str]()
    while wanted:
        name = wanted.pop()
        seen.add(name)
        if name in known:
            numbers |= _numbers(known[name])
            wanted |= {node.id for node in ast.walk(known[name]) if isinstance(node, ast.Name)} - seen
    return {(path, number) for number in numbers} & said(path)


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def main() -> int:
    found = prices()
    print(f"{'noun':<30}{'routes':>7}{'handlers':>9}{'service':>9}{'tests':>7}   a route: code, with service, tests")
    for price in [*found, total(found)]:
        if price.handlers:
            each = (price.each(price.handlers), price.each(price.handlers, price.service), price.each(price.tests))
            print(f"{price.noun:<30}{price.routes:>7}{len(price.handlers):>9}{len(price.service):>9}"
                  f"{len(price.tests):>7}   {', '.join(f'{lines:.1f}' for lines in each) if price.routes else ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
