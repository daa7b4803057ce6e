"""Tenant closing: a frozen step from one schema to the next."""

from typing import Any

from peewee import DateTimeField


def up(migrator: Any, db: Any) -> None:
    migrator.migrate(migrator.add_column('tenant', 'closing_at', DateTimeField(null=True)))
    migrator.migrate(migrator.add_column('tenant', 'closing_lease', DateTimeField(null=True)))
