"""What was changed, by whom: written in the transaction of the change, never altered, kept as long as the business."""


from peewee import BigIntegerField, CharField, IntegerField, JSONField, UUIDField

from hub.lib.json_types import JsonObject
from hub.models.accounts.tenant import Tenant
from hub.models.base import TenantModel, cascade_key


class Event(TenantModel):
    """A trigger in the database refuses any change but that of `EMPTY`, and a deletion but that of its business."""

    tenant = cascade_key(Tenant, index=False)
    kind = CharField(max_length=64)                                 # dotted: customer.changed
    entity = CharField(max_length=32)                               # the noun: customer
    entity_uuid = UUIDField()
    person = IntegerField(null=True, index=True)                    # id of the customer whom it is about
    actor = CharField()                                             # as access/callers.py names who acts
    impersonator = CharField(null=True)
    old = JSONField[JsonObject | None](null=True)                   # {column: value}, secrets masked
    new = JSONField[JsonObject | None](null=True)
    request_id = CharField(default="", max_length=64)
    ip = CharField(default="", max_length=64)
    user_agent = CharField(default="")
    # On Postgres the transaction that wrote it: readers go by (xid, id), see services/events.py. 0 on SQLite.
    xid = BigIntegerField(default=0)

    class Meta:
        indexes = ((("tenant", "id"), False), (("tenant", "entity", "entity_uuid", "id"), False),
                   (("xid", "id"), False))

    # What stays of an event about somebody who was erased.
    EMPTY: JsonObject = {"old": None, "new": None, "ip": "", "user_agent": "", "person": None}

    @classmethod
    def forget(cls, tenant: Tenant | int, person: int) -> int:
        """Empty what was told of a customer who is erased; the events stay. How many there were."""
        return int(cls.update(cls.EMPTY).where(cls.tenant == tenant, cls.person == person).execute())
