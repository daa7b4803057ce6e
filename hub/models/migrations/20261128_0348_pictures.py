"""Pictures: a frozen step from one schema to the next."""

from typing import Any

from peewee import DateTimeField, UUIDField


def up(migrator: Any, db: Any) -> None:
    migrator.migrate(migrator.add_column('tenant', 'logo', UUIDField(null=True)))
    migrator.migrate(migrator.add_column('user', 'picture', UUIDField(null=True)))
    migrator.migrate(migrator.add_column('user', 'updated_at', DateTimeField(null=True)))
