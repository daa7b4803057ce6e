"""Imports point down only: each room may use the floors below it and itself, nothing else."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOOR = {"hub.lib": -1, "hub.errors": -2, "hub.settings": 0, "hub.models": 1, "hub.queue": 1, "hub.bus": 1,
         "hub.channels": 1, "hub.ai": 1, "hub.partners": 1, "hub.access": 2, "hub.services": 3, "hub.web": 4,
         "hub.api": 5, "hub.pages": 5, "hub.live": 5, "jobs": 5, "hub.assets": 5, "hub": 6, "app": 6, "scripts": 6}
LEAVES = ("hub.channels", "hub.ai", "hub.partners")
FILES = [ROOT / "app.py", *sorted(path for top in ("hub", "jobs", "scripts") for path in (ROOT / top).rglob("*.py"))]


def room(module: str) -> str | None:
    """The longest known prefix of a module's name."""
    parts = module.split(".")
    names = (".".join(parts[:size]) for size in range(len(parts), 0, -1))
    return next((name for name in names if name in FLOOR), None)


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_uses_only_rooms_below_its_own(path: Path) -> None:
    module = str(path.relative_to(ROOT)).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    own = room(module)
    assert own is not None
    for used in filter(None, map(room, imports(path))):
        allowed = used == own or FLOOR[used] < FLOOR[own] or FLOOR[own] == 6
        assert allowed, f"{module} ({own}) uses {used}"
        assert own not in LEAVES or used in (own, "hub.lib", "hub.errors"), f"{module} is a leaf and uses {used}"
        assert used != "jobs" or not own.startswith("hub"), f"{module} imports jobs; work is queued by name"
    reads = "os.environ" in path.read_text("utf-8")
    assert own not in LEAVES or not reads, f"{module} is a leaf and reads the environment"


def test_the_rule_would_notice(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("from hub.services import inbox\nimport jobs.worker\n")
    assert {room(name) for name in imports(tmp_path / "bad.py")} == {"hub.services", "jobs"}
    assert FLOOR["hub.services"] > FLOOR["hub.models"] and FLOOR["jobs"] > FLOOR["hub.services"]
