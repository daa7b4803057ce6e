"""How far a business has come with its first steps, and what its people answered; one row per business."""

from enum import StrEnum
from typing import Self

from peewee import DateTimeField, JSONField

from hub.lib import clock
from hub.lib.json_types import JsonObject
from hub.models.accounts.tenant import Tenant
from hub.models.base import TenantModel, cascade_key
from hub.models.fields import EnumField


class OnboardingStatus(StrEnum):
    NOT_STARTED = "NOT_STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"


class OnboardingStep(StrEnum):
    """In the order in which they are taken."""

    BUSINESS = "BUSINESS"
    CHANNELS = "CHANNELS"
    PRODUCTS = "PRODUCTS"
    POLICIES = "POLICIES"
    KB = "KB"
    REVIEW = "REVIEW"
    DONE = "DONE"


class Onboarding(TenantModel):
    tenant = cascade_key(Tenant, unique=True)
    status = EnumField(OnboardingStatus, default=OnboardingStatus.NOT_STARTED, max_length=12)
    current_step = EnumField(OnboardingStep, default=OnboardingStep.BUSINESS, max_length=12)
    completed_steps = JSONField[list[str]](default=list)
    answers = JSONField[JsonObject](default=dict)                   # {step: {field: what was answered}}
    documents = JSONField[dict[str, str]](default=dict)             # {uuid of an article made here: what it is about}
    tested = JSONField[JsonObject](default=dict)                    # what the last smoke test found
    tested_at = DateTimeField(null=True)
    updated_at = DateTimeField(default=clock.now)

    @classmethod
    def get_or_new(cls, tenant: Tenant | int) -> Self:
        """The business's row; one that is not stored yet where it has not begun."""
        return cls.of(tenant).first() or cls(tenant=tenant)

    @classmethod
    def is_done(cls, tenant: Tenant | int) -> bool:
        return bool(cls.of(tenant).where(cls.status == OnboardingStatus.DONE).exists())

    def said(self, step: str) -> JsonObject:
        """What was answered in that step; programs may have stored anything there."""
        found = self.answers.get(step)
        return found if isinstance(found, dict) else {}
