"""What differs between the contracts that one hub serves, as data: spelling, envelopes, pagers, statuses."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from pydantic import Field, create_model

from hub.lib.json_types import JsonObject, Values
from hub.web.schema import In


class Case(StrEnum):
    """How the names of a response's fields are spelled; input may be spelled either way."""

    CAMEL = "camel"
    SNAKE = "snake"


class Pager(StrEnum):
    """How a list is asked for page by page."""

    CURSOR = "cursor"       # ?limit=&after=, the next cursor in X-Next-After and Link
    OFFSET = "offset"       # ?limit=&offset=, total and has_more beside the list
    NUMBERED = "numbered"   # ?page=&limit=, pagination: page, limit, total, pages


class Ids(StrEnum):
    """How a row is named to the outside."""

    UUID = "uuid"
    NUMBER = "number"       # counted per tenant
    PREFIXED = "prefixed"   # such as usr_ and 32 hex digits


@dataclass(frozen=True)
class Dialect:
    """A contract's habits. `one` and `many` are the keys that wrap an entity and a list; empty: not wrapped."""

    case: Case = Case.CAMEL
    one: str = ""
    many: str = ""
    pager: Pager = Pager.CURSOR
    invalid: int = 400              # the status of input that does not fit
    reused_key: int = 422           # the status of an idempotency key that comes with another body
    whole_seconds: bool = False     # moments without milliseconds
    ids: Ids = Ids.UUID
    limit: int = 50                 # items of a page by default
    most: int = 200                 # and at the most

    def named(self, one: str, many: str = "") -> "Dialect":
        """The same habits for one noun, whose entities are wrapped under these keys."""
        return replace(self, one=one, many=many or f"{one}s")

    def spelled(self, name: str) -> str:
        """A field's name as this dialect writes it, from snake_case."""
        if self.case is Case.SNAKE:
            return name
        first, *rest = name.split("_")
        return first + "".join(word.capitalize() for word in rest)

    def context(self) -> Values:
        """What the serializers of Out's fields look at."""
        return {"whole_seconds": self.whole_seconds, "ids": self.ids}


class CursorQuery(In):
    """What a list by cursor is asked for."""

    limit: int
    after: str | None = Field(None, description="The cursor of the page before: X-Next-After.")


class OffsetQuery(In):
    """What a list by offset is asked for."""

    limit: int
    offset: int = Field(0, ge=0, le=10_000_000, description="How many items to skip.")


class NumberedQuery(In):
    """What a list of numbered pages is asked for."""

    limit: int
    page: int = Field(1, ge=1, le=10_000, description="Which page, counted from 1.")


ListQuery = CursorQuery | OffsetQuery | NumberedQuery
_QUERIES: dict[Pager, type[ListQuery]] = {
    Pager.CURSOR: CursorQuery, Pager.OFFSET: OffsetQuery, Pager.NUMBERED: NumberedQuery}


@cache
def page_query(dialect: Dialect) -> type[ListQuery]:
    """The query parameters of the dialect's pager."""
    bounds: JsonObject = {} if dialect.pager is Pager.CURSOR else {"ge": 1, "le": dialect.most}
    limit = (int, Field(dialect.limit, description=f"How many items a page has; at most {dialect.most}.", **bounds))
    return create_model(f"{dialect.pager.name.title()}Query", __base__=_QUERIES[dialect.pager], limit=limit)
