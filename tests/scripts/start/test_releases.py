"""Which release the supervisor runs: the newer one that was asked for, and the one before when that does not get up."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.options import ROOT
from scripts.releases import Releases
from scripts.supervisor import Child


def children(python: str) -> list[Child]:
    return [Child("web", [python])]


def ask(data: Path, **wish: Any) -> None:
    (data / "releases" / wish["version"]).mkdir(parents=True, exist_ok=True)
    (data / "releases" / "current.json").write_text(json.dumps(wish))


def said(data: Path) -> Any:
    return json.loads((data / "releases" / "current.json").read_text())


def runs(releases: Releases) -> tuple[str, Path]:
    (child,), folder = releases.crew()
    assert not callable(child.argv)
    return child.argv[0], folder


def test_a_newer_release_runs_once_it_is_asked_for_and_stays(tmp_path: Path) -> None:
    releases = Releases(tmp_path, children)
    assert runs(releases) == (sys.executable, ROOT) and not releases.is_over()
    ask(tmp_path, version="9.0.0", asked="a", before="0.1.0")
    assert releases.is_over() and releases.following(True) and runs(releases) == (
        sys.executable, tmp_path / "releases" / "9.0.0")
    releases.proved()
    assert said(tmp_path) == {"version": "9.0.0", "asked": "a"} and not releases.is_over()
    assert releases.following(True) is None and releases.following(False) is None
    assert runs(Releases(tmp_path, children))[1].name == "9.0.0"


def test_one_that_does_not_get_up_makes_way_for_the_one_before(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    releases = Releases(tmp_path, children)
    ask(tmp_path, version="9.0.0", asked="a", before="0.1.0")
    assert releases.following(True) and releases.following(False) and runs(releases)[1] == ROOT
    assert said(tmp_path) == {"version": "0.1.0", "asked": "a", "failed": True}
    assert "Release 9.0.0 did not start; 0.1.0 runs again." in capsys.readouterr().out
    assert releases.following(False) is None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"version": "../..", "asked": "a"}', '{"version": "0.0.1"}',
                                  '{"version": "9.0.1"}', '{"version": 7}'])
def test_what_is_older_gone_or_unreadable_leaves_what_was_installed(tmp_path: Path, text: str) -> None:
    ask(tmp_path, version="9.0.0")
    (tmp_path / "releases" / "0.0.1").mkdir()
    (tmp_path / "releases" / "current.json").write_text(text)
    assert runs(Releases(tmp_path, children)) == (sys.executable, ROOT)


def test_a_release_with_libraries_of_its_own_runs_with_them(tmp_path: Path) -> None:
    ask(tmp_path, version="9.0.0", asked="a")
    python = tmp_path / "releases" / "9.0.0" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    assert runs(Releases(tmp_path, children))[0] == str(python)
