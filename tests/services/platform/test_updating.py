"""What an update does on its way, and what becomes of it: the supervisor is played by the test."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.lib import clock
from hub.lib.version import VERSION
from hub.models.platform.event import Event
from hub.models.platform.update import Update
from hub.services.platform import releases, updates, updating
from scripts import stack
from scripts.options import Options
from tests import factories
from tests.updates import NEWER, PUBLIC, package


@pytest.fixture
def row(app: Any, use: Any, tmp_path: Path) -> Iterator[Update]:
    """An uploaded package that is to be applied."""
    use(updates_signed_by=PUBLIC, data_dir=str(tmp_path / "data"))
    lock = stack.claim(Options(tmp_path / "data"))
    owner = factories.caller(factories.make_user(factories.make_tenant(), "owner", is_platform_owner=True))
    with package(tmp_path, **{"requirements.txt": (updating.ROOT / "requirements.txt").read_text()}).open("rb") as file:
        yield updates.apply(owner, updates.upload(owner, file))
    stack.os.close(lock)


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was run, instead of running it: tests/scripts/start/test_updates.py runs all of it."""
    found: list[str] = []
    monkeypatch.setattr(updating, "_program", lambda folder, *argv: found.append(f"{folder.name}: {argv[2]}"))
    return found


def go_on(row: Update) -> Update:
    Update.update(due_at=clock.now()).execute()
    updating.run(row.id)
    return updates.found(row.uuid)


def told() -> list[str]:
    return [event.kind for event in Event.select() if event.actor == "service:hub"]


def say(**wish: Any) -> None:
    (releases.folder() / "current.json").write_text(json.dumps(wish))


def test_a_backup_is_made_the_release_tried_and_then_wished_for(row: Update, programs: list[str]) -> None:
    found = go_on(row)
    assert programs == [f"{updating.ROOT.name}: scripts.backing_up", f"{NEWER}: {updating._TRY}"]
    assert releases.wish() == {"version": NEWER, "asked": found.asked, "before": VERSION}
    assert (releases.folder() / NEWER / "hub" / "__init__.py").exists() and found.backup.endswith(".tar.gz")
    assert (found.state, found.previous) == ("queued", VERSION) and told() == []


def test_it_is_applied_when_that_release_runs_and_can_be_taken_back(
        row: Update, programs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = go_on(row).asked
    (releases.folder() / "0.0.1").mkdir()
    waits = go_on(row)
    assert (waits.state, waits.error) == ("queued", ""), "it is not up yet"
    say(version=NEWER, asked=asked)
    for module in (updates, updating, releases):
        monkeypatch.setattr(module, "VERSION", NEWER)
    assert go_on(row).state == "applied" and told() == ["update.applied"]
    assert not (releases.folder() / "0.0.1").exists()
    assert row.user is not None
    updates.rollback(factories.caller(row.user), updates.found(row.uuid))
    assert releases.wish()["version"] == NEWER
    asked = go_on(row).asked
    assert releases.wish() == {"version": VERSION, "asked": asked, "before": NEWER} and len(programs) == 2
    say(version=VERSION, asked=asked)
    for module in (updates, updating, releases):
        monkeypatch.setattr(module, "VERSION", VERSION)
    assert go_on(row).state == "rolled_back" and told()[1:] == ["update.rolled_back"]


def test_a_wish_that_was_lost_is_made_again_and_one_that_failed_is_told(row: Update, programs: list[str]) -> None:
    asked = go_on(row).asked
    (releases.folder() / "current.json").unlink()
    assert go_on(row).asked == asked == releases.wish()["asked"] and len(programs) == 2
    say(version=VERSION, asked=asked, failed=True)
    found = go_on(row)
    assert found.state == "failed" and "did not start" in found.error and told() == ["update.failed"]


def test_a_package_that_is_gone_is_not_offered(row: Update) -> None:
    assert updates.may_be_applied(row)
    releases.package(NEWER).unlink()
    assert not updates.may_be_applied(row)


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b"another"), Path.unlink])
def test_a_package_that_is_not_the_one_that_was_uploaded_changes_nothing(
        row: Update, programs: list[str], spoil: Any) -> None:
    spoil(releases.package(NEWER))
    found = go_on(row)
    assert found.state == "failed" and "upload it again" in found.error
    assert releases.wish() == {} and told() == ["update.failed"]


def test_what_is_never_started_is_given_up_and_told(row: Update, programs: list[str]) -> None:
    go_on(row)
    Update.update(attempts=updating.UPDATES.attempts - 1).execute()
    found = go_on(row)
    assert found.state == "failed" and "in time" in found.error and told() == ["update.failed"]


def test_a_program_that_fails_is_told_with_its_last_words(row: Update, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updating, "_TRY", "raise SystemExit('No such library.')")
    monkeypatch.setattr(updating, "_back_up", lambda row: None)
    found = go_on(row)
    assert (found.state, found.error) == ("failed", "No such library.") and releases.wish() == {}
