"""Updates: a frozen step from one schema to the next."""

from typing import Any

from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField, Model, SQL, TextField, UUIDField


def up(migrator: Any, db: Any) -> None:
    class User(Model):
        class Meta:
            database = db
            table_name = 'user'

    class Update(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        due_at = DateTimeField()
        lease_until = DateTimeField(null=True)
        attempts = IntegerField(constraints=[SQL('DEFAULT 0')])
        error = CharField(constraints=[SQL("DEFAULT ''")])
        version = CharField(max_length=16)
        changelog = TextField(constraints=[SQL("DEFAULT ''")])
        sha256 = CharField(max_length=64, constraints=[SQL("DEFAULT ''")])
        size = IntegerField(constraints=[SQL('DEFAULT 0')])
        migrations = IntegerField(constraints=[SQL('DEFAULT 0')])
        user = ForeignKeyField(User, field=User.id, on_delete='SET NULL', null=True)
        state = CharField(max_length=12, constraints=[SQL("DEFAULT 'uploaded'"), SQL('CONSTRAINT "update_state_check" CHECK ("state" IN (\'uploaded\', \'queued\', \'running\', \'applied\', \'rolled_back\', \'failed\'))')])
        goal = CharField(max_length=12, constraints=[SQL("DEFAULT 'apply'"), SQL('CONSTRAINT "update_goal_check" CHECK ("goal" IN (\'apply\', \'rollback\', \'rebuild\'))')])
        step = CharField(constraints=[SQL("DEFAULT ''")])
        asked = CharField(max_length=32, constraints=[SQL("DEFAULT ''")])
        previous = CharField(max_length=16, constraints=[SQL("DEFAULT ''")])
        backup = CharField(constraints=[SQL("DEFAULT ''")])
        finished_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = 'update'

    db.create_tables([Update])
    db.execute_sql('CREATE INDEX "update_open" ON "update" ("due_at") WHERE ("state" IN (\'queued\', \'running\'))')
    db.execute_sql('CREATE INDEX "update_failed" ON "update" ("id") WHERE ("state" = \'failed\')')
