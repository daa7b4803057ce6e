"""Rows, queries and results have types: what may still be anything, and what is cast to text, only shrinks."""

import io
import re
import tokenize
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOST_ANY = 52
MOST_CASTS = 15
# A uuid is no text: to write it as one is no cast.
_CAST = re.compile(r"\bstr\([a-z_]+(?:\.[a-z_]+)*\.(?!uuid\))[a-z_]+\)")


def sources() -> list[str]:
    """Ours; what scripts/new_migration.py writes is its own."""
    return [path.read_text("utf-8") for top in ("hub", "jobs") for path in sorted((ROOT / top).rglob("*.py"))
            if "migrations" not in path.parts]


def anything(source: str) -> int:
    """How often `Any` stands in the code, not counting the lines that import it."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return sum(token.type == tokenize.NAME and token.string == "Any" and "import" not in token.line
               for token in tokens)


def test_any_becomes_rarer() -> None:
    assert sum(map(anything, sources())) <= MOST_ANY


def test_attributes_are_not_turned_into_text_for_the_type_checker() -> None:
    assert sum(len(_CAST.findall(source)) for source in sources()) <= MOST_CASTS


def test_the_counting_counts() -> None:
    assert anything("from typing import Any\n\nrow: Any = None\nlist[Any]\n'Any'  # Any\n") == 2
    assert _CAST.findall("str(row.name) + str(name) + f'{str(turn.agent.name)}'") == ["str(row.name)",
                                                                                     "str(turn.agent.name)"]
