"""Migrations of tables that are in use: whoever writes meanwhile goes on writing."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from peewee import IntegrityError

from hub.models import base, migrate
from hub.settings import Settings
from tests.rules.steps import step
from tests.waits import STUCK_S

_OURS = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND"      # the server has other databases
_INDEX = "online.create_index(db, 'shop_name', '\"shop\" (\"name\")', unique=True)"


@pytest.fixture
def shop(fresh: Settings, tmp_path: Path) -> Settings:
    """A database with the table `shop` and a row in it."""
    step(tmp_path, "0001_initial", "CREATE TABLE shop (id INTEGER, name VARCHAR(40))",
         "INSERT INTO shop VALUES (1, 'a')")
    migrate.upgrade(fresh, tmp_path)
    return fresh


@pytest.fixture
def server(shop: Settings) -> Settings:
    if shop.sqlite:
        pytest.skip("a file has one writer at a time anyway")
    return shop


@contextmanager
def another(settings: Settings) -> Iterator[Any]:
    """Somebody else's open transaction; a statement of theirs that had to wait too long would fail."""
    with closing(psycopg2.connect(settings.database_url)) as link, link.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {int(STUCK_S * 1000)}")
        link.commit()
        yield cursor


@contextmanager
def upgrading(settings: Settings, folder: Path, machines: int) -> Iterator[Callable[[], list[str]]]:
    """So many machines upgrade at this moment; what they said, when they have ended."""
    code = ("import os, pathlib, sys\nfrom hub.models import migrate\nfrom hub.settings import Settings\n"
            "print(migrate.upgrade(Settings.load(os.environ), pathlib.Path(sys.argv[1])))")
    env = {**os.environ, "SESSION_SECRET": "x" * 32, "DATABASE_URL": settings.database_url}
    all_ = [subprocess.Popen([sys.executable, "-c", code, str(folder)], env=env, stdout=subprocess.PIPE, text=True)
            for _ in range(machines)]
    try:
        yield lambda: sorted(one.communicate(timeout=STUCK_S)[0].strip() for one in all_)
    finally:
        for one in all_:
            one.kill()
            one.wait()


def until(cursor: Any, query: str) -> None:
    """Returns when the query finds something."""
    end = time.monotonic() + STUCK_S
    while True:
        cursor.execute(query)
        found = cursor.fetchone()
        cursor.connection.commit()      # in one transaction it would be shown the same moment again and again
        if found:
            return
        assert time.monotonic() < end, query
        time.sleep(0.02)


def test_a_change_of_a_table_lets_writers_pass_while_a_long_transaction_holds_it(
        server: Settings, tmp_path: Path) -> None:
    step(tmp_path, "20261127_2050_more", "ALTER TABLE shop ADD COLUMN more INTEGER NOT NULL DEFAULT 0")
    with another(server) as reader, another(server) as writer, another(server) as watcher:
        reader.execute("SELECT * FROM shop")
        with upgrading(server, tmp_path, machines=2) as said:
            until(watcher, f"{_OURS} wait_event = 'relation'")
            writer.execute("INSERT INTO shop VALUES (2, 'b')")
            writer.connection.commit()
            reader.connection.commit()
            assert said() == ["['20261127_2050_more']", "[]"]


def test_an_index_is_made_while_others_write(server: Settings, tmp_path: Path) -> None:
    step(tmp_path, "20261127_2050_names_indexes", says=_INDEX, atomic=False)
    with another(server) as first, another(server) as second, another(server) as watcher:
        first.execute("INSERT INTO shop VALUES (2, 'b')")
        with upgrading(server, tmp_path, machines=2) as said:
            until(watcher, f"{_OURS} query LIKE 'CREATE UNIQUE INDEX CONCURRENTLY%'")
            until(watcher, f"{_OURS} query LIKE 'SELECT pg%advisory_lock(%'")
            second.execute("INSERT INTO shop VALUES (3, 'c')")
            second.connection.commit()
            first.connection.commit()
            assert said() == ["['20261127_2050_names_indexes']", "[]"]
        watcher.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'shop_name'::regclass")
        assert watcher.fetchall() == [(True,)]


def test_an_index_that_could_not_be_made_is_made_by_the_next_start(shop: Settings, tmp_path: Path) -> None:
    step(tmp_path, "20261127_2050_names_indexes", says=_INDEX, atomic=False)
    with base.db.connection_context():
        base.db.execute_sql("INSERT INTO shop VALUES (2, 'a')")
    with pytest.raises(IntegrityError):
        migrate.upgrade(shop, tmp_path)
    with base.db.connection_context():
        base.db.execute_sql("UPDATE shop SET name = 'b' WHERE id = 2")
    assert migrate.upgrade(shop, tmp_path) == ["20261127_2050_names_indexes"]
    with base.db.connection_context(), pytest.raises(IntegrityError):
        base.db.execute_sql("INSERT INTO shop VALUES (3, 'b')")


def test_a_step_that_ran_already_does_nothing(shop: Settings, tmp_path: Path) -> None:
    step(tmp_path, "20261127_2050_names_indexes", says=f"{_INDEX}; {_INDEX}", atomic=False)
    step(tmp_path, "20261127_2051_names_indexes", says="online.drop_index(db, 'shop_name')", atomic=False)
    step(tmp_path, "20261127_2052_names_indexes", says="online.drop_index(db, 'shop_name')", atomic=False)
    assert len(migrate.upgrade(shop, tmp_path)) == 3
    with base.db.connection_context():
        assert base.db.get_indexes("shop") == []
