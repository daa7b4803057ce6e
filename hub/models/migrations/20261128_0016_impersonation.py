"""Impersonation: a frozen step from one schema to the next."""

from typing import Any

from peewee import ForeignKeyField, Model


def up(migrator: Any, db: Any) -> None:
    class User(Model):
        class Meta:
            database = db
            table_name = 'user'

    class UserSession(Model):
        class Meta:
            database = db
            table_name = 'user_session'

    migrator.migrate(migrator.add_column('user_session', 'impersonator_id', ForeignKeyField(User, field=User.id, on_delete='CASCADE', index=False, null=True)))
    migrator.migrate(migrator.add_column('user_session', 'opened_by_id', ForeignKeyField(UserSession, field=UserSession.id, on_delete='CASCADE', index=False, null=True)))
