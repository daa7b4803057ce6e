"""Which release the supervisor runs: the installed copy, or a newer one that an update unpacked in the data folder.

DATA_DIR/releases/current.json says so: {version, asked, before}. hub/services/platform/releases.py writes it. `asked`
is new with every wish, also for the same version again. `before` stands there until that release is up. One that does
not get up makes way for `before`, and `failed` says so.
"""

import json
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from scripts.child import Child
from scripts.options import ROOT
from scripts.supervisor import Crew, tell


class Releases:
    """`children`: what runs, with the Python at that path."""

    def __init__(self, data: Path, children: Callable[[str], list[Child]]) -> None:
        self._folder, self._children = data / "releases", children
        self._now = self._said()

    def crew(self) -> Crew:
        root = self._root()
        python = root / ".venv" / "bin" / "python"
        return self._children(str(python) if root != ROOT and python.exists() else sys.executable), root

    def is_over(self) -> bool:
        """Does somebody want another release, or this one anew?"""
        return self._said().get("asked") != self._now.get("asked")

    def following(self, was_up: bool) -> Crew | None:
        """What runs next; None when the last one failed and there is nothing to go back to."""
        if not self.is_over():
            if was_up or "before" not in self._now:
                return None
            tell(f"Release {self._now['version']} did not start; {self._now['before']} runs again.")
            self._say({"version": self._now["before"], "asked": self._now["asked"], "failed": True})
        self._now = self._said()
        return self.crew()

    def proved(self) -> None:
        """All of it is up."""
        if "before" in self._now and not self.is_over():
            self._say({name: value for name, value in self._now.items() if name != "before"})

    def _root(self) -> Path:
        """What was installed by hand and is as new goes before what was uploaded."""
        version = str(self._now.get("version", ""))
        with suppress(OSError):
            if _number(version) > _number((ROOT / "VERSION").read_text()) and (self._folder / version).is_dir():
                return self._folder / version
        return ROOT

    def _said(self) -> dict[str, Any]:
        try:
            return dict(json.loads((self._folder / "current.json").read_text()))
        except (OSError, ValueError, TypeError):
            return {}

    def _say(self, what: dict[str, Any]) -> None:
        draft = self._folder / ".current.json"
        draft.write_text(json.dumps(what))
        draft.replace(self._folder / "current.json")
        self._now = what


def _number(version: str) -> list[int]:
    found = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", version.strip())
    return [int(part) for part in found.groups()] if found else []
