"""A list of rows as a page: searched, filtered, sorted by any column, a page at a time by cursor, and as a file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from flask import Response
from flask_babel import gettext

from peewee import ColumnBase, Expression, ModelSelect

from hub.errors import BadInput
from hub.lib import clock, cursor, text
from hub.models.base import Model
from hub.web import export

_ROWS, _CHUNK = 40, 500         # on a page, per query of an export


Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Column(Generic[Row]):
    """`sort` is a peewee expression that is never NULL, of values of `kind`; `cell` is what CSV writes."""

    name: str
    title: str
    sort: ColumnBase | None = None
    kind: type = str
    cell: Callable[[Row], object] | None = None
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
    options: Mapping[str, tuple[str, Expression]]

    @property
    def label(self) -> str:
        return str(gettext(self.title))

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [("", self.label), *((value, gettext(label)) for value, (label, _) in self.options.items())]


@dataclass(frozen=True)
class Shown(Generic[Row]):
    """One page of a listing, as the template `macros/listing.html` draws it."""

    listing: "Listing[Row]"
    rows: list[Row]
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

    def sorted_by(self, column: Column[Row]) -> str:
        """ascending | descending | none, as aria-sort says it."""
        return {column.name: "ascending", f"-{column.name}": "descending"}.get(self.sort, "none")

    def resorted(self, column: Column[Row]) -> str:
        return f"-{column.name}" if self.sort == column.name else column.name


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """`find(query, words)` narrows a query to a search; `first` is the order at first, "-name" for the last first."""

    model: type[Row]
    columns: tuple[Column[Row], ...]
    first: str
    find: "Callable[[ModelSelect[Row], str], ModelSelect[Row]]"
    filters: tuple[Filter, ...] = ()

    def shown(self, query: "ModelSelect[Row]", args: Mapping[str, str]) -> Shown[Row]:
        """The page that the address asks for; what it asks in vain is ignored, an invented key is BadInput."""
        search, chosen, sort = self._asked(args)
        narrowed = self._narrowed(query, search, chosen)
        rows, following = self._page(narrowed, sort, args.get("after"), _ROWS)
        return Shown(self, rows, search, chosen, sort, following)

    def csv(self, query: "ModelSelect[Row]", args: Mapping[str, str], name: str) -> Response:
        """What the list shows, all pages of it."""
        columns = [column for column in self.columns if column.cell]
        return export.csv_file(name, [column.label for column in columns],
                               ([column.cell(row) for column in columns if column.cell]
                                for row in self._every(query, args)))

    def json(self, query: "ModelSelect[Row]", args: Mapping[str, str], name: str) -> Response:
        """The same for programs, by the names of the columns."""
        return export.json_file(name, ({column.name: column.cell(row) for column in self.columns if column.cell}
                                       for row in self._every(query, args)))

    def _every(self, query: "ModelSelect[Row]", args: Mapping[str, str]) -> Iterator[Row]:
        search, chosen, sort = self._asked(args)
        return self._all(self._narrowed(query, search, chosen), sort)

    def _asked(self, args: Mapping[str, str]) -> tuple[str, dict[str, str], str]:
        chosen = {one.name: args[one.name] for one in self.filters if args.get(one.name) in one.options}
        sortable = {column.name for column in self.columns if column.sort is not None}
        sort = args.get("sort", "")
        return text.one_line(args.get("q", ""), 100), chosen, sort if sort.removeprefix("-") in sortable else self.first

    def _narrowed(self, query: "ModelSelect[Row]", search: str, chosen: Mapping[str, str]) -> "ModelSelect[Row]":
        conditions = [one.options[chosen[one.name]][1] for one in self.filters if one.name in chosen]
        query = query.where(*conditions) if conditions else query
        return self.find(query, search) if search else query

    def _page(self, query: "ModelSelect[Row]", sort: str, after: str | None,
              size: int) -> tuple[list[Row], str | None]:
        key, kind = next((one.sort, one.kind) for one in self.columns
                         if one.sort is not None and one.name == sort.removeprefix("-"))
        row_id, is_falling = self.model.id, sort.startswith("-")
        if after:
            value, last = _key(after, kind)
            beyond = (key < value, row_id < last) if is_falling else (key > value, row_id > last)
            query = query.where(beyond[0] | ((key == value) & beyond[1]))
        order = (key.desc(), row_id.desc()) if is_falling else (key.asc(), row_id.asc())
        rows = list(query.select_extend(key.alias("sort_key")).order_by(*order).limit(size + 1))
        if len(rows) <= size:
            return rows, None
        last_row = rows[size - 1]
        return rows[:size], cursor.encode([vars(last_row)["sort_key"], last_row.id])

    def _all(self, query: "ModelSelect[Row]", sort: str) -> Iterator[Row]:
        after: str | None = ""
        while after is not None:
            rows, after = self._page(query, sort, after, _CHUNK)
            yield from rows


def _key(after: str, kind: type) -> Sequence[object]:
    """The sort value and the id of the last row that was seen."""
    if kind is not datetime:
        return cursor.decode(after, kind, int)
    value, last = cursor.decode(after, str, int)
    try:
        return clock.naive(datetime.fromisoformat(value)), last
    except ValueError:
        raise BadInput("after_invalid", "The cursor `after` is not from this list.", {"field": "after"}) from None
