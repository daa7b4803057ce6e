"""Smoke test: a frozen step from one schema to the next."""

from typing import Any

from peewee import DateTimeField, JSONField, SQL


def up(migrator: Any, db: Any) -> None:
    migrator.migrate(migrator.add_column('onboarding', 'tested', JSONField(constraints=[SQL("DEFAULT '{}'")]), allow_not_null=True))
    migrator.migrate(migrator.add_column('onboarding', 'tested_at', DateTimeField(null=True)))
