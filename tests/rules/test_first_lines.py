"""The first line of every file, whatever its language, says what lives there."""

import pytest

from tests.rules.test_sizes import ROOT, files

# The shop of the demonstration is somebody else's site, not a part of ours.
_GUESTS = ("scripts/demo/shop/",)
OPENINGS = {"py": ('"""', "#"), "js": ("//", "/*"), "css": ("/*",), "html": ("{#", "<!--"), "sh": ("#",)}
OURS = [name for name in files() if not name.startswith(_GUESTS)]


@pytest.mark.parametrize("name", OURS)
def test_it_opens_with_words_for_a_reader(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").split("\n", 2)
    first = lines[1] if lines[0].startswith("#!") else lines[0]
    assert first.startswith(OPENINGS[name.rpartition(".")[2]]), first
    assert len(first.strip('/*#"{}<!-> ')) > 10, first


def test_it_looked_at_every_kind_of_file() -> None:
    assert {name.rpartition(".")[2] for name in OURS} >= {"py", "js", "css", "html"}
    assert len(OURS) > 300
