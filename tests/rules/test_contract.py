"""The documented endpoints and bodies that the tests read: they parse, agree, and are those of the documents."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

COPIES = ("endpoints.csv", "shapes.jsonl")


@pytest.fixture
def folder(root: Path) -> Path:
    return root / "tests" / "contract"


def shapes(folder: Path) -> Iterator[dict[str, Any]]:
    for line in (folder / "shapes.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)


def endpoints(folder: Path) -> list[dict[str, str]]:
    with (folder / "endpoints.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", COPIES)
def test_the_copies_are_the_documents_where_those_are_at_hand(root: Path, folder: Path, name: str) -> None:
    """A clone of the repository alone has no documents beside it; then there is nothing to compare with."""
    original, copy = root.parent / "shared" / "spec" / name, folder / name
    assert copy.stat().st_size > 10_000
    if original.exists():
        assert copy.read_bytes() == original.read_bytes(), f"copy {original} to {copy} again"


def test_every_endpoint_has_a_method_and_a_path(folder: Path) -> None:
    rows = endpoints(folder)
    assert len(rows) > 300
    assert [row for row in rows if not row["method"] or not row["path"] or None in row] == []


def test_every_documented_body_belongs_to_a_documented_endpoint(folder: Path) -> None:
    known = {(row["method"], row["path"]) for row in endpoints(folder)}
    documented = list(shapes(folder))
    assert len(documented) > 300
    assert [(row["method"], row["path"]) for row in documented if (row["method"], row["path"]) not in known] == []
