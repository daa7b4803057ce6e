"""A list of rows as a page: searched, filtered, sorted by any column, a page at a time by key, and as CSV."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response
from flask_babel import gettext

from peewee import ModelSelect

from hub.errors import BadInput
from hub.lib import clock, cursor, text
from hub.models.base import Model
from hub.pages.kit import export

_ROWS, _CHUNK, _MOST = 40, 500, 50_000      # on a page, per query of an export, in an export


@dataclass(frozen=True)
class Column:
    """`sort` is a peewee expression that is never NULL, of values of `kind`; `cell` is what CSV writes."""

    name: str
    title: str
    sort: Any = None
    kind: type = str
    cell: Callable[[Any], object] | None = None
    class_name: str = ""
    is_hidden: bool = False

    @property
    def label(self) -> str:
        return str(gettext(self.title))


@dataclass(frozen=True)
class Filter:
    """`options`: {value: (label, condition)}. Nothing chosen means all."""

    name: str
    title: str
    options: Mapping[str, tuple[str, Any]]

    @property
    def label(self) -> str:
        return str(gettext(self.title))

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [("", self.label), *((value, gettext(label)) for value, (label, _) in self.options.items())]


@dataclass(frozen=True)
class Shown:
    """One page of a listing, as the template `macros/listing.html` draws it."""

    listing: "Listing"
    rows: list[Any]
    search: str
    chosen: dict[str, str]
    sort: str
    next_after: str | None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.chosen)

    def query(self, **changes: str | None) -> dict[str, str]:
        """The address of this list with something different; what is at its default is left out."""
        sort = None if self.sort == self.listing.first else self.sort
        values = {"q": self.search, **self.chosen, "sort": sort, **changes}
        return {name: value for name, value in values.items() if value}

    def sorted_by(self, column: Column) -> str:
        """ascending | descending | none, as aria-sort says it."""
        return {column.name: "ascending", f"-{column.name}": "descending"}.get(self.sort, "none")

    def resorted(self, column: Column) -> str:
        return f"-{column.name}" if self.sort == column.name else column.name


@dataclass(frozen=True)
class Listing:
    """`find(query, words)` narrows a query to a search; `first` is the order at first, "-name" for the last first."""

    model: Any
    columns: tuple[Column, ...]
    first: str
    find: Callable[[Any, str], Any]
    filters: tuple[Filter, ...] = ()

    def shown(self, query: "ModelSelect[Model]", args: Mapping[str, str]) -> Shown:
        """The page that the address asks for; what it asks in vain is ignored, an invented key is BadInput."""
        search, chosen, sort = self._asked(args)
        narrowed = self._narrowed(query, search, chosen)
        rows, following = self._page(narrowed, sort, args.get("after"), _ROWS)
        return Shown(self, rows, search, chosen, sort, following)

    def csv(self, query: "ModelSelect[Model]", args: Mapping[str, str], name: str) -> Response:
        """What the list shows, all pages of it."""
        search, chosen, sort = self._asked(args)
        columns = [column for column in self.columns if column.cell]
        rows = self._all(self._narrowed(query, search, chosen), sort)
        return export.response(name, [column.label for column in columns],
                               ([column.cell(row) for column in columns if column.cell] for row in rows))

    def _asked(self, args: Mapping[str, str]) -> tuple[str, dict[str, str], str]:
        chosen = {one.name: args[one.name] for one in self.filters if args.get(one.name) in one.options}
        sortable = {column.name for column in self.columns if column.sort is not None}
        sort = args.get("sort", "")
        return text.one_line(args.get("q", ""), 100), chosen, sort if sort.removeprefix("-") in sortable else self.first

    def _narrowed(self, query: "ModelSelect[Model]", search: str, chosen: Mapping[str, str]) -> Any:
        conditions = [one.options[chosen[one.name]][1] for one in self.filters if one.name in chosen]
        query = query.where(*conditions) if conditions else query
        return self.find(query, search) if search else query

    def _page(self, query: "ModelSelect[Model]", sort: str, after: str | None,
              size: int) -> tuple[list[Any], str | None]:
        column = next(one for one in self.columns if one.name == sort.removeprefix("-"))
        key, row_id, is_falling = column.sort, self.model.id, sort.startswith("-")
        if after:
            value, last = _key(after, column.kind)
            beyond = (key < value, row_id < last) if is_falling else (key > value, row_id > last)
            query = query.where(beyond[0] | ((key == value) & beyond[1]))
        order = (key.desc(), row_id.desc()) if is_falling else (key.asc(), row_id.asc())
        rows = list(query.select_extend(key.alias("sort_key")).order_by(*order).limit(size + 1))
        more = len(rows) > size
        return rows[:size], cursor.encode([rows[size - 1].sort_key, rows[size - 1].id]) if more else None

    def _all(self, query: "ModelSelect[Model]", sort: str) -> Iterator[Any]:
        after: str | None = ""
        for _ in range(_MOST // _CHUNK):
            rows, after = self._page(query, sort, after, _CHUNK)
            yield from rows
            if after is None:
                return


def _key(after: str, kind: type) -> Sequence[Any]:
    """The sort value and the id of the last row that was seen."""
    if kind is not datetime:
        return cursor.decode(after, kind, int)
    value, last = cursor.decode(after, str, int)
    try:
        return clock.naive(datetime.fromisoformat(value)), last
    except ValueError:
        raise BadInput("after_invalid", "The key `after` is not from this list.", {"field": "after"}) from None
