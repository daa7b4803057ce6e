"""Columns that keep a promise of their own: one of few values, an address to sign in with, what a search looks at."""

from collections.abc import Iterable
from enum import StrEnum
from functools import reduce
from operator import and_, or_
from typing import Any, Literal, overload

from peewee import SQL, CharField, Check, ColumnBase, Field, Model, TextField
from typing_extensions import TypeVar

from hub.lib import phone, text

# What a row gives: of a column of text `str`, or `str | None` where it may be NULL.
Chars = TypeVar("Chars", default=str)
Value = TypeVar("Value", default=Any)


class EnumField(CharField[Chars]):
    """A value of one StrEnum: a CHECK in the database, a ValueError in Python for anything else.

    `blank=True` also allows the empty text: none of them yet. What a later release has added to the enum is read as
    plain text, so that this one goes on while that one is rolled out.
    """

    @overload
    def __init__(self: "EnumField[str | None]", kind: type[StrEnum], *, null: Literal[True], blank: bool = False,
                 **options: object) -> None: ...
    @overload
    def __init__(self: "EnumField[str]", kind: type[StrEnum], *, blank: bool = False, **options: object) -> None: ...

    def __init__(self, kind: type[StrEnum], *, blank: bool = False, **options: object) -> None:
        self.kind = kind
        self.allowed = [*([""] if blank else []), *(member.value for member in kind)]
        self._known: dict[str, str] = {"": "", **{member.value: member for member in kind}}
        super().__init__(**options)

    def bind(self, model: type[Model], name: str, set_attribute: bool = True) -> None:
        super().bind(model, name, set_attribute)
        self.constraints = [Check(is_one_of(self.column_name, self.allowed))]

    def db_value(self, value: object) -> str | None:
        if value is None:
            return None
        if value not in self.allowed:
            raise ValueError(f"{self.model.__name__}.{self.name} is none of {self.allowed}: {value!r}")
        return str(value)

    def python_value(self, value: str) -> str:
        return self._known.get(value, value)


class EmailField(CharField):
    """An e-mail address, the same whoever spells it: without capitals and the spaces around it."""

    def db_value(self, value: object) -> str | None:
        return None if value is None else text.email(str(value))


def is_one_of(column: str, values: Iterable[str]) -> str:
    """The SQL of a CHECK; an empty column (NULL) is none of the values and passes, as SQL has it."""
    listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    return f'"{column}" IN ({listed})'


class Derived(Field[Value]):
    """A column that follows from others of its row: models/base.py keeps it whenever a row is saved."""

    def derive(self, row: Model, given: set[str] | None) -> bool:
        """Set it on the row, of which only these columns are written (None: all). False when it stays as it is."""
        raise NotImplementedError


class SearchField(Derived[str | None], TextField[str | None]):
    """What a search looks at: the folded text of other columns, a line each, and the digits of telephone numbers.

    NULL in rows that were not written by this release; services/platform/catch_up.py fills it in.
    """

    def __init__(self, *sources: str, phone: str | None = None) -> None:
        self.sources, self.phone = sources, phone
        super().__init__(null=True)

    def bind(self, model: type[Model], name: str, set_attribute: bool = True) -> None:
        super().bind(model, name, set_attribute)
        model.add_index(model.id, where=self.is_null(), name=f"{model._meta.table_name}_unfolded")

    def derive(self, row: Model, given: set[str] | None) -> bool:
        if given is not None and given.isdisjoint((*self.sources, self.phone)):
            return False
        setattr(row, self.name, self.of(row))
        return True

    def of(self, row: Model) -> str:
        values = [getattr(row, source) for source in self.sources]
        folded = [text.fold(" ".join(map(str, value)) if isinstance(value, list) else str(value or ""))
                 for value in values]
        number = getattr(row, self.phone) if self.phone else None
        return "\n".join([*folded, text.fold(number), phone.digits(number)] if number else folded)

    def holds(self, asked: str) -> ColumnBase:
        """SQL: every word of the search text is in it, in whatever order; or it is a part of the telephone number."""
        numbers = phone.looked_for(asked) if self.phone else []
        return reduce(or_, [self.contains(digits) for digits in numbers], self.holds_words(asked))

    def holds_words(self, asked: str) -> ColumnBase:
        return reduce(and_, [self.contains(word) for word in text.fold(asked).split()], SQL("1 = 1"))
