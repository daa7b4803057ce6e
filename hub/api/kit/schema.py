"""Response models, and the shapes that a handler may return."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from inspect import get_annotations
from typing import Annotated, Generic, Self, TypeVar
from uuid import UUID

from peewee import (
    AutoField,
    BooleanField,
    CharField,
    DateTimeField,
    DecimalField,
    IntegerField,
    Model,
    ModelSelect,
    TextField,
)
from peewee import Field as Column
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, SerializationInfo, SkipValidation, WithJsonSchema
from pydantic.alias_generators import to_camel

from hub.lib import clock
from hub.lib.ids import RowId
from hub.lib.json_types import JsonObject
from hub.models.fields import SearchField
from hub.models.secret import SecretField


def _moment(value: datetime | None, info: SerializationInfo) -> str | None:
    return clock.iso(value, whole_seconds=(info.context or {}).get("whole_seconds", False))


def _row_id(value: RowId | None, info: SerializationInfo) -> str | int | None:
    return None if value is None else value.spelled((info.context or {}).get("ids", "uuid"))


# A row's datetime as the documented APIs write it: 2026-02-20T12:00:00.000Z, or without milliseconds.
Moment = Annotated[SkipValidation[datetime], PlainSerializer(_moment, when_used="json"),
                   WithJsonSchema({"type": "string", "format": "date-time"})]
OptionalMoment = Annotated[SkipValidation[datetime | None], PlainSerializer(_moment, when_used="json"),
                           WithJsonSchema({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]})]
# A row's name to the outside, in the spelling of the dialect; read from the row's `ref`.
Id = Annotated[SkipValidation[RowId], Field(validation_alias="ref"), PlainSerializer(_row_id, when_used="json"),
               WithJsonSchema({"type": "string", "format": "row-id"})]
# The same of another row; OptionalRef: or of none.
Ref = Annotated[SkipValidation[RowId], PlainSerializer(_row_id, when_used="json"),
                WithJsonSchema({"type": "string", "format": "row-id"})]
OptionalRef = Annotated[SkipValidation[RowId | None], PlainSerializer(_row_id, when_used="json"), WithJsonSchema(
    {"anyOf": [{"type": "string", "format": "row-id"}, {"type": "null"}]})]
# An exact amount; JSON has it as a number.
Money = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json"),
                  WithJsonSchema({"type": "number"})]
# Always the uuid, whatever the dialect.
Uuid = Annotated[UUID, PlainSerializer(str, return_type=str, when_used="json")]


# What a response shows of a column as it stands, and of one that may be empty.
_SHOWN: tuple[tuple[type[Column], object, object], ...] = (
    (AutoField, Id, Id), (BooleanField, bool, bool | None), (IntegerField, int, int | None),
    (DecimalField, Money, Money | None), (DateTimeField, Moment, OptionalMoment), (CharField, str, str | None),
    (TextField, str, str | None))


def shown(column: Column) -> object:
    """The type of a field that shows this column. TypeError for a secret, and for what a class must describe itself."""
    if not isinstance(column, SecretField | SearchField):
        for kind, filled, optional in _SHOWN:
            if isinstance(column, kind):
                return optional if column.null else filled
    raise TypeError(f"{column.model.__name__}.{column.name} is not shown as it stands")


class Out(BaseModel):
    """A response body, read from a row's attributes; the dialect says in which casing it is written.

    `columns` are shown as they stand, each with the type of its column, the column `id` as the row's name to the
    outside; a field of the class is what has another name, is reckoned, or is no plain value.
    """

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)

    def __init_subclass__(cls, *, columns: Sequence[Column] = ()) -> None:
        found: JsonObject = {column.name: shown(column) for column in columns}
        cls.__annotations__ = found | get_annotations(cls)
        super().__init_subclass__()

    @classmethod
    def of(cls, row: object) -> Self:
        """The row as callers see it."""
        return cls.model_validate(row)


O_co = TypeVar("O_co", covariant=True)
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Many(Generic[O_co]):
    """A list: the rows of a query, each shown by `out`, in the order of the columns `by`; the pager cuts it into pages.

    Without `by`: newest first.
    """

    out: Callable[[Model], O_co]
    rows: "ModelSelect[Model]"
    by: Sequence[Column] = ()
    ascending: bool = False

    @property
    def order(self) -> Sequence[Column]:
        return self.by or (self.rows.model.id,)


@dataclass(frozen=True)
class Result(Generic[T_co]):
    """A result that needs its own status, headers or cookies."""

    value: T_co
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str | None] = field(default_factory=dict)     # None deletes the cookie
