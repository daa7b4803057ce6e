"""The items that a custom channel's system may post: their fields, and how each becomes what the hub knows."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Annotated, Literal, Protocol

import orjson
from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from hub.lib import validation
from hub.channels.base import (
    Attachment,
    Contact,
    Delete,
    Edit,
    Inbound,
    Item,
    Parsed,
    Problem,
    Reaction,
    Status,
    Typing,
)

_KIND = "custom"        # of identities


def _as_text(value: object) -> object:
    """A number as its digits: other systems have numeric ids and phones."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_as_text)]
Id = Annotated[Text, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


class _Chat(BaseModel):
    id: Id


class _Sender(BaseModel):
    id: Id

    @property
    def identity(self) -> tuple[str, str]:
        return (_KIND, self.id)


class _Person(_Sender):
    name: Text | None = None
    email: Text | None = None
    phone: Text | None = None
    language: Annotated[Text, Field(max_length=8)] | None = None


class _File(BaseModel):
    url: Annotated[str, Field(max_length=2000, pattern=r"^https?://[^\s\x00-\x1f\x7f]+$")]
    name: Annotated[Text, Field(max_length=255)] = ""
    mime: Annotated[str, Field(max_length=128)] = ""
    size: Annotated[int, Field(ge=0, le=2**53)] | None = None


class _Line(BaseModel):
    id: Id
    sender: _Person = Field(alias="from")
    text: Text = ""
    chat: _Chat | None = None
    attachments: Annotated[list[_File], Field(max_length=20)] = []
    reply_to: Id | None = Field(None, alias="replyTo")
    at: datetime | None = None

    def item(self) -> Item:
        person = self.sender
        return Inbound(self.id, person.identity, self.text, self.chat.id if self.chat else person.id,
                       person.name or "", person.email, person.phone, person.language, at=self.at,
                       attachments=tuple(Attachment(**file.model_dump()) for file in self.attachments),
                       reply_to=self.reply_to)


class _Edit(BaseModel):
    id: Id
    sender: _Sender = Field(alias="from")
    text: Text
    at: datetime | None = None

    def item(self) -> Item:
        return Edit(self.id, self.sender.identity, self.text, self.at)


class _Delete(BaseModel):
    id: Id
    sender: _Sender = Field(alias="from")

    def item(self) -> Item:
        return Delete(self.id, self.sender.identity)


class _Status(BaseModel):
    id: Id
    status: Literal["sent", "delivered", "read", "failed"]
    error: Text = ""

    def item(self) -> Item:
        return Status(self.id, self.status, self.error)


class _Reaction(BaseModel):
    id: Id
    sender: _Sender = Field(alias="from")
    emoji: Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[^\x00-\x1f\x7f]+$")] | None = None

    def item(self) -> Item:
        return Reaction(self.id, self.sender.identity, self.emoji)


class _Typing(BaseModel):
    sender: _Sender = Field(alias="from")
    on: bool = True

    def item(self) -> Item:
        return Typing(self.sender.identity, self.on)


class _Contact(BaseModel):
    sender: _Person = Field(alias="from")

    def item(self) -> Item:
        person = self.sender
        return Contact(person.identity, person.name, person.email, person.phone, person.language)


class _Posted(Protocol):
    def item(self) -> Item: ...


_ITEMS: dict[str, Callable[[object], _Posted]] = {
    name: model.model_validate for name, model in (
        ("line", _Line), ("edit", _Edit), ("delete", _Delete), ("status", _Status), ("reaction", _Reaction),
        ("typing", _Typing), ("contact", _Contact))}


def parse(body: bytes) -> Parsed:
    """What the body says; each part that cannot be used is a Problem."""
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        return Parsed(problems=(Problem(0, "", f"The body is not JSON: {error.msg}."),))
    read = [_item(index, value) for index, value in enumerate(data if isinstance(data, list) else [data])]
    return Parsed(tuple((index, found) for index, found in enumerate(read) if not isinstance(found, Problem)),
                  tuple(found for found in read if isinstance(found, Problem)))


def split(body: bytes, people: Collection[tuple[str, str]]) -> tuple[bytes, bytes]:
    """(the items that these identities sent, the others), each as a body; b"" is none of them."""
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        return b"", body
    items = data if isinstance(data, list) else [data]
    theirs = [item for item in items if (_KIND, _sender_of(item)) in people]
    if not theirs:
        return b"", body
    others = [item for item in items if (_KIND, _sender_of(item)) not in people]
    return (orjson.dumps(theirs), orjson.dumps(others)) if others else (body, b"")


def _sender_of(item: object) -> str:
    sender = item.get("from") if isinstance(item, dict) else None
    return str(_as_text(sender.get("id"))) if isinstance(sender, dict) else ""


def _item(index: int, value: object) -> Item | Problem:
    if not isinstance(value, dict):
        return Problem(index, "", "An item must be a JSON object.")
    given = {name: _without_null(inner) for name, inner in value.items() if inner is not None}
    make = _ITEMS.get(str(given.get("type", "line")))
    if make is None:
        return Problem(index, "type", f"The type must be one of {', '.join(_ITEMS)}.")
    try:
        return make(given).item()
    except ValidationError as error:
        field, sentence, _ = validation.first(error)
        return Problem(index, field, f"{sentence}.")


def _without_null(value: object) -> object:
    """Absent and null are the same."""
    if isinstance(value, dict):
        return {name: _without_null(inner) for name, inner in value.items() if inner is not None}
    return [_without_null(inner) for inner in value] if isinstance(value, list) else value
