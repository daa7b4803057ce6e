"""What was changed, by whom: written in the transaction of the change, never altered, kept as long as the business."""

from typing import Self

from peewee import BigIntegerField, CharField, IntegerField, JSONField, ModelSelect, UUIDField

from hub.lib.json_types import JsonObject
from hub.models.accounts.tenant import Tenant
from hub.models.base import TenantModel, cascade_key

# What the platform's administrators do to a business and its people, whose log shows it without their address.
BY_PLATFORM = frozenset({
    "tenant.restricted", "tenant.unrestricted", "grant.created", "grant.revoked", "user.disabled", "user.enabled",
    "tenant.closing_ordered", "user.promoted", "user.demoted", "user.impersonated", "user.impersonation_ended",
    "user.viewed",
    "integration_secret.created", "integration_secret.rotated", "integration_secret.revoked"})


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
                   (("xid", "id"), False), (("actor", "id"), False), (("tenant", "actor", "id"), False))

    # What stays of an event about somebody who was erased.
    EMPTY: JsonObject = {"old": None, "new": None, "ip": "", "user_agent": "", "person": None}

    @property
    def is_by_platform(self) -> bool:
        """Was it an administrator of the platform, in somebody's place or in their own?"""
        return self.impersonator is not None or self.kind in BY_PLATFORM

    @property
    def told_ip(self) -> str | None:
        """From where it was done, as the business may know it."""
        return None if self.is_by_platform else self.ip

    @property
    def told_user_agent(self) -> str | None:
        return None if self.is_by_platform else self.user_agent

    @classmethod
    def about(cls, tenant: Tenant | int, entity: str, uuid: object) -> "ModelSelect[Self]":
        """What happened to one thing of the business; `entity` as services/events.py names it."""
        return cls.of(tenant).where(cls.entity == entity, cls.entity_uuid == uuid)

    @classmethod
    def forget(cls, tenant: Tenant | int, person: int) -> int:
        """Empty what was told of a customer who is erased; the events stay. How many there were."""
        return int(cls.update(cls.EMPTY).where(cls.tenant == tenant, cls.person == person).execute())
