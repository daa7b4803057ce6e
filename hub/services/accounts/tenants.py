"""Changes to the business's own profile."""

from typing import Any
from zoneinfo import available_timezones

from hub.access.callers import Caller
from hub.errors import BadInput
from hub.lib import clock
from hub.models.accounts.tenant import Tenant


def change(caller: Caller, tenant: Tenant, **values: Any) -> Tenant:
    """Write what is given."""
    if "timezone" in values and values["timezone"] not in available_timezones():
        raise BadInput("timezone_unknown", "This time zone does not exist.", {"field": "timezone"})
    for name, value in values.items():
        setattr(tenant, name, value)
    tenant.updated_at = clock.now()
    tenant.save(only=[*values, "updated_at"])
    return tenant
