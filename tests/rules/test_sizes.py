"""Files stay small enough to read, and say in their first line what lives there."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 300
# May only shrink: what is data, not code.
EXCEPTIONS = {"hub/models/migrations/0001_initial.py"}
_ENDINGS = (".py", ".js", ".css", ".html", ".sh")
_SKIP = ("static/vendor/", "static/widget/")


def files() -> list[str]:
    """What git tracks or would track, without what is vendored or built."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.splitlines() or [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file()]
    return [name for name in names if name.endswith(_ENDINGS) and not name.startswith(_SKIP)
            and (ROOT / name).exists()]


def test_no_file_is_longer_than_300_lines() -> None:
    long = {name for name in files() if len((ROOT / name).read_text("utf-8").splitlines()) > LONGEST}
    assert long <= EXCEPTIONS, long - EXCEPTIONS
    assert long >= EXCEPTIONS, "an exception is not needed any more"


@pytest.mark.parametrize("name", [name for name in files() if name.endswith(".py") and not name.startswith("tests/")])
def test_the_first_line_says_what_lives_there(name: str) -> None:
    first = (ROOT / name).read_text("utf-8").split("\n", 1)[0]
    assert first.startswith(('"""', "#!")) and len(first) > 15, first
