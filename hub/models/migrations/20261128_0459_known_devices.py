"""Known devices: a frozen step from one schema to the next."""

from typing import Any

from peewee import CharField, DateTimeField, ForeignKeyField, Model, UUIDField


def up(migrator: Any, db: Any) -> None:
    class User(Model):
        class Meta:
            database = db
            table_name = 'user'

    class KnownDevice(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        user = ForeignKeyField(User, field=User.id, on_delete='CASCADE')
        digest = CharField(unique=True, max_length=64)
        seen_at = DateTimeField()

        class Meta:
            database = db
            table_name = 'known_device'

    db.create_tables([KnownDevice])
