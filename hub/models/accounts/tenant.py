"""A business that uses the hub."""

from peewee import BooleanField, CharField, DateTimeField, IntegerField, TextField

from hub.lib import clock
from hub.models.base import Model


class Tenant(Model):
    name = CharField()
    language = CharField(default="ru", max_length=8)
    tone = CharField(default="friendly", max_length=16)             # formal | friendly
    address_style = CharField(default="vy", max_length=4)           # vy | ty
    currency = CharField(default="RUB", max_length=3)
    timezone = CharField(default="Europe/Moscow", max_length=64)
    working_hours_start = CharField(default="09:00", max_length=5)
    working_hours_end = CharField(default="18:00", max_length=5)
    auto_reply_outside_hours = BooleanField(default=True)
    escalation_email = CharField(null=True)
    allow_discounts = BooleanField(default=False)
    max_discount_percent = IntegerField(default=0)
    delivery_options = TextField(null=True)
    return_policy = TextField(null=True)
    status = CharField(default="active", max_length=16)             # active | restricted
    updated_at = DateTimeField(default=clock.now)
