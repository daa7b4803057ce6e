"""An update from its package to the release that serves, and back: the whole of Parley, as a person runs it."""

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.lib.version import VERSION
from scripts import pack_update
from tests.scripts.trees import ROOT, Started, Tree
from tests.waits import STUCK_S, until

NEWER = "99.0.0"
OWNER = {"email": "root@parley.example", "password": "Better-horse-8"}
_LEFT_OUT = ("tests", "data", "build", "__pycache__", ".*")


def packed(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """A package of this program with another version and one file more; the public key of who signed it."""
    shutil.copytree(ROOT, folder / "program", ignore=shutil.ignore_patterns(*_LEFT_OUT))
    (folder / "program" / "VERSION").write_text(f"{NEWER}\n")
    (folder / "program" / "static" / "new.txt").write_text("What is new.")
    assert pack_update.main([str(folder / "new.zip"), "--key", str(folder / "key"), "--new-key", "--since", VERSION,
                             "--root", str(folder / "program")]) == 0
    return capsys.readouterr().out.splitlines()[0].partition("=")[2]


class Owner:
    """Who owns the installation, over the API."""

    def __init__(self, hub: str) -> None:
        self.last: Any = {}
        self.http = httpx.Client(base_url=hub, timeout=60)
        said = self.http.post("/api/auth/login", json=OWNER).json()
        self.http.headers["Authorization"] = f"Bearer {said['access_token']}"

    def post(self, path: str, **sent: Any) -> Any:
        answer = self.http.post(f"/api/admin/updates{path}", **sent)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def now(self) -> tuple[str, str]:
        """The version that runs, and the state of the update; nobody may be there."""
        with suppress(httpx.TransportError, ValueError, KeyError):
            self.last = self.http.get("/api/admin/updates").json()
            return self.last["currentVersion"], self.last["history"][0]["state"]
        return "", ""

    def sees(self, version: str, state: str, tree: Tree) -> int:
        """The status of the file that only the new release has, once that version runs and the update is so far."""
        for ends in (lambda: self.now()[0] == version, lambda: self.now() == (version, state)):
            until(ends, lambda: f"{self.last}\n{tree.text()}", pause_s=0.5)     # it counts how often we ask
        return self.http.get("/static/new.txt").status_code


@pytest.mark.slow
@pytest.mark.timeout(6 * STUCK_S)       # everything is started three times
def test_a_package_is_applied_after_a_backup_and_taken_back(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Which database it is makes no difference here."""
    env = {"UPDATES_SIGNED_BY": packed(tmp_path, capsys), "OWNER_EMAIL": OWNER["email"],
           "OWNER_PASSWORD": OWNER["password"]}
    with Started(tmp_path, env, "--no-demo") as started:
        owner = Owner(started.ready()["hub"])
        with (tmp_path / "new.zip").open("rb") as file:
            update = owner.post("/upload", data={"version": NEWER}, files={"file": file})["update"]
        owner.post(f"/{update['id']}/apply")
        assert owner.sees(NEWER, "applied", started.tree) == 200
        assert len(os.listdir(tmp_path / "data" / "backups")) == 1
        owner.post(f"/{update['id']}/rollback")
        assert owner.sees(VERSION, "rolled_back", started.tree) == 404
        assert "before" not in json.loads((tmp_path / "data" / "releases" / "current.json").read_text())
        started.stop()
