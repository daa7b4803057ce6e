"""What colleagues wrote about a customer; the customer never sees it."""

from peewee import ForeignKeyField, TextField

from hub.models.base import Owned, owner
from hub.models.customer import Customer
from hub.models.tenant import Tenant
from hub.models.user import User


class CustomerNote(Owned):
    tenant = owner(Tenant)
    customer = owner(Customer, backref="notes")
    author = ForeignKeyField(User, null=True, on_delete="SET NULL")
    text = TextField()
