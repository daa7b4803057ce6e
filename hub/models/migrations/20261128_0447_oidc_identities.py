"""Oidc identities: a frozen step from one schema to the next."""

from typing import Any

from peewee import CharField, DateTimeField, ForeignKeyField, Model, UUIDField


def up(migrator: Any, db: Any) -> None:
    class Tenant(Model):
        class Meta:
            database = db
            table_name = 'tenant'

    class User(Model):
        class Meta:
            database = db
            table_name = 'user'

    class OidcIdentity(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, field=Tenant.id, on_delete='CASCADE', index=False)
        user = ForeignKeyField(User, field=User.id, on_delete='CASCADE')
        issuer = CharField()
        subject = CharField()

        class Meta:
            database = db
            table_name = 'oidc_identity'
            indexes = ((('issuer', 'subject'), True), (('tenant', 'id'), False))

    db.create_tables([OidcIdentity])
