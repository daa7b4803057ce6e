"""Feature flags: a frozen step from one schema to the next."""

from typing import Any

from peewee import BooleanField, CharField, DateTimeField, ForeignKeyField, Model, UUIDField


def up(migrator: Any, db: Any) -> None:
    class Tenant(Model):
        class Meta:
            database = db
            table_name = 'tenant'

    class FeatureFlag(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, field=Tenant.id, on_delete='CASCADE', index=False, null=True)
        name = CharField(max_length=32)
        enabled = BooleanField()
        updated_at = DateTimeField()

        class Meta:
            database = db
            table_name = 'feature_flag'
            indexes = ((('tenant', 'name'), True),)

    db.create_tables([FeatureFlag])
    db.execute_sql('CREATE UNIQUE INDEX "feature_flag_everybody" ON "feature_flag" ("name") WHERE ("tenant_id" IS NULL)')
