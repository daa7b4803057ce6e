"""Write checks: a frozen step from one schema to the next."""

from typing import Any

from peewee import BlobField, DateTimeField, Model, UUIDField


def up(migrator: Any, db: Any) -> None:
    class WriteCheck(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        data = BlobField()

        class Meta:
            database = db
            table_name = 'write_check'

    db.create_tables([WriteCheck])
