"""One file of the whole installation, made while people write, and put into an empty place again."""

import io
import os
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from peewee import DatabaseError

from hub.lib import archive
from hub.models import base, migrate
from hub.models.backup import Refused
from hub.models.channels.channel import Channel
from hub.models.conversations.delivery import Delivery, DeliveryState
from hub.models.conversations.message import Message
from hub.models.platform.file import FileKind
from hub.services import files
from hub.services.conversations import outbox
from hub.services.platform import backups, restores
from hub.settings import Settings
from tests import factories, kept, servers
from tests.factories import People
from tests.services import steps
from tests.scripts.trees import ROOT, clean
from tests.waits import STUCK_S, until

_LINES = "SELECT text FROM message WHERE role = 'customer' ORDER BY id"
_COUNTED = ("SELECT c.id FROM conversation c LEFT JOIN message m ON m.conversation_id = c.id GROUP BY c.id "
            "HAVING c.messages_count <> COUNT(m.id)")


def run(module: str, *words: object, settings: Settings, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", f"scripts.{module}", *map(str, words)], cwd=ROOT, text=True,
                          capture_output=True, timeout=STUCK_S * 2, env=clean(**{**settings.stated(), **env}))


def made(folder: Path, secrets: bool = False) -> Path:
    """A backup of this moment."""
    path = folder / backups.name()
    backups.write(path, secrets)
    return path


@contextmanager
def empty_place(settings: Settings, folder: Path) -> Iterator[Settings]:
    """The settings of an installation that has nothing yet."""
    with servers.empty_database(settings.database_url, folder) as url:
        yield replace(settings, database_url=url, data_dir=str(folder / "data"))


@contextmanager
def writing(site: Channel) -> Iterator[list[str]]:
    """A visitor who goes on writing while the block runs; the texts that were stored so far."""
    stored: list[str] = []
    ends = threading.Event()

    def write() -> None:
        with base.connection():
            while not ends.is_set():
                stored.append(factories.make_line(site, f"Line {len(stored)}", f"v{len(stored) % 3}").text)

    visitor = threading.Thread(target=write)
    visitor.start()
    try:
        until(lambda: len(stored) > 5)
        yield stored
    finally:
        ends.set()
        visitor.join()



def test_what_was_written_before_is_restored_and_what_is_written_meanwhile_is_whole(
        people: People, site: Channel, settings: Settings, tmp_path: Path) -> None:
    file = files.store(people.tenant, FileKind.ATTACHMENT, "menu.txt", io.BytesIO(b"Rye bread"))
    base.release()
    with writing(site) as stored:
        before = list(stored)
        path = Path(run("backing_up", tmp_path, settings=settings).stdout.partition("  ")[0])
        until(lambda: len(stored) > len(before) + 1)
    assert path.stat().st_mode & 0o777 == 0o600 and [*tmp_path.iterdir()] == [path]
    with empty_place(settings, tmp_path) as new:
        done = run("restoring", path, settings=new)
        assert (done.returncode, done.stderr) == (0, "")
        assert f"and {sum(1 for _ in files.on_disk())} files." in done.stdout       # those of other tests as well
        lines = [text for (text,) in kept.rows(new.database_url, _LINES)]
        assert lines[:len(before)] == before and lines == stored[:len(lines)], "nothing is missing in between"
        assert kept.rows(new.database_url, _COUNTED) == []
        copy = Path(new.data_dir, "files", str(people.tenant.uuid), file.sha256[:2], file.sha256)
        assert copy.read_bytes() == b"Rye bread"
        assert kept.schema(new.database_url) == kept.schema(settings.database_url)
        _goes_on(new, settings, site)


def _goes_on(new: Settings, settings: Settings, site: Channel) -> None:
    """Numbers go on behind those of the backup, and triggers are there again."""
    base.release()
    base.db.close_all()
    try:
        base.connect(new)
        with base.connection():
            last = Message.select().order_by(Message.id.desc()).get().id
            assert factories.make_line(Channel.get_by_id(site.id), "After the restore").id > last
            with pytest.raises(DatabaseError, match="append-only"), base.transaction():
                base.db.execute_sql("UPDATE event SET kind = 'other'")
        base.db.close_all()
    finally:
        base.connect(settings)


def test_what_was_sent_before_a_backup_is_not_owed_after_it(people: People, settings: Settings, tmp_path: Path) -> None:
    conversation = factories.make_conversation(factories.make_custom(people.tenant, "http://127.0.0.1:9/"), "Hello")
    for number in range(3):
        outbox.reply(factories.caller(people.bob), steps.fresh(conversation), f"Line {number}", f"client-{number}")
    first, doubted, _ = Delivery.select().order_by(Delivery.id)
    for delivery, state in ((first, DeliveryState.SENT), (doubted, DeliveryState.UNKNOWN)):
        Delivery.update(state=state).where(Delivery.id == delivery.id).execute()
    path = made(tmp_path)
    base.release()
    with empty_place(settings, tmp_path) as new:
        assert run("restoring", path, settings=new).returncode == 0
        states = kept.rows(new.database_url, "SELECT state FROM delivery ORDER BY id")
    assert [state for (state,) in states] == ["sent", "unknown", "queued"]


@pytest.mark.parametrize("release", kept.RELEASES)
def test_a_backup_of_an_earlier_release_is_restored_and_brought_up_to_date(
        app: Any, release: str, settings: Settings, tmp_path: Path) -> None:
    with kept.restored(release, settings.database_url, tmp_path) as url:
        old = replace(Settings.load({**kept.settings(release), "DATABASE_URL": url}), data_dir=str(tmp_path / "old"))
        path, truths = tmp_path / "old.tar.gz", kept.truths(release, url)
        assert run("backing_up", path, settings=old).returncode == 0
        (tmp_path / "place").mkdir()
        with empty_place(old, tmp_path / "place") as new:
            done = run("restoring", path, settings=new)
            assert (done.returncode, done.stderr) == (0, "") and "Brought up to date" in done.stdout
            assert "cannot be read" not in done.stdout
            for table, count in truths["rows"].items():
                assert kept.rows(new.database_url, f'SELECT COUNT(*) FROM "{table}"') == [(count,)], table
            assert kept.schema(new.database_url) == kept.schema(settings.database_url)


def test_what_a_killed_backup_left_is_gone_after_a_day(people: People, tmp_path: Path) -> None:
    left = [tmp_path / f"{archive.DRAFT}{name}" for name in ("old", "new", "copy")]
    others = tmp_path / ".parley-notes"
    left[2].mkdir()
    for file in (*left[:2], left[2] / "hub.db", others):
        file.write_bytes(b"half")
    for path in (left[0], left[2], others):
        os.utime(path, (0, 0))
    path = made(tmp_path)
    assert {*tmp_path.iterdir()} == {path, left[1], others}


def test_a_place_that_is_not_empty_is_left_as_it_is(people: People, settings: Settings, tmp_path: Path) -> None:
    path = made(tmp_path)
    done = run("restoring", path, settings=settings)
    assert done.returncode == 2 and "is not empty" in done.stderr and done.stderr.count("\n") == 1
    with empty_place(settings, tmp_path) as new:
        kept_file = Path(new.data_dir, "files", str(people.tenant.uuid), "ab", "ab" * 32)
        kept_file.parent.mkdir(parents=True)
        kept_file.write_bytes(b"Somebody's")
        done = run("restoring", path, settings=new)
        assert done.returncode == 2 and "files is not empty" in done.stderr and kept_file.exists()
    assert run("backing_up", path, settings=settings).stderr == f"{path} is there already; a backup replaces nothing.\n"


def test_a_backup_that_is_cut_off_or_changed_is_refused_and_nothing_is_restored(
        people: People, settings: Settings, tmp_path: Path) -> None:
    path, bad = made(tmp_path), tmp_path / "bad"
    whole = path.read_bytes()
    for data in (whole[:len(whole) // 2], whole[:-200], b"PK\3\4" + whole, b"", _changed(path, tmp_path)):
        bad.write_bytes(data)
        with pytest.raises((archive.Broken, Refused), match=rf"^{bad} (is|was) .*\.$"):
            restores.check(bad)
    with empty_place(settings, tmp_path) as new:
        done = run("restoring", bad, settings=new)
        assert (done.returncode, done.stderr) == (2, f"{bad} was changed after it was made.\n")
        assert not Path(new.data_dir, "files").exists()
    assert run("restoring", "--check", path, settings=settings).stdout.startswith("Whole: a backup of ")


def _changed(path: Path, folder: Path) -> bytes:
    """The same archive with a line more in it."""
    new = folder / "changed"
    with tarfile.open(path) as old, tarfile.open(new, "w:gz") as tar:
        for member in old:
            content = old.extractfile(member)
            assert content is not None
            data = content.read() + (b"PORT=1\n" if member.name == "settings.env" else b"")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    data = new.read_bytes()
    new.unlink()
    return data


def test_passwords_and_keys_are_in_it_only_if_somebody_asks(
        people: People, use: Any, settings: Settings, tmp_path: Path) -> None:
    doors = {"session_secret": "Door-" * 8, "smtp_password": "Mail-door",
             "openai_base_url": "https://me:Url-door@ai.example"}
    use(**doors, smtp_host="mail.example", smtp_from="a@b.example")
    said = [_member(made(tmp_path, secrets), "settings.env") for secrets in (False, True)]
    assert "SMTP_HOST=mail.example" in said[0] and not [door for door in doors.values() if door in said[0]]
    assert not [door for door in doors.values() if door not in said[1]]


def _member(path: Path, name: str) -> str:
    with tarfile.open(path) as tar:
        content = tar.extractfile(name)
        assert content is not None
        return content.read().decode()


def test_an_empty_installation_takes_the_keys_over_with_the_rest(
        people: People, settings: Settings, tmp_path: Path) -> None:
    factories.make_custom(people.tenant, "https://shop.example")
    path = made(tmp_path, secrets=True)
    with empty_place(replace(settings, session_secret=""), tmp_path) as new:
        done = run("restoring", path, settings=new)
        assert (done.returncode, done.stderr) == (0, "") and "cannot be read" not in done.stdout
        assert f"SESSION_SECRET={settings.session_secret}\n" in Path(new.data_dir, "secrets.env").read_text()
    (tmp_path / "other").mkdir()
    with empty_place(replace(settings, session_secret="another " * 5), tmp_path / "other") as other:
        assert "1 stored secrets cannot be read" in run("restoring", path, settings=other).stdout


def test_while_the_database_is_being_upgraded_there_is_no_backup(
        people: People, settings: Settings, tmp_path: Path) -> None:
    base.release()
    alone = migrate._alone_in_file() if settings.sqlite else migrate._alone_on_server()
    with alone:
        done = run("backing_up", tmp_path / "new.tar.gz", settings=settings)
    assert (done.returncode, [*tmp_path.iterdir()]) == (2, [])
    assert done.stderr == "The database is being upgraded at this moment; try again when that is done.\n"


def test_a_backup_of_the_other_kind_of_database_is_refused(
        people: People, settings: Settings, tmp_path: Path) -> None:
    path = made(tmp_path)
    other = "postgres://u:p@127.0.0.1:1/x" if settings.sqlite else f"sqlite:///{tmp_path}/other.db"
    done = run("restoring", path, settings=replace(settings, database_url=other, data_dir=str(tmp_path / "data")))
    assert done.returncode == 2 and "DATABASE_URL" in done.stderr
