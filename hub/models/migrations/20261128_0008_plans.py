"""Plans, trials and grants. The trial of a business from before begins now."""

from datetime import timedelta
from typing import Any

from peewee import CharField, DateTimeField, ForeignKeyField, Model, SQL, TextField, UUIDField

from hub.lib import clock


def up(migrator: Any, db: Any) -> None:
    class Tenant(Model):
        trial_ends_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = 'tenant'

    class Grant(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, field=Tenant.id, on_delete='CASCADE')
        starts_at = DateTimeField()
        ends_at = DateTimeField()
        reason = TextField()
        granted_by = CharField()
        revoked_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = 'tenant_grant'

    db.create_tables([Grant])

    migrator.migrate(migrator.add_column('tenant', 'plan', CharField(max_length=16, constraints=[SQL("DEFAULT 'trial'"), SQL('CONSTRAINT "tenant_plan_check" CHECK ("plan" IN (\'trial\', \'launch\', \'scale\', \'max\'))')]), allow_not_null=True))
    migrator.migrate(migrator.add_column('tenant', 'trial_ends_at', DateTimeField(null=True)))
    Tenant.update(trial_ends_at=clock.now() + timedelta(days=14)).execute()
