"""Base classes of request and response models, and the answer shapes a handler may return."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel

from hub.lib import clock, text

# A row's datetime as the documented APIs write it: 2026-02-20T12:00:00.000Z
Moment = Annotated[Any, PlainSerializer(clock.iso, return_type=str | None, when_used="json")]
# Text that people read: what would break a page or a database is taken out before it is measured.
CleanText = Annotated[str, AfterValidator(text.clean)]
OneLine = Annotated[str, AfterValidator(lambda value: text.one_line(value, len(value) * 3))]
# A change number or a row's number in a query: no larger than a database can compare with.
Number = Annotated[int, Field(ge=0, le=2**63 - 1)]
# What lists are searched for: SQLite refuses patterns of many thousand characters.
Search = Annotated[str, Field(max_length=255)]
# A bound of a filter: a bare date is a whole day on the caller's own wall clock, see clock.first() and clock.last().
Day = Annotated[date, PlainValidator(clock.day_or_moment), WithJsonSchema(
    {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]})]
# A row's uuid as text.
Uuid = Annotated[str, BeforeValidator(str)]


class In(BaseModel):
    """A request body or query. Both spellings of a name are understood; unknown names are ignored."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True)

    def given(self) -> dict[str, Any]:
        """Only what the caller sent: how a PATCH knows what to write."""
        return self.model_dump(exclude_unset=True)


class Out(BaseModel):
    """A response body, read from a row's attributes; the surface or table says in which casing it is written."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)


class Paged(In):
    """`?limit=&after=` of every list: at most `limit` items behind the key `after`."""

    limit: int = 50
    after: str | None = None

    @property
    def size(self) -> int:
        return max(1, min(self.limit, 200))


@dataclass(frozen=True)
class Many:
    """A bare array; where there is more, its key goes into the X-Next-After and Link headers."""

    items: Sequence[Any]
    next_after: str | None = None


@dataclass(frozen=True)
class Result:
    """A result that needs its own status, headers or cookies."""

    value: Any
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str | None] = field(default_factory=dict)     # None deletes the cookie
