"""/api/customers: the people who write, their notes, and forgetting them."""

from typing import Annotated

from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.schema import Id, Many, Moment, Out
from hub.api.kit.table import delete, get, patch, post
from hub.errors import NotFound
from hub.lib.json_types import JsonObject
from hub.models.customers.customer import Customer
from hub.models.customers.customer_note import CustomerNote
from hub.services.customers import customers
from hub.web.schema import CleanText, In, OneLine, Search

Tag = Annotated[OneLine, Field(min_length=1, max_length=64)]


class CustomerOut(Out):
    """Somebody who writes to the business."""

    id: Id
    number: int
    name: str
    email: str | None
    phone: str | None
    tags: list[str]
    language: str | None
    page: JsonObject
    last_seen_at: Moment
    created_at: Moment


class CustomerPatch(In):
    """What of a customer can be changed; an empty e-mail or phone means none."""

    name: Annotated[str, Field(max_length=255)] = ""
    email: Annotated[str, Field(max_length=255)] | None = None
    phone: Annotated[str, Field(max_length=32)] | None = None
    tags: Annotated[list[Tag], Field(max_length=50)] = []


class CustomersQuery(In):
    """Which customers: by a part of name, e-mail or phone."""

    search: Search = ""


class NoteIn(In):
    """What colleagues shall know."""

    note_text: Annotated[CleanText, Field(min_length=1, max_length=2048)]


class NoteOut(Out):
    """A note about a customer; the customer never sees it."""

    id: Id
    note_text: str = Field(validation_alias="text")
    author_name: str | None
    created_at: Moment


class ErasedOut(Out):
    """How much there was."""

    deleted_messages: int
    deleted_conversations: int
    deleted_notes: int


def index(caller: UserCaller, query: CustomersQuery) -> Many[CustomerOut]:
    """List the customers, newest first."""
    return Many(CustomerOut.of, Customer.of(caller.tenant).where(Customer.search_text.holds(query.search)))


def show(caller: UserCaller, customer: Customer) -> CustomerOut:
    """Show one customer."""
    return CustomerOut.of(customer)


def update(caller: UserCaller, customer: Customer, body: CustomerPatch) -> CustomerOut:
    """Change the given fields of a customer."""
    return CustomerOut.of(customers.change(caller, customer, **body.given()))


def notes(caller: UserCaller, customer: Customer) -> Many[NoteOut]:
    """List the notes about a customer, newest first."""
    return Many(NoteOut.of, CustomerNote.about(customer))


def add_note(caller: UserCaller, customer: Customer, body: NoteIn) -> NoteOut:
    """Write a note about a customer."""
    return NoteOut.of(customers.add_note(caller, customer, body.note_text))


def remove_note(caller: UserCaller, customer: Customer, note: CustomerNote) -> None:
    """Delete a note: only its author or an administrator may."""
    if note.customer_id != customer.id:
        raise NotFound(message="There is no such note.")
    customers.remove_note(caller, note)


def erase(caller: UserCaller, customer: Customer) -> ErasedOut:
    """Erase the person's messages, conversations and notes."""
    return ErasedOut.of(customers.erase(caller, customer))


core.table(
    "customers",
    get("/api/customers", index, permission=Permission.VIEW_CUSTOMERS),
    get("/api/customers/<customer>", show, permission=Permission.VIEW_CUSTOMERS),
    patch("/api/customers/<customer>", update, permission=Permission.MANAGE_CUSTOMERS),
    get("/api/customers/<customer>/notes", notes, permission=Permission.VIEW_CUSTOMERS),
    post("/api/customers/<customer>/notes", add_note, permission=Permission.MANAGE_CUSTOMERS, status=201),
    delete("/api/customers/<customer>/notes/<note>", remove_note, permission=Permission.MANAGE_CUSTOMERS, status=200),
    delete("/api/customers/<customer>/data", erase, permission=Permission.DELETE_CUSTOMER_DATA, status=200),
)
