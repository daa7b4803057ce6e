"""Passkeys: a frozen step from one schema to the next."""

from typing import Any

from peewee import BigIntegerField, CharField, DateTimeField, ForeignKeyField, Model, SQL, TextField, UUIDField


def up(migrator: Any, db: Any) -> None:
    class User(Model):
        class Meta:
            database = db
            table_name = 'user'

    class Passkey(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        user = ForeignKeyField(User, field=User.id, on_delete='CASCADE')
        name = CharField(max_length=120)
        credential = CharField(unique=True, max_length=1400)
        public_part = TextField()
        sign_count = BigIntegerField(constraints=[SQL('DEFAULT 0')])
        last_used_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = 'passkey'

    db.create_tables([Passkey])
