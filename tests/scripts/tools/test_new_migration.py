"""A migration that the tool writes: fit for the house, and safe while the release before still writes."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
import time_machine
from peewee import (SQL, BooleanField, CharField, Check, CompositeKey, DateTimeField, DecimalField, FloatField,
                    ForeignKeyField, IntegerField, IntegrityError, JSONField, Model, TextField, UUIDField)

from hub.lib import clock, ids
from hub.models import ALL, base, migrate
from hub.models.fields import EnumField
from hub.settings import Settings
from scripts import new_migration
from scripts.migration_source import Change, UnsafeChange, changes, difference
from tests import servers
from tests.scripts.trees import ROOT


class Mood(StrEnum):
    CALM = "calm"
    CROSS = "cross"


class Shelf(Model):
    name = CharField()
    old = CharField()
    worn = CharField(index=True)

    class Meta:
        database = base.db
        table_name = "shelf"


def later() -> list[Any]:
    """The models of the release after: a table more, and of the first one columns and indexes more and less."""
    class Room(Model):
        uuid = UUIDField(unique=True, default=ids.uuid7)
        created_at = DateTimeField(default=clock.now)
        floor = IntegerField(default=1, index=True)
        area = DecimalField(max_digits=14, decimal_places=2, default=Decimal("1.50"))
        note = TextField(null=True)

        class Meta:
            database = base.db
            table_name = "room"
            indexes = ((("floor", "area"), True),)
            constraints = (Check("floor < 100"),)

    class Later(Model):
        name = CharField()
        room = ForeignKeyField(Room, null=True, on_delete="SET NULL")
        parent = ForeignKeyField("self", null=True, on_delete="CASCADE", index=False)
        count = IntegerField(default=0)
        weight = FloatField(default=0.5)
        is_open = BooleanField(default=True)
        mood = EnumField(Mood, default=Mood.CALM, max_length=8)
        saying = CharField(default="it's", unique=False)
        tags: Any = JSONField(default=list)
        page: Any = JSONField(default=dict)
        code = CharField(null=True, unique=True, max_length=40)
        stamped = DateTimeField(constraints=[SQL("DEFAULT '2000-01-01 00:00:00'")], default=clock.now)

        class Meta:
            database = base.db
            table_name = "shelf"
            leaving = ("old",)
            indexes = ((("name", "count"), False),)

    class Pair(Model):
        shelf = ForeignKeyField(Later, on_delete="CASCADE")
        word = CharField(max_length=64)

        class Meta:
            database = base.db
            table_name = "pair"
            primary_key = CompositeKey("shelf", "word")
            without_rowid = True

    Later.add_index(Later.count, where=Later.saying.in_(("calm", "it's")), name="shelf_calm")
    Room.add_index(Room.floor, where=Room.note.is_null(False), name="room_noted")
    return [Later, Room, Pair]


@pytest.fixture
def shelf(settings: Settings, web: object, tmp_path: Path) -> Iterator[Settings]:
    """A database of the release before with one row in it."""
    with servers.empty_database(settings.database_url, tmp_path) as url:
        own = Settings.load({"SESSION_SECRET": "x" * 32, "DATABASE_URL": url})
        migrate.upgrade(own, tmp_path)
        with base.db.connection_context():
            base.db.create_tables([Shelf])
            Shelf.create(name="first", old="x", worn="y")
        yield own
        base.release()
        base.db.close_all()
    base.connect(settings)


def written(folder: Path, models: list[Any], name: str = "A room of its own") -> list[Path]:
    with base.db.connection_context():
        made = changes(difference(base.db, models), models)
    return new_migration.write(made, name, folder)


def test_what_it_writes_makes_the_models_schema(shelf: Settings, tmp_path: Path) -> None:
    models = later()
    paths = written(tmp_path, models)
    assert migrate.upgrade(shelf, tmp_path) == [path.stem for path in paths] and len(paths) == 2
    with base.db.connection_context():
        assert not difference(base.db, models)
        indexes = {index.name: index for table in ("shelf", "room") for index in base.db.get_indexes(table)}
    assert {"shelf_calm", "room_noted"} <= indexes.keys()
    assert [index.unique for index in indexes.values() if index.columns == ["code"]] == [True]


def test_the_release_before_reads_and_writes_on(shelf: Settings, tmp_path: Path) -> None:
    models = later()
    [Later, *_] = models
    written(tmp_path, models)
    migrate.upgrade(shelf, tmp_path)
    with base.db.connection_context():
        base.db.execute_sql("INSERT INTO shelf (name, old) VALUES ('second', 'x')")
        rows = [(row.count, row.weight, row.is_open, row.mood, row.saying, row.tags, row.page, row.code, row.room_id)
                for row in Later.select()]
        assert rows == [(0, 0.5, True, "calm", "it's", [], {}, None, None)] * 2, "the row of before and the new one"
        Later.create(name="third")      # the release after, which does not know the column that leaves
        with pytest.raises(IntegrityError):
            base.db.execute_sql("UPDATE shelf SET mood = 'odd'")


def test_what_left_is_dropped_by_the_release_after_that(shelf: Settings, tmp_path: Path) -> None:
    models = later()
    written(tmp_path, models)
    migrate.upgrade(shelf, tmp_path)
    models[0]._meta.leaving = ()
    [path] = written(tmp_path, models, "old is gone")
    migrate.upgrade(shelf, tmp_path)
    with base.db.connection_context():
        assert "old" not in {column.name for column in base.db.get_columns("shelf")}
    assert "drop_column('shelf', 'old')" in path.read_text()


class Worse(StrEnum):
    CALM = "calm"
    CROSS = "cross"
    FURIOUS = "furious"


def test_a_value_more_of_an_enum_is_allowed_in_old_columns_and_new_ones(shelf: Settings, tmp_path: Path) -> None:
    with base.db.connection_context():
        Shelf.update(worn="calm").execute()
    for kind, changed, refused in ((Mood, ["worn"], "furious"), (Worse, ["worn", "mood"], "livid")):
        class Valued(Shelf):
            worn = EnumField(kind, index=True, default=Mood.CALM)
            mood = EnumField(kind, default=Mood.CALM)

            class Meta:
                table_name = "shelf"

        with base.db.connection_context():
            found = difference(base.db, [Valued])
        if not shelf.sqlite:        # where the tool never looks
            found = replace(found, valued=[Valued._meta.fields[name] for name in changed])
        assert [field.name for field in found.valued] == changed
        new_migration.write(changes(found, [Valued]), "values", tmp_path)
        migrate.upgrade(shelf, tmp_path)
        with base.db.connection_context():
            assert not difference(base.db, [Valued])
            Valued.create(name="x", old="x", worn=list(kind)[-1], mood=list(kind)[-1])
            for column in ("worn", "mood"):
                with pytest.raises(IntegrityError), base.db.atomic():
                    base.db.execute_sql(f"UPDATE shelf SET {column} = '{refused}'")


def test_what_it_writes_is_fit_for_the_house(shelf: Settings, tmp_path: Path) -> None:
    paths = written(tmp_path, later())
    new_migration.main(["everything"], tmp_path / "whole")
    paths += (tmp_path / "whole").glob("*.py")
    for path in paths:
        name, text = f"hub/models/migrations/{path.name}", path.read_text("utf-8")
        ruff = subprocess.run([sys.executable, "-m", "ruff", "check", "--no-cache", "--stdin-filename", name, "-"],
                              cwd=ROOT, input=text, text=True, capture_output=True)
        assert ruff.returncode == 0, ruff.stdout
        assert text.startswith('"""') and "TODO" not in text
    if shelf.sqlite:        # types are the same on each kind of database, and to check them takes a minute
        mypy = subprocess.run([sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path / "cache"), *map(str, paths)],
                              cwd=ROOT, text=True, capture_output=True)
        assert mypy.returncode == 0, mypy.stdout


def test_all_of_todays_models_can_be_written_anew(shelf: Settings, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    assert new_migration.main(["everything"], whole) == 0
    migrate.upgrade(shelf, whole)       # which points the models at its database again
    with base.db.connection_context():
        assert not difference(base.db, ALL)


def test_the_models_and_the_migrations_agree(web: object, settings: Settings, tmp_path: Path,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    there = shutil.copytree(migrate.DIRECTORY, tmp_path / "migrations")
    before = sorted(there.iterdir())
    assert new_migration.main(["nothing new"], there) == 0
    base.connect(settings)
    assert capsys.readouterr().out == "The schema matches the models.\n" and sorted(there.iterdir()) == before


@pytest.mark.parametrize("column", [
    IntegerField(), UUIDField(unique=True, default=ids.uuid7), DateTimeField(default=clock.now)])
def test_what_the_release_before_could_not_write_is_refused(shelf: Settings, tmp_path: Path, column: Any) -> None:
    class Strict(Shelf):
        strict = column.clone()

        class Meta:
            table_name = "shelf"

    with pytest.raises(UnsafeChange, match=r"shelf\.strict"):
        written(tmp_path, [Strict])


def test_an_empty_one_is_for_what_is_written_by_hand(settings: Settings, tmp_path: Path) -> None:
    assert new_migration.main(["--empty", "Fill folded names!"], tmp_path) == 0
    [path] = tmp_path.iterdir()
    assert re.fullmatch(r"\d{8}_\d{4}_fill_folded_names", path.stem)
    assert "def up(migrator: Any, db: Any) -> None:" in path.read_text()


@time_machine.travel("2026-12-31T23:59:20Z", tick=False)
def test_two_in_one_minute_come_one_after_the_other(tmp_path: Path) -> None:
    paths = [new_migration.write([Change([])], name, tmp_path)[0].name for name in ("second", "first")]
    assert paths == ["20261231_2359_second.py", "20270101_0000_first.py"]
