"""Events: a frozen step from one schema to the next. Triggers keep the log append-only."""

from typing import Any

from peewee import (
    SQL,
    BigIntegerField,
    CharField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    SqliteDatabase,
    UUIDField,
)

_FIXED = ("id", "uuid", "created_at", "tenant_id", "kind", "entity", "entity_uuid", "actor", "impersonator", "request_id",
          "xid")
_TOLD = ("""NEW."old" IS NOT NULL OR NEW."new" IS NOT NULL OR NEW.ip <> '' OR NEW.user_agent <> ''"""
         " OR NEW.person IS NOT NULL")
_BUSINESS_IS_THERE = "EXISTS (SELECT 1 FROM tenant WHERE id = OLD.tenant_id)"

# The event stays when a person is erased, emptied; it goes with its business, whose row is gone when its events are.
_SQLITE = (
    "CREATE TRIGGER event_keep_values BEFORE UPDATE ON event WHEN " + _TOLD + "".join(
        f" OR NEW.{name} IS NOT OLD.{name}" for name in _FIXED)
    + " BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    f"CREATE TRIGGER event_keep_row BEFORE DELETE ON event WHEN {_BUSINESS_IS_THERE}"
    " BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    # SQLite gives the number of a row that is gone to the next one: no reader may be ahead of it.
    "CREATE TRIGGER event_cursor_back AFTER DELETE ON event BEGIN UPDATE event_cursor"
    " SET position = (SELECT COALESCE(MAX(id), 0) FROM event)"
    " WHERE position > (SELECT COALESCE(MAX(id), 0) FROM event); END",
)
_POSTGRES = (
    "CREATE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    f" IF TG_OP = 'DELETE' AND NOT {_BUSINESS_IS_THERE} THEN RETURN OLD; END IF;"
    f" IF TG_OP = 'UPDATE' AND NOT ({_TOLD}) AND ("
    + " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _FIXED) + ") THEN RETURN NEW; END IF;"
    " RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW"
    " EXECUTE FUNCTION event_append_only()",
)


def up(migrator: Any, db: Any) -> None:
    class Tenant(Model):
        class Meta:
            database = db
            table_name = 'tenant'

    class Event(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, field=Tenant.id, on_delete='CASCADE', index=False)
        kind = CharField(max_length=64)
        entity = CharField(max_length=32)
        entity_uuid = UUIDField()
        person = IntegerField(index=True, null=True)
        actor = CharField()
        impersonator = CharField(null=True)
        old = JSONField(null=True)
        new = JSONField(null=True)
        request_id = CharField(max_length=64, constraints=[SQL("DEFAULT ''")])
        ip = CharField(max_length=64, constraints=[SQL("DEFAULT ''")])
        user_agent = CharField(constraints=[SQL("DEFAULT ''")])
        xid = BigIntegerField(constraints=[SQL('DEFAULT 0')])

        class Meta:
            database = db
            table_name = 'event'
            indexes = ((('tenant', 'id'), False), (('tenant', 'entity', 'entity_uuid', 'id'), False),
                       (('xid', 'id'), False))

    db.create_tables([Event])

    class EventCursor(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        reader = CharField(unique=True, max_length=64)
        xid = BigIntegerField(constraints=[SQL('DEFAULT 0')])
        position = BigIntegerField(constraints=[SQL('DEFAULT 0')])

        class Meta:
            database = db
            table_name = 'event_cursor'

    db.create_tables([EventCursor])

    is_file = isinstance(getattr(db, "obj", db), SqliteDatabase)
    for statement in _SQLITE if is_file else _POSTGRES:
        db.execute_sql(statement)
