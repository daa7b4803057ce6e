"""Session era: a frozen step from one schema to the next."""

from typing import Any

from peewee import IntegerField, SQL


def up(migrator: Any, db: Any) -> None:
    migrator.migrate(migrator.add_column('user', 'session_era', IntegerField(constraints=[SQL('DEFAULT 0')]), allow_not_null=True))
