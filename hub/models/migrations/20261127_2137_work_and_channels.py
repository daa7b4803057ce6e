"""Work has one set of columns; deliveries have parts; events keep headers and query; tasks; runs of the schedule."""

from typing import Any

from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField, JSONField, Model, SQL, SmallIntegerField, UUIDField

from hub.models import checks


def up(migrator: Any, db: Any) -> None:
    class InboundEvent(Model):
        class Meta:
            database = db
            table_name = 'inbound_event'

    class Tenant(Model):
        class Meta:
            database = db
            table_name = 'tenant'

    class User(Model):
        class Meta:
            database = db
            table_name = 'user'

    class InboundIdentity(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, field=Tenant.id, on_delete='CASCADE', index=False)
        event = ForeignKeyField(InboundEvent, field=InboundEvent.id, on_delete='CASCADE')
        kind = CharField(max_length=32)
        value = CharField()

        class Meta:
            database = db
            table_name = 'inbound_identity'
            indexes = ((('tenant', 'kind', 'value'), False),)

    db.create_tables([InboundIdentity])

    class ScheduledRun(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        due_at = DateTimeField()
        lease_until = DateTimeField(null=True)
        attempts = IntegerField(constraints=[SQL('DEFAULT 0')])
        error = CharField(constraints=[SQL("DEFAULT ''")])
        job = CharField(unique=True, max_length=64)
        state = CharField(max_length=12, constraints=[SQL("DEFAULT 'queued'"), SQL('CONSTRAINT "scheduled_run_state_check" CHECK ("state" IN (\'queued\', \'running\', \'done\', \'failed\', \'cancelled\'))')])
        slot = DateTimeField()

        class Meta:
            database = db
            table_name = 'scheduled_run'

    db.create_tables([ScheduledRun])
    db.execute_sql('CREATE INDEX "scheduled_run_open" ON "scheduled_run" ("due_at") WHERE ("state" IN (\'queued\', \'running\'))')

    class Task(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        due_at = DateTimeField()
        lease_until = DateTimeField(null=True)
        attempts = IntegerField(constraints=[SQL('DEFAULT 0')])
        error = CharField(constraints=[SQL("DEFAULT ''")])
        tenant = ForeignKeyField(Tenant, field=Tenant.id, on_delete='CASCADE')
        job = CharField(max_length=64)
        permission = CharField(max_length=32)
        user = ForeignKeyField(User, field=User.id, on_delete='SET NULL', null=True)
        params = JSONField(constraints=[SQL("DEFAULT '{}'")])
        state = CharField(max_length=12, constraints=[SQL("DEFAULT 'queued'"), SQL('CONSTRAINT "task_state_check" CHECK ("state" IN (\'queued\', \'running\', \'done\', \'failed\', \'cancelled\'))')])
        progress = SmallIntegerField(constraints=[SQL('DEFAULT 0')])
        step = CharField(constraints=[SQL("DEFAULT ''")])
        result = JSONField(constraints=[SQL("DEFAULT '{}'")])
        updated_at = DateTimeField()
        finished_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = 'task'

    db.create_tables([Task])
    db.execute_sql('CREATE INDEX "task_open" ON "task" ("due_at") WHERE ("state" IN (\'queued\', \'running\'))')

    migrator.migrate(migrator.add_column('channel', 'paused_until', DateTimeField(null=True)))
    migrator.migrate(migrator.add_column('knowledge_doc', 'lease_until', DateTimeField(null=True)))
    migrator.migrate(migrator.add_column('message', 'deleted_at', DateTimeField(null=True)))
    migrator.migrate(migrator.add_column('message', 'reactions', JSONField(constraints=[SQL("DEFAULT '[]'")]), allow_not_null=True))
    migrator.migrate(migrator.add_column('delivery', 'part', IntegerField(constraints=[SQL('DEFAULT 0')]), allow_not_null=True))
    migrator.migrate(migrator.add_column('inbound_event', 'lease_until', DateTimeField(null=True)))
    migrator.migrate(migrator.add_column('inbound_event', 'query', JSONField(constraints=[SQL("DEFAULT '{}'")]), allow_not_null=True))
    migrator.migrate(migrator.add_column('inbound_event', 'digest', CharField(max_length=64, constraints=[SQL("DEFAULT ''")]), allow_not_null=True))

    for table, values in (("delivery", ("queued", "sending", "sent", "delivered", "read", "failed", "unknown")),
                          ("inbound_event", ("received", "processing", "done", "failed")),
                          ("knowledge_doc", ("pending", "indexing", "ready", "failed"))):
        checks.allow_only(db, table, "state", values)
