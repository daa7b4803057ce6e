"""Files on disk: a frozen step from one schema to the next."""

from typing import Any

from peewee import CharField, IntegerField, SQL


def up(migrator: Any, db: Any) -> None:
    migrator.migrate(migrator.add_column('file', 'kind', CharField(max_length=16, constraints=[SQL("DEFAULT 'knowledge'"), SQL('CONSTRAINT "file_kind_check" CHECK ("kind" IN (\'knowledge\', \'picture\', \'attachment\'))')]), allow_not_null=True))
    migrator.migrate(migrator.add_column('file', 'owner', CharField(max_length=64, constraints=[SQL("DEFAULT ''")]), allow_not_null=True))
    migrator.migrate(migrator.add_column('file', 'on_disk', IntegerField(constraints=[SQL('DEFAULT 0')]), allow_not_null=True))
