"""Second factor: a frozen step from one schema to the next."""

from typing import Any

from peewee import BigIntegerField, CharField, DateTimeField, ForeignKeyField, Model, SQL, TextField, UUIDField


def up(migrator: Any, db: Any) -> None:
    class User(Model):
        class Meta:
            database = db
            table_name = 'user'

    class RecoveryCode(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        user = ForeignKeyField(User, field=User.id, on_delete='CASCADE')
        digest = CharField(unique=True, max_length=64)
        used_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = 'recovery_code'

    db.create_tables([RecoveryCode])

    class Totp(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        user = ForeignKeyField(User, field=User.id, on_delete='CASCADE', unique=True)
        secret = TextField()
        confirmed_at = DateTimeField(null=True)
        last_step = BigIntegerField(constraints=[SQL('DEFAULT 0')])

        class Meta:
            database = db
            table_name = 'totp'

    db.create_tables([Totp])
