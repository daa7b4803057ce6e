"""Login failures: a frozen step from one schema to the next."""

from typing import Any

from peewee import CharField, DateTimeField, IntegerField, Model, SQL, UUIDField


def up(migrator: Any, db: Any) -> None:
    class LoginFailure(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        key = CharField(unique=True, max_length=64)
        failures = IntegerField(constraints=[SQL('DEFAULT 0')])
        locked_until = DateTimeField(null=True)
        updated_at = DateTimeField(index=True)

        class Meta:
            database = db
            table_name = 'login_failure'

    db.create_tables([LoginFailure])

    migrator.migrate(migrator.drop_not_null('user', 'failed_logins'))
