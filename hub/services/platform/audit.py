"""Who did what: the events of a business, one of its things, or one person."""

import re
from uuid import UUID

from peewee import ModelSelect

from hub.errors import NotFound
from hub.models import ALL
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.base import Model, TenantModel
from hub.models.platform.event import Event
from hub.services import events


def timeline(tenant: Tenant, entity: str, uuid: UUID) -> "ModelSelect[Event]":
    """What happened to one thing of the business, spelled customer_note or customerNote.

    NotFound for what the business neither has nor had.
    """
    noun = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", entity).lower()
    found = Event.about(tenant, noun, uuid)
    if not found.exists() and not _has(tenant, noun, uuid):
        raise NotFound(message="There is no such thing here.")
    return found


def _has(tenant: Tenant, noun: str, uuid: UUID) -> bool:
    model = next((model for model in ALL if issubclass(model, Model) and events.noun(model) == noun), None)
    if model is Tenant:
        return tenant.uuid == uuid
    return model is not None and issubclass(model, TenantModel) and model.find(tenant, uuid) is not None


def of_platform(row: Model) -> "ModelSelect[Event]":
    """What was done to a row of the platform: in its business's log, else in those of who looks after the platform."""
    tenant = getattr(row, "tenant_id", None)
    logs = User.select(User.tenant).where(User.is_platform_owner | User.is_platform_admin)
    return Event.select().where(Event.tenant.in_(logs) if tenant is None else Event.tenant == tenant,
                                Event.entity == events.noun(type(row)), Event.entity_uuid == row.uuid)


def of_person(user: User) -> "ModelSelect[Event]":
    """What a person did, and what was done to them, wherever."""
    name = f"user:{user.uuid}"
    about = (Event.tenant == user.tenant_id) & (Event.entity == "user") & (Event.entity_uuid == user.uuid)
    return Event.select().where(about | (Event.actor == name) | (Event.impersonator == name))
