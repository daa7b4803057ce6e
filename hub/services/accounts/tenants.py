"""Changes to the business's own profile."""

from zoneinfo import available_timezones

from hub.access.callers import Caller
from hub.errors import BadInput
from hub.models.accounts.tenant import Tenant
from hub.services import changes


def change(caller: Caller, tenant: Tenant, **values: object) -> Tenant:
    """Write what is given."""
    if "timezone" in values and values["timezone"] not in available_timezones():
        raise BadInput("timezone_unknown", "This time zone does not exist.", {"field": "timezone"})
    return changes.apply(caller, tenant, values)
