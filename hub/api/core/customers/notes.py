"""/api/customers/<customer>/notes: what colleagues shall know about a customer."""

from typing import Annotated

from pydantic import Field

from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.crud import crud
from hub.api.kit.schema import Out
from hub.models.customers.customer_note import CustomerNote
from hub.services.customers import notes
from hub.web.schema import CleanText, In


class NoteIn(In):
    """What colleagues shall know."""

    note_text: Annotated[CleanText, Field(min_length=1, max_length=2048)]


class NoteOut(Out, columns=(CustomerNote.id, CustomerNote.created_at)):
    """A note about a customer; the customer never sees it."""

    note_text: str = Field(validation_alias="text")
    author_name: str | None


core.table("customer-notes", *crud(
    "/api/customers/<customer>/notes", CustomerNote, NoteOut, NoteIn, only=["list", "create", "delete"], called="note",
    read=Permission.VIEW_CUSTOMERS, write=Permission.MANAGE_CUSTOMERS, service=notes, rows=CustomerNote.with_authors,
    delete_status=200))
