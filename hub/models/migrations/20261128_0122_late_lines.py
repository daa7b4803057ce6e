"""Late lines: a frozen step from one schema to the next."""

from typing import Any

from peewee import DateTimeField, DoubleField


def up(migrator: Any, db: Any) -> None:
    migrator.migrate(migrator.add_column('message', 'said_at', DateTimeField(null=True)))
    migrator.migrate(migrator.add_column('message', 'late_position', DoubleField(null=True)))
