"""Updates over the API of the platform: off, switched on, uploaded, asked for, one at a time."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.lib.version import VERSION
from hub.models.platform.event import Event
from hub.models.platform.update import Update
from hub.services.platform import releases
from scripts import stack
from scripts.options import Options
from tests.client import Client
from tests.updates import PUBLIC, package

BASE = "/api/admin/updates"
Platform = Callable[..., Client]


@pytest.fixture
def root(platform: Platform, use: Any, tmp_path: Path) -> Iterator[Client]:
    """The owner, where updates are on and scripts/run holds the data folder."""
    use(updates_signed_by=PUBLIC, data_dir=str(tmp_path / "data"))
    lock = stack.claim(Options(tmp_path / "data"))
    yield platform(owner=True)
    stack.os.close(lock)


def upload(client: Client, path: Path, **form: str) -> Any:
    return client.call("POST", f"{BASE}/upload", data={"version": "9.9.9", **form, "file": (
        io.BytesIO(path.read_bytes()), "parley.zip")})


def test_what_is_switched_off_says_which_setting_switches_it_on(platform: Platform, tmp_path: Path) -> None:
    owner = platform(owner=True)
    row = Update.create(version="9.9.9", sha256="0" * 64)
    answers = [upload(owner, package(tmp_path)), *(owner.call("POST", path) for path in (
        f"{BASE}/{row.uuid}/apply", f"{BASE}/{row.uuid}/rollback", "/api/admin/system/rebuild"))]
    assert {(one.status_code, one.get_json()["error"]["code"], "UPDATES_SIGNED_BY" in one.text) for one in answers} == {
        (409, "updates_off", True)}
    assert owner.get(f"{BASE}/version") == {"version": VERSION} and Event.select().count() == 0


def test_a_package_is_kept_and_asked_for_once(root: Client, tmp_path: Path) -> None:
    answer = upload(root, package(tmp_path), changelog="Faster.").get_json()
    made = answer["update"]
    assert answer["success"] and (made["version"], made["changelog"], made["state"]) == ("9.9.9", "Faster.", "uploaded")
    assert releases.package("9.9.9").exists() and not list(releases.folder().glob(".upload-*"))
    assert root.post(f"{BASE}/{made['id']}/apply")["success"]
    for path in (f"{BASE}/{made['id']}/apply", "/api/admin/system/rebuild"):
        root.refused("POST", path, status=409, code="update_running")
    root.refused("POST", f"{BASE}/{made['id']}/rollback", status=409, code="update_not_applied")
    shown = root.get(BASE)
    assert shown["currentVersion"] == VERSION and [one["state"] for one in shown["history"]] == ["queued"]
    assert [event.kind for event in Event.select()] == ["update.created", "update.apply_asked"]


def test_a_package_that_cannot_follow_is_refused_and_leaves_nothing(root: Client, tmp_path: Path) -> None:
    for given, form in (({"version": VERSION}, {"version": VERSION}), ({"since": "9.9.8"}, {}),
                        ({}, {"version": "9.9.8"})):
        answer = upload(root, package(tmp_path, **given), **form)
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "update_refused"), answer.text
    (tmp_path / "text.zip").write_text("text")
    assert upload(root, tmp_path / "text.zip").status_code == 400
    assert not Update.select().exists() and not list(releases.folder().iterdir())


def test_the_update_that_runs_is_taken_back(root: Client) -> None:
    row = Update.create(version=VERSION, sha256="0" * 64, state="applied", previous="0.0.9")
    assert root.post(f"{BASE}/{row.uuid}/rollback")["success"]
    assert [(one["goal"], one["state"], one["previous"]) for one in root.get(BASE)["history"]] == [
        ("rollback", "queued", "0.0.9")]


def test_the_release_that_runs_is_started_anew_and_elsewhere_a_platform_does_it(
        root: Client, use: Any, tmp_path: Path) -> None:
    assert root.post("/api/admin/system/rebuild")["success"]
    assert [(row.goal, row.version) for row in Update.select()] == [("rebuild", VERSION)]
    use(updates_signed_by=PUBLIC, data_dir=str(tmp_path / "elsewhere"))
    root.refused("POST", "/api/admin/system/rebuild", status=409, code="updates_elsewhere")
