"""What colleagues write about a customer, and who may take it back."""

from hub.access.callers import UserCaller
from hub.errors import Forbidden
from hub.models.customers.customer import Customer
from hub.models.customers.customer_note import CustomerNote
from hub.services import changes

_ADMINS = ("owner", "admin")


def create(caller: UserCaller, customer: Customer, note_text: str) -> CustomerNote:
    return changes.create(caller, CustomerNote, {"customer": customer, "author": caller.user, "text": note_text})


def remove(caller: UserCaller, note: CustomerNote) -> None:
    """Only its author or an admin may delete a note."""
    if note.author_id != caller.user.id and caller.role not in _ADMINS:
        raise Forbidden("not_your_note", "Only the author or an administrator may delete a note.")
    changes.remove(caller, note)
