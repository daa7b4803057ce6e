"""Proxies: a frozen step from one schema to the next."""

from typing import Any

from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField, Model, SQL, TextField, UUIDField


def up(migrator: Any, db: Any) -> None:
    class Channel(Model):
        class Meta:
            database = db
            table_name = 'channel'

    class Tenant(Model):
        class Meta:
            database = db
            table_name = 'tenant'

    class Proxy(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        host = CharField()
        port = IntegerField()
        protocol = CharField(max_length=12, constraints=[SQL('CONSTRAINT "proxy_protocol_check" CHECK ("protocol" IN (\'http\', \'https\', \'socks5\'))')])
        username = TextField(null=True)
        password = TextField(null=True)
        digest = CharField(unique=True, max_length=64)
        country = CharField(max_length=2, constraints=[SQL("DEFAULT ''")])
        label = CharField(constraints=[SQL("DEFAULT ''")])
        status = CharField(index=True, max_length=12, constraints=[SQL("DEFAULT 'unchecked'"), SQL('CONSTRAINT "proxy_status_check" CHECK ("status" IN (\'unchecked\', \'active\', \'failed\', \'disabled\'))')])
        for_tenant = ForeignKeyField(Tenant, field=Tenant.id, on_delete='SET NULL', null=True)
        for_channel = ForeignKeyField(Channel, field=Channel.id, on_delete='SET NULL', null=True)
        checked_at = DateTimeField(null=True)
        latency_ms = IntegerField(null=True)
        error = CharField(constraints=[SQL("DEFAULT ''")])
        due_at = DateTimeField(index=True, null=True)
        lease_until = DateTimeField(null=True)
        updated_at = DateTimeField()

        class Meta:
            database = db
            table_name = 'proxy'

    db.create_tables([Proxy])
