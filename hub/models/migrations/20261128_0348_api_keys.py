"""Api keys: a frozen step from one schema to the next."""

from typing import Any

from peewee import CharField, DateTimeField, ForeignKeyField, JSONField, Model, SQL, TextField, UUIDField


def up(migrator: Any, db: Any) -> None:
    class Tenant(Model):
        class Meta:
            database = db
            table_name = 'tenant'

    class User(Model):
        class Meta:
            database = db
            table_name = 'user'

    class ApiKey(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, field=Tenant.id, on_delete='CASCADE', index=False)
        search_text = TextField(null=True)
        name = CharField(max_length=120)
        prefix = CharField(max_length=16)
        digest = CharField(unique=True, max_length=64)
        scopes = JSONField(constraints=[SQL("DEFAULT '[]'")])
        made_by = ForeignKeyField(User, field=User.id, on_delete='SET NULL', index=False, null=True)
        last_used_at = DateTimeField(null=True)
        expires_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = 'api_key'
            indexes = ((('tenant', 'name'), True), (('tenant', 'id'), False))

    db.create_tables([ApiKey])
    db.execute_sql('CREATE INDEX "api_key_unfolded" ON "api_key" ("id") WHERE ("search_text" IS NULL)')
