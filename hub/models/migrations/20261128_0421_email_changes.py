"""Email changes: a frozen step from one schema to the next."""

from typing import Any

from peewee import CharField, DateTimeField, ForeignKeyField, Model, UUIDField


def up(migrator: Any, db: Any) -> None:
    class User(Model):
        class Meta:
            database = db
            table_name = 'user'

    class EmailChange(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        user = ForeignKeyField(User, field=User.id, on_delete='CASCADE', unique=True)
        email = CharField()
        old_digest = CharField(unique=True, max_length=64)
        new_digest = CharField(unique=True, max_length=64)
        old_said_at = DateTimeField(null=True)
        new_said_at = DateTimeField(null=True)
        mark = CharField(max_length=64)
        expires_at = DateTimeField(index=True)

        class Meta:
            database = db
            table_name = 'email_change'

    db.create_tables([EmailChange])
