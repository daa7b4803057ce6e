"""/api/…/export: all that is stored about a customer, or of the business, as one ZIP."""

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.core.platform.tasks import TaskOut
from hub.api.kit.table import post
from hub.models.customers.customer import Customer
from hub.services.platform import exports


def of_customer(caller: UserCaller, customer: Customer) -> TaskOut:
    """Make a ZIP of all that is stored about a customer; the task has its `url`."""
    return TaskOut.of(exports.of_customer(caller, customer))


def of_tenant(caller: UserCaller) -> TaskOut:
    """Make a ZIP of everything of the business; the task has its `url`."""
    return TaskOut.of(exports.of_tenant(caller))


core.table(
    "exports",
    post("/api/customers/<customer>/export", of_customer, permission=Permission.MANAGE_CUSTOMERS, status=202),
    post("/api/tenant/export", of_tenant, permission=Permission.MANAGE_USERS, status=202),
)
