"""Integration secrets: a frozen step from one schema to the next."""

from typing import Any

from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField, Model, SQL, TextField, UUIDField


def up(migrator: Any, db: Any) -> None:
    class Tenant(Model):
        class Meta:
            database = db
            table_name = 'tenant'

    class IntegrationSecret(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, field=Tenant.id, on_delete='CASCADE', index=False, null=True)
        key_name = CharField(max_length=64)
        secret = TextField(null=True)
        version = IntegerField(constraints=[SQL('DEFAULT 1')])
        updated_at = DateTimeField()
        revoked_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = 'integration_secret'

    db.create_tables([IntegrationSecret])
    db.execute_sql('CREATE UNIQUE INDEX "integration_secret_live" ON "integration_secret" ("tenant_id", "key_name") WHERE ("revoked_at" IS NULL)')
    db.execute_sql('CREATE UNIQUE INDEX "integration_secret_everybody" ON "integration_secret" ("key_name") WHERE (("tenant_id" IS NULL) AND ("revoked_at" IS NULL))')
