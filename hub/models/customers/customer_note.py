"""What colleagues wrote about a customer; the customer never sees it."""

from peewee import ForeignKeyField, TextField

from hub.models.base import TenantModel, cascade_key
from hub.models.customers.customer import Customer
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User


class CustomerNote(TenantModel):
    tenant = cascade_key(Tenant)
    customer = cascade_key(Customer, backref="notes")
    author = ForeignKeyField(User, null=True, on_delete="SET NULL")
    text = TextField()
