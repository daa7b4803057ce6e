"""Bridge keys: a frozen step from one schema to the next."""

from typing import Any

from peewee import DateTimeField, ForeignKeyField, Model, TextField, UUIDField


def up(migrator: Any, db: Any) -> None:
    class Tenant(Model):
        class Meta:
            database = db
            table_name = 'tenant'

    class AccessKey(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, field=Tenant.id, on_delete='CASCADE', unique=True)
        secret = TextField()

        class Meta:
            database = db
            table_name = 'access_key'

    db.create_tables([AccessKey])

    class ProviderToken(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, field=Tenant.id, on_delete='CASCADE', unique=True)
        secret = TextField()

        class Meta:
            database = db
            table_name = 'provider_token'

    db.create_tables([ProviderToken])
