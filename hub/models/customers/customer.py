"""A person who writes to the tenant, and the names by which channels know that person."""

from typing import Self

from peewee import CharField, DateTimeField, JSONField

from hub.lib.json_types import JsonObject
from hub.lib import clock
from hub.models.platform.tenant_number import NumberField
from hub.models.fields import SearchField
from hub.models.base import Model, TenantModel, cascade_key
from hub.models.accounts.tenant import Tenant


class Customer(TenantModel):
    tenant = cascade_key(Tenant, backref="customers")
    number = NumberField()
    search_text = SearchField("name", "email", phone="phone")
    name = CharField(default="")
    email = CharField(null=True, index=True)
    phone = CharField(null=True, index=True)
    tags = JSONField[list[str]](default=list)
    language = CharField(null=True, max_length=8)
    page = JSONField[JsonObject](default=dict)                      # {"url", "title", "referrer"} last seen on
    last_seen_at = DateTimeField(default=clock.now)
    updated_at = DateTimeField(default=clock.now)


class CustomerIdentity(Model):
    """(kind, value) -> customer, such as ("visitor", random id) or ("telegram_user_id", "4711")."""

    tenant = cascade_key(Tenant, index=False)
    customer = cascade_key(Customer, backref="identities")
    kind = CharField(max_length=32)
    value = CharField()

    class Meta:
        indexes = ((("tenant", "kind", "value"), True),)

    @classmethod
    def known(cls, tenant: Tenant | int, kind: str, value: str) -> Self | None:
        return (cls.select(cls, Customer).join(Customer)
                .where(cls.tenant == tenant, cls.kind == kind, cls.value == value).first())
