"""docs/adding.md is followed to the letter in a copy of the tree: one of each is added, and the checks pass there."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts import quick
from scripts.options import ROOT
from tests.waits import STUCK_S

_BLOCK = re.compile(r"<!-- (new|after|run)(?:: ([^|\n]+?))?(?: \| (.+?))? -->\n```\w*\n(.*?)```", re.DOTALL)
_LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv", "__pycache__", "data", "build", ".mypy_cache", ".ruff_cache",
                                      ".pytest_cache", "node_modules", ".cache")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(15 * STUCK_S)]       # it checks a whole tree anew


@dataclass(frozen=True)
class Tree:
    """A copy of the project with a git of its own, as the rules ask git which files there are."""

    root: Path

    def run(self, *arguments: str) -> str:
        env = {**os.environ, "DATABASE_URL": f"sqlite:///{self.root.parent}/adding.db", "PYTHONPATH": str(self.root),
               "SESSION_SECRET": "-" * 32}
        env.pop("TEST_DATABASE_URL", None)
        done = subprocess.run([sys.executable, *arguments], cwd=self.root, env=env, capture_output=True, text=True,
                              timeout=STUCK_S * 10)
        assert done.returncode == 0, f"{arguments}: {done.stdout[-4000:]}{done.stderr[-2000:]}"
        return done.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    root = tmp_path_factory.mktemp("adding") / "parley"
    shutil.copytree(ROOT, root, ignore=_LEFT_BEHIND, symlinks=True)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    copied = Tree(root)
    copied.run("-m", "scripts.migrate")
    for kind, file, anchor, text in _BLOCK.findall((ROOT / "docs" / "adding.md").read_text("utf-8")):
        _follow(copied, kind, file.strip(), anchor, text)
    yield copied


def _follow(tree: Tree, kind: str, file: str, anchor: str, text: str) -> None:
    if kind == "run":
        tree.run(*text.split()[1:])
        return
    path = tree.root / file
    if kind == "new":
        assert not path.exists(), f"{file} is there already"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return
    lines = path.read_text("utf-8").splitlines(keepends=True)
    found = [number for number, line in enumerate(lines) if anchor in line]
    assert len(found) == 1, f"{file}: {len(found)} lines hold {anchor!r}"
    path.write_text("".join([*lines[:found[0] + 1], text, *lines[found[0] + 1:]]), "utf-8")


def test_the_linter_and_the_type_checker_find_nothing(tree: Tree) -> None:
    for check in quick.CHECKS:
        if check[0] != "pytest":
            tree.run("-m", *check)


def test_the_rules_of_the_house_hold(tree: Tree) -> None:
    tree.run("-m", "pytest", "-q", "-x", "tests/rules", "tests/scripts/start/test_envfile.py")


def test_what_was_added_works_and_is_walked_like_the_rest(tree: Tree) -> None:
    tree.run("-m", "pytest", "-q", "-x", "tests/api", "tests/models/test_states.py", "-k", "coupon or Coupon or sales")
    printed = tree.run("-m", "scripts.routes")
    assert "GET /settings/coupons" in printed and "PATCH /api/coupons/<coupon>" in printed


def test_every_section_has_an_example(tree: Tree) -> None:
    text = (ROOT / "docs" / "adding.md").read_text("utf-8")
    for section in ("noun", "endpoint", "page", "job", "channel", "event", "secret", "tenant setting",
                    "environment setting",
                    "migration"):
        assert re.search(rf"^## An? {section}$", text, re.MULTILINE), section
    assert len(_BLOCK.findall(text)) >= 15
