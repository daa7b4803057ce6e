"""Something the tenant sells."""


from peewee import BooleanField, CharField, DateTimeField, DecimalField, JSONField, TextField

from hub.lib.json_types import JsonObject
from hub.lib import clock
from hub.models.fields import SearchField
from hub.models.platform.tenant_number import NumberField
from hub.models.base import TenantModel, cascade_key
from hub.models.accounts.tenant import Tenant


class Product(TenantModel):
    tenant = cascade_key(Tenant, backref="products")
    number = NumberField()
    search_text = SearchField("name", "sku", "category")
    name = CharField()
    description = TextField(default="")
    sku = CharField(null=True, max_length=64)
    price = DecimalField(max_digits=14, decimal_places=2, default=0)
    currency = CharField(default="RUB", max_length=3)
    in_stock = BooleanField(default=True)
    category = CharField(null=True)
    image_url = CharField(null=True, max_length=1000)
    metadata = JSONField[JsonObject](default=dict)
    updated_at = DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("tenant", "sku"), True),)
