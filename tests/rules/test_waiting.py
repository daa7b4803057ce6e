"""No test gives a process or an HTTP call a bar in seconds that a slow machine would miss, or the five of a library."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.rules.test_sizes import ROOT, files

_RUNS = {"run", "check_output", "check_call", "call", "communicate"}
_ASKS = {"get", "post", "put", "patch", "delete", "request", "stream", "Client", "AsyncClient"}
TESTS = [name for name in files() if name.startswith("tests/") and name.endswith(".py")]


def hasty(source: str) -> Iterator[int]:
    """The lines of calls that are given up too soon. A call that shall be is given less than a second."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            of, what = ast.unparse(call.func.value), call.func.attr
            is_http = of == "httpx2" and what in _ASKS
            limits = [ast.unparse(word.value) for word in call.keywords if word.arg == "timeout"] or ["5" * is_http]
            if (is_http or what in _RUNS) and re.fullmatch(r"[1-9][\d.]*", limits[0]):
                yield call.lineno


@pytest.mark.parametrize("source", [
    "subprocess.run([], timeout=60)", "child.communicate(timeout=10)", "httpx2.get(url)", "httpx2.Client(timeout=5.0)"])
def test_a_bar_in_seconds_is_seen(source: str) -> None:
    assert list(hasty(source)) == [1]


def test_no_test_has_one() -> None:
    found = [f"{name}:{line}" for name in TESTS for line in hasty((ROOT / name).read_text("utf-8"))]
    assert found == [], "tests/waits.STUCK_S"
