"""/api/customers: the people who write, their notes, and forgetting them."""

from typing import Annotated, Any

from pydantic import Field

from hub.access.identity import Who
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit import paging
from hub.api.kit.schema import CleanText, In, Many, Moment, OneLine, Out, Paged, Search, Uuid
from hub.api.kit.table import delete, get, patch, post
from hub.errors import NotFound
from hub.models.customers.customer import Customer
from hub.models.customers.customer_note import CustomerNote
from hub.services.customers import customers

Tag = Annotated[OneLine, Field(min_length=1, max_length=64)]


class CustomerOut(Out):
    id: Uuid = Field(validation_alias="uuid")
    number: int = Field(validation_alias="id")
    name: str
    email: str | None
    phone: str | None
    tags: list[str]
    language: str | None
    page: dict[str, Any]
    last_seen_at: Moment
    created_at: Moment


class CustomerPatch(In):
    name: Annotated[str, Field(max_length=255)] = ""
    email: Annotated[str, Field(max_length=255)] | None = None
    phone: Annotated[str, Field(max_length=32)] | None = None
    tags: Annotated[list[Tag], Field(max_length=50)] = []


class CustomersQuery(Paged):
    search: Search = ""


class NoteIn(In):
    note_text: Annotated[CleanText, Field(min_length=1, max_length=2048)]


class NoteOut(Out):
    id: Uuid = Field(validation_alias="uuid")
    note_text: str = Field(validation_alias="text")
    author_name: str | None = None
    created_at: Moment


def index(who: Who, query: CustomersQuery) -> Many:
    """Customers, newest first; `search` looks at name, e-mail and phone."""
    rows = Customer.search(who.tenant, query.search) if query.search else Customer.of(who.tenant)
    return _page(paging.newest(rows, Customer, query), CustomerOut)


def show(who: Who, customer: Customer) -> CustomerOut:
    return CustomerOut.model_validate(customer)


def update(who: Who, customer: Customer, body: CustomerPatch) -> CustomerOut:
    return CustomerOut.model_validate(customers.change(customer, **body.given()))


def notes(who: Who, customer: Customer, query: Paged) -> Many:
    found = CustomerNote.of(who.tenant).where(CustomerNote.customer == customer)
    page = paging.newest(found, CustomerNote, query)
    return Many([_note(note) for note in page.items], page.next_after)


def add_note(who: Who, customer: Customer, body: NoteIn) -> NoteOut:
    return _note(customers.add_note(who, customer, body.note_text))


def remove_note(who: Who, customer: Customer, note: CustomerNote) -> dict[str, bool]:
    """Only the author or an administrator may."""
    if note.customer_id != customer.id:
        raise NotFound(message="There is no such note.")
    customers.remove_note(who, note)
    return {"success": True}


def erase(who: Who, customer: Customer) -> dict[str, int]:
    """Erase the person's messages, conversations and notes."""
    return customers.erase(customer)


def _note(note: CustomerNote) -> NoteOut:
    result = NoteOut.model_validate(note)
    return result.model_copy(update={"author_name": note.author.name if note.author else None})


def _page(page: Many, out: type[Out]) -> Many:
    return Many([out.model_validate(row) for row in page.items], page.next_after)


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
