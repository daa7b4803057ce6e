"""Onboarding: a frozen step from one schema to the next."""

from typing import Any

from peewee import CharField, DateTimeField, ForeignKeyField, JSONField, Model, SQL, UUIDField


def up(migrator: Any, db: Any) -> None:
    class Tenant(Model):
        class Meta:
            database = db
            table_name = 'tenant'

    class Onboarding(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, field=Tenant.id, on_delete='CASCADE', unique=True)
        status = CharField(max_length=12, constraints=[SQL("DEFAULT 'NOT_STARTED'"), SQL('CONSTRAINT "onboarding_status_check" CHECK ("status" IN (\'NOT_STARTED\', \'IN_PROGRESS\', \'DONE\'))')])
        current_step = CharField(max_length=12, constraints=[SQL("DEFAULT 'BUSINESS'"), SQL('CONSTRAINT "onboarding_current_step_check" CHECK ("current_step" IN (\'BUSINESS\', \'CHANNELS\', \'PRODUCTS\', \'POLICIES\', \'KB\', \'REVIEW\', \'DONE\'))')])
        completed_steps = JSONField(constraints=[SQL("DEFAULT '[]'")])
        answers = JSONField(constraints=[SQL("DEFAULT '{}'")])
        documents = JSONField(constraints=[SQL("DEFAULT '{}'")])
        updated_at = DateTimeField()

        class Meta:
            database = db
            table_name = 'onboarding'

    db.create_tables([Onboarding])
