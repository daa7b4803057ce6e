"""What colleagues wrote about a customer; the customer never sees it."""

from typing import Self

from peewee import JOIN, ForeignKeyField, ModelSelect, TextField

from hub.models.platform.tenant_number import NumberField
from hub.models.base import TenantModel, cascade_key
from hub.models.customers.customer import Customer
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User


class CustomerNote(TenantModel):
    tenant = cascade_key(Tenant)
    number = NumberField()
    customer = cascade_key(Customer, backref="notes", index=False)
    author = ForeignKeyField(User, null=True, on_delete="SET NULL")
    text = TextField()

    class Meta:
        indexes = ((("customer", "id"), False),)

    @property
    def author_name(self) -> str | None:
        return self.author.name if self.author else None

    @classmethod
    def with_authors(cls, tenant: Tenant | int) -> "ModelSelect[Self]":
        """The tenant's notes with their authors loaded."""
        return cls.select(cls, User).join(User, JOIN.LEFT_OUTER, on=cls.author).where(cls.tenant == tenant)
