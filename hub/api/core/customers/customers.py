"""/api/customers: the people who write, and forgetting them."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.crud import crud
from hub.api.kit.filters import Filters, holds
from hub.api.kit.schema import Out
from hub.api.kit.table import delete
from hub.lib.json_types import JsonObject
from hub.models.customers.customer import Customer
from hub.services.customers import customers, erasing
from hub.web.schema import In, OneLine, Search

Tag = Annotated[OneLine, Field(min_length=1, max_length=64)]


class CustomerOut(Out, columns=(Customer.id, Customer.number, Customer.name, Customer.email, Customer.phone,
                                Customer.language, Customer.last_seen_at, Customer.created_at)):
    """Somebody who writes to the business."""

    tags: list[str]
    page: JsonObject


class CustomerPatch(In):
    """What of a customer can be changed; an empty e-mail or phone means none."""

    name: Annotated[str, Field(max_length=255)] = ""
    email: Annotated[str, Field(max_length=255)] | None = None
    phone: Annotated[str, Field(max_length=32)] | None = None
    tags: Annotated[list[Tag], Field(max_length=50)] = []


class CustomersQuery(Filters):
    """Which customers: by a part of name, e-mail or phone."""

    search: Annotated[Search, holds(Customer.search_text)] = ""


class ErasedOut(Out):
    """How much there was."""

    deleted_messages: int
    deleted_conversations: int
    deleted_notes: int
    task_id: UUID


def erase(caller: UserCaller, customer: Customer) -> ErasedOut:
    """Erase the person at once, and in the task `taskId` what raw events and kept answers still tell."""
    return ErasedOut.of(erasing.erase(caller, customer))


core.table(
    "customers",
    *crud("/api/customers", Customer, CustomerOut, CustomerPatch, CustomersQuery, only=["list", "show", "update"],
          read=Permission.VIEW_CUSTOMERS, write=Permission.MANAGE_CUSTOMERS, service=customers),
    delete("/api/customers/<customer>/data", erase, permission=Permission.DELETE_CUSTOMER_DATA, status=200),
)
