"""A business that uses the hub."""

from datetime import datetime, timedelta
from enum import StrEnum

from peewee import BooleanField, CharField, ColumnBase, DateTimeField, Expression, IntegerField, TextField, UUIDField

from hub.lib import clock
from hub.models.base import Model, locked
from hub.models.fields import EnumField, SearchField


class Tone(StrEnum):
    FORMAL = "formal"
    FRIENDLY = "friendly"


class AddressStyle(StrEnum):
    VY = "vy"
    TY = "ty"


class TenantStatus(StrEnum):
    ACTIVE = "active"
    RESTRICTED = "restricted"


class Plan(StrEnum):
    TRIAL = "trial"
    LAUNCH = "launch"
    SCALE = "scale"
    MAX = "max"


TRIAL = timedelta(days=14)


def trial_end() -> datetime:
    """When the trial of a business that begins now is over."""
    return clock.now() + TRIAL


class Tenant(Model):
    PREFIX = "tnt"

    search_text = SearchField("name")
    name = CharField()
    language = CharField(default="ru", max_length=8)
    tone = EnumField(Tone, default=Tone.FRIENDLY, max_length=16)
    address_style = EnumField(AddressStyle, default=AddressStyle.VY, max_length=4)
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
    status = EnumField(TenantStatus, default=TenantStatus.ACTIVE, max_length=16)
    plan = EnumField(Plan, default=Plan.TRIAL, max_length=16)
    trial_ends_at = DateTimeField(null=True, default=trial_end)     # NULL: made by the release before
    logo = UUIDField(null=True)                                     # its file
    # When everything of it will be erased, if its owner or the platform asked for that; who does it holds the lease.
    closing_at = DateTimeField(null=True)
    closing_lease = DateTimeField(null=True)
    updated_at = DateTimeField(default=clock.now)

    @property
    def trial_until(self) -> datetime:
        """When the trial is over. The release before makes businesses without the moment: theirs began with them."""
        return self.trial_ends_at or self.created_at + TRIAL

    @property
    def number(self) -> int:
        """The one number that is not counted per business: programs beside the hub know businesses by it."""
        return self.id

    @property
    def is_active(self) -> bool:
        """Is it not suspended?"""
        return self.status == TenantStatus.ACTIVE

    @classmethod
    def hold(cls, tenant: "Tenant | int") -> None:
        """Until our transaction ends nobody else comes past here for this business."""
        locked(cls.select(cls.id).where(cls.id == tenant)).first()

    @classmethod
    def is_serving(cls, column: ColumnBase) -> Expression:
        """SQL: the business in that column is not suspended; what is to be done for it waits while it is."""
        return column.not_in(cls.select(cls.id).where(cls.status == TenantStatus.RESTRICTED))


Tenant.add_index(Tenant.closing_at, where=Tenant.closing_at.is_null(False), name="tenant_closing")
