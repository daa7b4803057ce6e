"""The migrations make exactly the models' schema, once, whoever comes first."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playhouse.schema_diff import diff_models

from hub.models import ALL, base, migrate
from hub.settings import Settings
from tests import servers


@pytest.fixture
def fresh(settings: Settings, tmp_path: Path, web: object) -> Iterator[Settings]:
    """Settings of an empty database of the kind this run uses; afterwards the models point at the run's own again."""
    with servers.empty_database(settings.database_url, tmp_path) as url:
        yield Settings.load({"SESSION_SECRET": "x" * 32, "DATABASE_URL": url})
        base.release()
    base.connect(settings)


def test_an_empty_database_gets_the_models_schema_and_a_second_run_does_nothing(fresh: Settings) -> None:
    assert migrate.upgrade(fresh) == ["0001_initial"]
    with base.db.connection_context():
        assert not diff_models(base.db, ALL)
    assert migrate.upgrade(fresh) == []


def test_machines_released_at_once_do_it_once(fresh: Settings) -> None:
    code = ("import os, sys\nfrom hub.models import migrate\nfrom hub.settings import Settings\n"
            "told = Settings.load(os.environ)\nprint('ready', flush=True)\nsys.stdin.read()\n"
            "print(migrate.upgrade(told))")
    env = {**os.environ, "SESSION_SECRET": "x" * 32, "DATABASE_URL": fresh.database_url}
    four = [subprocess.Popen([sys.executable, "-c", code], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             text=True) for _ in range(4)]
    for child in four:
        assert child.stdout and child.stdout.readline() == "ready\n"
    said = sorted(child.communicate(timeout=60)[0].strip() for child in four)
    assert said == ["['0001_initial']", "[]", "[]", "[]"]


def test_who_writes_to_the_new_file_meanwhile_is_waited_for(fresh: Settings) -> None:
    if not fresh.sqlite:
        pytest.skip("a file is what SQLite has")
    path = Path(fresh.database_url.removeprefix("sqlite:///"))
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        done = threading.Timer(0.5, writer.execute, ("COMMIT",))
        done.start()
        assert migrate.upgrade(fresh) == ["0001_initial"]
        done.join()
    with base.db.connection_context():
        assert base.db.pragma("journal_mode") == "wal", "readers and the writer need not wait for each other"
