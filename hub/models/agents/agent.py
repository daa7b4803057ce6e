"""An AI agent of a tenant: how it answers, when, and what it says when it does not know."""

from enum import StrEnum
from typing import Self

from peewee import BooleanField, CharField, DateTimeField, IntegerField, JSONField, TextField

from hub.lib import clock
from hub.models.accounts.tenant import Tenant
from hub.models.platform.tenant_number import NumberField
from hub.models.base import TenantModel, cascade_key
from hub.models.fields import EnumField, SearchField


class Creativity(StrEnum):
    PRECISE = "precise"
    BALANCED = "balanced"
    CREATIVE = "creative"


class Agent(TenantModel):
    tenant = cascade_key(Tenant, backref="agents")
    number = NumberField()
    search_text = SearchField("name")
    name = CharField()
    is_active = BooleanField(default=False)
    model = CharField(default="", max_length=100)                   # empty: the hub's default model
    system_instructions = TextField(default="")
    check_before_send = BooleanField(default=False)                 # answers wait for a person's approval
    auto_detect_language = BooleanField(default=True)
    response_language = CharField(null=True, max_length=10)
    creativity_level = EnumField(Creativity, default=Creativity.BALANCED, max_length=16)
    response_delay_seconds = IntegerField(default=45)
    schedule_enabled = BooleanField(default=False)
    working_schedule = JSONField[list[dict[str, str]]](default=list)  # [{"day": "monday", "start": "09:00", "end": …}]
    no_answer_message = TextField(null=True)
    total_messages = IntegerField(default=0)
    total_conversations = IntegerField(default=0)
    average_response_time = IntegerField(null=True)                 # seconds
    updated_at = DateTimeField(default=clock.now)

    @classmethod
    def serving(cls, tenant: Tenant | int) -> Self | None:
        """The agent that answers this tenant's conversations: the oldest active one."""
        return cls.of(tenant).where(cls.is_active).order_by(cls.id).first()
