"""Small wrong changes of a source file, each of which a test should notice: for scripts/mutate.py.

Python by its syntax tree, JavaScript by its text without comments and strings. The kinds: a comparison turned, `and`
for `or`, a number off by one, a sign turned, True for False, a `not` or a condition of a query left out, a statement
left out.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is}
_SILENT = ("log", "structlog")      # what is only written to the log is nobody's result
_JS_KINDS = (
    (r"===", "!=="), (r"!==", "==="), (r" <= ", " < "), (r" >= ", " > "), (r" < ", " <= "), (r"(?<!=) > ", " >= "),
    (r"&&", "||"), (r"\|\|", "&&"), (r"!(?=[\w(])", ""), (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
    (r" \+ (?=\d)", " - "), (r" - (?=\d)", " + "), (r"(?<![\w.#])\d+(?![\w.])", "+1"))
_JS_CALL = re.compile(r"^\s+(?:await )?[\w.?#]+\(.*\);$")
_JS_ENDED = re.compile(r"(?:\A|[;{}])[\s\x00]*\Z")       # what comes now is a statement, not the rest of one
_JS_HIDDEN = re.compile(r"/\*.*?\*/|//[^\n]*|`(?:\\.|[^`\\])*`|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)


@dataclass(frozen=True)
class Mutant:
    """One change: where, from what to what, and the whole file after it."""

    path: str
    line: int
    old: str
    new: str
    source: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {_short(self.old)}  ->  {_short(self.new)}"


def _short(code: str) -> str:
    return " ".join(code.split())[:70] or "(nothing)"


def of(path: str, source: str) -> list[Mutant]:
    """Every mutant of a file."""
    found = _javascript(source) if path.endswith(".js") else _python(source)
    return [Mutant(path, source.count("\n", 0, start) + 1, source[start:end], new,
                   source[:start] + new + source[end:]) for start, end, new in found]


def choose(mutants: list[Mutant], count: int, random: Random) -> list[Mutant]:
    """So many, at most one of a line: long lines of constants count no more than short ones. The first are always the
    same, however many are asked for.
    """
    lines: dict[tuple[str, int], list[Mutant]] = {}
    for mutant in mutants:
        lines.setdefault((mutant.path, mutant.line), []).append(mutant)
    numbers = random.sample(sorted(lines), len(lines))
    return [random.choice(lines[number]) for number in numbers[:count]]


def _python(source: str) -> Iterator[tuple[int, int, str]]:
    tree, starts = ast.parse(source), _line_starts(source)
    hints = {id(part) for node in ast.walk(tree) for hint in _hints(node) for part in ast.walk(hint)}
    for node in ast.walk(tree):
        if id(node) not in hints and isinstance(node, ast.expr | ast.stmt):
            start, end = (_offset(source, starts, line, column) for line, column in (
                (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)))
            yield from ((start, end, new) for new in _changed(node))


def _hints(node: ast.AST) -> list[ast.expr]:
    """Annotations of functions: they say nothing that runs, but where a model is made of them."""
    if isinstance(node, ast.FunctionDef):
        return [hint for hint in [node.returns, *(arg.annotation for arg in node.args.args)] if hint]
    return []


def _line_starts(source: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", source))]


def _offset(source: str, starts: list[int], line: int, column: int) -> int:
    """The offset in the text; the syntax tree counts columns in bytes."""
    begin = starts[line - 1]
    return begin + len(source[begin:begin + column].encode()[:column].decode(errors="ignore"))


def _changed(node: ast.expr | ast.stmt) -> Iterator[str]:
    match node:
        case ast.Compare(left, [operator], [right]) if type(operator) in _TURNED:
            yield f"({ast.unparse(ast.Compare(left, [_TURNED[type(operator)]()], [right]))})"
        case ast.BoolOp(operator, values):
            yield f"({ast.unparse(ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values))})"
        case ast.UnaryOp(ast.Not(), operand):
            yield f"({ast.unparse(operand)})"
        case ast.BinOp(left, ast.BitAnd(), right):
            yield from (f"({ast.unparse(left)})", f"({ast.unparse(right)})")
        case ast.BinOp(left, ast.Add() | ast.Sub() as sign, right) if _counts(left) or _counts(right):
            yield f"({ast.unparse(ast.BinOp(left, ast.Sub() if isinstance(sign, ast.Add) else ast.Add(), right))})"
        case ast.Constant(bool() as value):
            yield str(not value)
        case ast.Constant(int() | float() as value):
            yield str(value + 1)
        case ast.Call(ast.Attribute(value=query, attr="where"), [_, *_] as given, []):
            yield from (_where(query, given[:one] + given[one + 1:]) for one in range(len(given)))
        case ast.Expr(ast.Call(function)) if not ast.unparse(function).startswith(_SILENT):
            yield "pass"
        case ast.AugAssign() | ast.Raise() | ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield "pass"


def _counts(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def _where(query: ast.expr, left: list[ast.expr]) -> str:
    """The query with one condition less."""
    return f"{ast.unparse(query)}.where({', '.join(map(ast.unparse, left))})" if left else ast.unparse(query)


def _javascript(source: str) -> Iterator[tuple[int, int, str]]:
    code = _JS_HIDDEN.sub(lambda hidden: re.sub(r"[^\n]", "\x00", hidden[0]), source)
    for pattern, new in _JS_KINDS:
        for match in re.finditer(pattern, code):
            yield match.start(), match.end(), str(int(match[0]) + 1) if new == "+1" else new
    for start in _line_starts(code):
        line = code[start:].split("\n", 1)[0]
        if _JS_CALL.match(line) and _JS_ENDED.search(code[:start]):
            yield start, start + len(line), ""
