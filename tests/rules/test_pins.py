"""Every package is pinned to one version, of the program and of its tests."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_PIN = re.compile(r"^[a-z0-9][a-z0-9._-]*(\[[a-z0-9,_-]+\])?==[0-9][\w.!+-]*( ; .+)?$", re.IGNORECASE)


@pytest.mark.parametrize("name", ["requirements.txt", "tests/requirements.txt"])
def test_every_package_is_pinned_to_one_version(name: str) -> None:
    text_lines = (ROOT / name).read_text("utf-8").splitlines()
    named = [line for line in text_lines if line.strip() and not line.startswith(("#", "-r"))]
    assert len(named) > 5 and [line for line in named if not _PIN.match(line)] == []
