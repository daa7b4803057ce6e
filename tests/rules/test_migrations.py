"""The migrations make exactly the models' schema, once, whoever comes first."""

import os
import re
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from hub.models import ALL, base, migrate
from hub.settings import Settings
from scripts.migration_source import difference
from tests import kept, servers
from tests.rules.steps import step
from tests.waits import STUCK_S


def names() -> list[str]:
    return [step.name for step in migrate.runner().migrations()]


def test_an_empty_database_gets_the_models_schema_and_a_second_run_does_nothing(fresh: Settings) -> None:
    assert migrate.upgrade(fresh) == names()
    with base.db.connection_context():
        assert not difference(base.db, ALL)
    assert migrate.upgrade(fresh) == []


def test_types_and_keys_are_those_that_the_models_would_make(
        fresh: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for model in ALL:
        if not fresh.sqlite:        # Postgres has no such words
            monkeypatch.setattr(model._meta, "without_rowid", False)
    migrate.upgrade(fresh)
    migrated = kept.shapes(fresh.database_url)
    with servers.empty_database(fresh.database_url, tmp_path / "models") as url:
        migrate.upgrade(replace(fresh, database_url=url), tmp_path)     # nothing but the table of what was applied
        with base.db.connection_context():
            base.db.create_tables(ALL)
        base.db.close_all()
        # The full text is no model: FTS5 keeps it in tables of its own, Postgres in one.
        migrated = {shape for shape in migrated if not shape[0].startswith("message_words")}
        leaving = {(model._meta.table_name, name) for model in ALL for name in getattr(model._meta, "leaving", ())}
        assert {shape for shape in migrated if shape[:2] not in leaving} == kept.shapes(url)


def test_a_name_begins_with_the_moment_it_was_made(fresh: Settings) -> None:
    base.connect(fresh)
    first, *later = names()
    assert first == "0001_initial", "from before there were moments; it is applied everywhere"
    for name in later:
        assert re.fullmatch(r"\d{8}_\d{4}_[a-z0-9_]+", name), name
        datetime.strptime(f"{name[:13]} +0000", "%Y%m%d_%H%M %z")


def test_two_branches_with_a_migration_each_merge(fresh: Settings, tmp_path: Path) -> None:
    step(tmp_path, "0001_initial", "CREATE TABLE first (id INTEGER)")
    step(tmp_path, "20261127_2050_ours", "SELECT 1 FROM first", "CREATE TABLE ours (id INTEGER)")
    assert migrate.upgrade(fresh, tmp_path) == ["0001_initial", "20261127_2050_ours"]
    step(tmp_path, "20261126_0900_theirs", "SELECT 1 FROM first", "CREATE TABLE theirs (id INTEGER)")
    step(tmp_path, "20261128_0900_later", "SELECT 1 FROM theirs")
    assert migrate.upgrade(fresh, tmp_path) == ["20261126_0900_theirs", "20261128_0900_later"], \
        "what is older than the last applied one as well"
    assert migrate.upgrade(fresh, tmp_path) == []


def test_a_database_that_a_later_release_has_upgraded_is_left_as_it_is(fresh: Settings, tmp_path: Path) -> None:
    step(tmp_path, "0001_initial", "CREATE TABLE first (id INTEGER)")
    path = step(tmp_path, "20261127_2050_later", "CREATE TABLE later (id INTEGER)")
    migrate.upgrade(fresh, tmp_path)
    path.unlink()
    assert migrate.upgrade(fresh, tmp_path) == []
    with base.db.connection_context():
        assert base.db.table_exists("later")


def test_one_that_fails_leaves_nothing_behind_and_is_tried_again(fresh: Settings, tmp_path: Path) -> None:
    step(tmp_path, "0001_initial", "CREATE TABLE first (id INTEGER)")
    half = "CREATE TABLE half (id INTEGER)"
    step(tmp_path, "20261127_2050_wrong", half, says="raise RuntimeError")
    with pytest.raises(RuntimeError):
        migrate.upgrade(fresh, tmp_path)
    with base.db.connection_context():
        assert base.db.table_exists("first") and not base.db.table_exists("half")
    step(tmp_path, "20261127_2050_wrong", half)
    assert migrate.upgrade(fresh, tmp_path) == ["20261127_2050_wrong"]


def test_one_that_is_killed_half_way_leaves_nothing_behind_and_is_done_by_the_next_start(
        fresh: Settings, tmp_path: Path) -> None:
    step(tmp_path, "0001_initial", "CREATE TABLE first (id INTEGER)")
    half = "CREATE TABLE half (id INTEGER)", "INSERT INTO half VALUES (1)"
    step(tmp_path, "20261127_2050_killed", *half, says="import os; os.kill(os.getpid(), 9)")
    code = ("import os, pathlib, sys\nfrom hub.models import migrate\nfrom hub.settings import Settings\n"
            "migrate.upgrade(Settings.load(os.environ), pathlib.Path(sys.argv[1]))")
    env = {**os.environ, "SESSION_SECRET": "x" * 32, "DATABASE_URL": fresh.database_url}
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=env, timeout=STUCK_S)
    assert killed.returncode == -9
    base.connect(fresh)
    with base.db.connection_context():
        assert base.db.table_exists("first") and not base.db.table_exists("half")
    step(tmp_path, "20261127_2050_killed", *half)
    assert migrate.upgrade(fresh, tmp_path) == ["20261127_2050_killed"]


def test_machines_released_at_once_do_it_once(fresh: Settings) -> None:
    code = ("import os, sys\nfrom hub.models import migrate\nfrom hub.settings import Settings\n"
            "settings = Settings.load(os.environ)\nprint('ready', flush=True)\nsys.stdin.read()\n"
            "print(migrate.upgrade(settings))")
    env = {**os.environ, "SESSION_SECRET": "x" * 32, "DATABASE_URL": fresh.database_url}
    four = [subprocess.Popen([sys.executable, "-c", code], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             text=True) for _ in range(4)]
    for child in four:
        assert child.stdout and child.stdout.readline() == "ready\n"
    said = sorted(child.communicate(timeout=STUCK_S)[0].strip() for child in four)
    base.connect(fresh)
    assert said == [str(names()), "[]", "[]", "[]"]


def test_who_writes_to_the_new_file_meanwhile_is_waited_for(fresh: Settings) -> None:
    if not fresh.sqlite:
        pytest.skip("a file is what SQLite has")
    path = Path(fresh.database_url.removeprefix("sqlite:///"))
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        done = threading.Timer(0.5, writer.execute, ("COMMIT",))
        done.start()
        assert migrate.upgrade(fresh) == names()
        done.join()
    with base.db.connection_context():
        assert base.db.pragma("journal_mode") == "wal", "readers and the writer need not wait for each other"
