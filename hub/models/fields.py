"""Columns that keep their own promise, in Python and in the database: one of few values, an address to sign in with."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self, overload

from peewee import CharField, Check

from hub.lib import text


class EnumField(CharField):
    """A value of one StrEnum: a CHECK in the database, a ValueError in Python for anything else.

    `blank=True` also allows the empty text: none of them yet. What a later release has added to the enum is read as
    plain text, so that this one goes on while that one is rolled out.
    """

    def __init__(self, kind: type[StrEnum], *, blank: bool = False, **options: Any) -> None:
        self.kind = kind
        self.allowed = [*([""] if blank else []), *(member.value for member in kind)]
        self._known: dict[str, str] = {"": "", **{member.value: member for member in kind}}
        super().__init__(**options)

    def bind(self, model: Any, name: str, set_attribute: bool = True) -> None:
        super().bind(model, name, set_attribute)
        self.constraints = [Check(is_one_of(self.column_name, self.allowed))]

    def db_value(self, value: Any) -> str | None:
        if value is None:
            return None
        if value not in self.allowed:
            raise ValueError(f"{self.model.__name__}.{self.name} is none of {self.allowed}: {value!r}")
        return str(value)

    def python_value(self, value: Any) -> Any:
        return self._known.get(value, value)


    if TYPE_CHECKING:       # what a row gives and takes; peewee's own accessor does it
        @overload
        def __get__(self, row: None, model: Any) -> Self: ...
        @overload
        def __get__(self, row: object, model: Any) -> str: ...
        def __get__(self, row: object, model: Any) -> object: ...
        def __set__(self, row: object, value: str | None) -> None: ...


class EmailField(CharField):
    """An e-mail address, the same whoever spells it: without capitals and the spaces around it."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else text.email(str(value))


def is_one_of(column: str, values: Iterable[str]) -> str:
    """The SQL of a CHECK; an empty column (NULL) is none of the values and passes, as SQL has it."""
    listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    return f'"{column}" IN ({listed})'
