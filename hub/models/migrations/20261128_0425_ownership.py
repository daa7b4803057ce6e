"""Ownership: a frozen step from one schema to the next."""

from typing import Any

from peewee import DateTimeField, ForeignKeyField, Model, UUIDField


def up(migrator: Any, db: Any) -> None:
    class Tenant(Model):
        class Meta:
            database = db
            table_name = 'tenant'

    class User(Model):
        class Meta:
            database = db
            table_name = 'user'

    class OwnershipOffer(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, field=Tenant.id, on_delete='CASCADE', index=False)
        owner = ForeignKeyField(User, field=User.id, on_delete='CASCADE', unique=True)
        member = ForeignKeyField(User, field=User.id, on_delete='CASCADE')
        expires_at = DateTimeField()

        class Meta:
            database = db
            table_name = 'ownership_offer'
            indexes = ((('tenant', 'id'), False),)

    db.create_tables([OwnershipOffer])

    migrator.migrate(migrator.add_column('user', 'last_seen_at', DateTimeField(null=True)))
