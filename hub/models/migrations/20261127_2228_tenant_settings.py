"""Tenant settings: a frozen step from one schema to the next."""

from typing import Any

from peewee import CharField, DateTimeField, ForeignKeyField, JSONField, Model, SQL, UUIDField


def up(migrator: Any, db: Any) -> None:
    class Tenant(Model):
        class Meta:
            database = db
            table_name = 'tenant'

    class TenantSetting(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, field=Tenant.id, on_delete='CASCADE', index=False)
        name = CharField(max_length=32)
        values = JSONField(constraints=[SQL("DEFAULT '{}'")])
        updated_at = DateTimeField()

        class Meta:
            database = db
            table_name = 'tenant_setting'
            indexes = ((('tenant', 'name'), True),)

    db.create_tables([TenantSetting])
