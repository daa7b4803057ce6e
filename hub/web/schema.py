"""Request models and the types of their fields, shared by the API and the pages' forms."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic.alias_generators import to_camel

from hub.lib import clock, mailbox, text
from hub.lib.fields import N_, Wrong
from hub.lib.json_types import JsonObject

# Text that people read: what would break a page or a database is taken out before it is measured.
CleanText = Annotated[str, AfterValidator(text.clean)]
OneLine = Annotated[str, AfterValidator(lambda value: text.one_line(value, len(value) * 3))]
# An e-mail address that a letter can be written to. Whether somebody reads it is known once a letter was answered.
Address = Annotated[str, Field(max_length=255), AfterValidator(lambda value: _address(value))]
# The address of a page, as it may become a link.
WebUrl = Annotated[OneLine, Field(max_length=1000, pattern=r"^https?://[^\s]+$")]
# A change number or a row's number in a query: no larger than a database can compare with.
Number = Annotated[int, Field(ge=0, le=2**63 - 1)]
# What lists are searched for: SQLite refuses patterns of many thousand characters.
Search = Annotated[str, Field(max_length=255)]

# A bound of a filter: a bare date is a whole day on the caller's own wall clock, see clock.first() and clock.last().
Day = Annotated[date, PlainValidator(clock.day_or_moment), WithJsonSchema(
    {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]})]


def _address(value: str) -> str:
    try:
        return mailbox.typed(value)
    except ValueError:
        raise Wrong(N_("This is no e-mail address.")) from None


class In(BaseModel):
    """A request body or query. Both spellings of a name are understood; unknown names are ignored."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True)

    def given(self) -> JsonObject:
        """Only what the caller sent: how a PATCH knows what to write."""
        return self.model_dump(exclude_unset=True)


class Some(In):
    """Which of what is found: so many, from there on."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = 0
