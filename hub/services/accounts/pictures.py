"""Pictures of people and of businesses: kept as files, shown small beside a name."""

from typing import IO, TypeVar

from hub.access.callers import UserCaller
from hub.errors import BadInput
from hub.lib.fields import N_
from hub.models import refusals
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.base import locked, transaction
from hub.models.platform.file import File, FileKind
from hub.services import changes, files

Shown = TypeVar("Shown", User, Tenant)
ENDINGS = (".png", ".jpg", ".jpeg", ".webp")
# What a form adds to its file: names and boundaries.
_FORM = 64 * 1024


def largest_body() -> int:
    """Bytes of a request that brings a picture, at the most."""
    return files.most_bytes(FileKind.PICTURE) + _FORM


def change(caller: UserCaller, row: Shown, column: str, name: str, content: IO[bytes]) -> Shown:
    """Show this picture beside the name from now on; the one of before is deleted. BadInput, TooLarge."""
    if not name.lower().endswith(ENDINGS):
        raise _no_picture(column)
    try:
        file = files.store(caller.tenant, FileKind.PICTURE, name, content)
    except BadInput as error:
        raise _no_picture(column) if error.code == "UNSUPPORTED_FORMAT" else error from None
    return _set(caller, row, column, file)


def remove(caller: UserCaller, row: Shown, column: str) -> Shown:
    """Initials again."""
    return _set(caller, row, column, None)


def _no_picture(column: str) -> BadInput:
    return BadInput("UNSUPPORTED_FORMAT", N_("Send a PNG, JPEG or WebP picture."), {"field": column})


def _set(caller: UserCaller, row: Shown, column: str, file: File | None) -> Shown:
    former = _replaced(caller, row, column, file)
    if former is not None:
        files.remove(former)
    return row


@refusals.repeated
def _replaced(caller: UserCaller, row: Shown, column: str, file: File | None) -> File | None:
    """The picture of before, which nothing shows any more."""
    model = type(row)
    with transaction():
        before = locked(model.select(getattr(model, column)).where(model.id == row.id)).scalar()
        changes.apply(caller, row, {column: None if file is None else file.uuid})
        if file is not None:
            files.belongs_to(file, row)
    return None if before is None else File.find(caller.tenant, before)
