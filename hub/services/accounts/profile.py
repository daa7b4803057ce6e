"""What people change about themselves, and what of it is the business's."""

from hub.access import callers, subscription
from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.lib.json_types import JsonObject
from hub.models import refusals
from hub.models.accounts.user import User
from hub.models.base import transaction
from hub.services import files, tenant_settings
from hub.services.accounts import accounts, tenants
from hub.services.conversations.human_replies import HumanReplies


@refusals.repeated
def change(caller: UserCaller, **values: object) -> User:
    """Write what is given of full_name, company_name and theme.

    The company is the business of everybody: Forbidden for whom may not change its settings.
    """
    own = {name: value for name, value in values.items() if name not in ("full_name", "company_name")}
    if "full_name" in values:
        own |= _names(str(values["full_name"] or ""))
    with transaction():
        if "company_name" in values:
            callers.require(caller, Permission.MANAGE_TENANT_SETTINGS)
            tenants.change(caller, caller.tenant, name=values["company_name"])
        return accounts.change_profile(caller, **own)


def facts(user: User) -> JsonObject:
    """What a profile shows beside the person's own row; pictures by their address without the host."""
    access = subscription.of(user.tenant)
    pictures = {"avatar_url": user.picture, "company_logo_url": user.tenant.logo}
    return {**{name: uuid and files.address(uuid) for name, uuid in pictures.items()},
            "subscription_status": access.status, "subscription_expires_at": access.ends_at,
            **tenant_settings.of(user.tenant, HumanReplies).model_dump()}


def _names(full_name: str) -> JsonObject:
    """One name as the two that are kept: what is read of them together is what was given."""
    first, _, last = full_name.partition(" ")
    return {"first_name": first, "last_name": last.strip()}
