"""Proxy search: a frozen step from one schema to the next."""

from typing import Any

from peewee import TextField


def up(migrator: Any, db: Any) -> None:
    migrator.migrate(migrator.add_column('proxy', 'search_text', TextField(null=True)))
