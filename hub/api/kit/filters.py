"""The filters of a list as data: each field of its query says what it asks of a row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from peewee import ColumnBase, Field, ModelSelect

from hub.lib import clock
from hub.models.accounts.tenant import Tenant
from hub.models.base import Model
from hub.models.fields import SearchField
from hub.web.schema import In

Row = TypeVar("Row", bound=Model)
V = TypeVar("V")


@dataclass(frozen=True)
class Where(Generic[V]):
    """What a value asks, as SQL, of a business in that time zone."""

    condition: Callable[[V, str], ColumnBase]


def where(condition: Callable[[V], ColumnBase]) -> Where[V]:
    """What the function says of the value."""
    return Where(lambda value, zone: condition(value))


def equals(column: Field) -> Where[object]:
    """The column holds just that."""
    return Where(lambda value, zone: column == value)


def holds(column: SearchField) -> Where[str]:
    """The searched text holds the words."""
    return Where(lambda value, zone: column.holds(value))


def since(column: Field) -> Where[date]:
    """On that day of the business or later; not before that moment."""
    return Where(lambda value, zone: column >= clock.first(value, zone))


def until(column: Field) -> Where[date]:
    """On that day of the business or earlier; not after that moment."""
    return Where(lambda value, zone: column <= clock.last(value, zone))


class Filters(In):
    """The query of a list, of fields such as `is_active: Annotated[bool | None, equals(Agent.is_active)] = None`.

    What is empty asks nothing. TypeError at the start for a field that asks nothing at all.
    """

    @classmethod
    def __pydantic_init_subclass__(cls, **options: object) -> None:
        silent = [name for name in cls.model_fields if cls._asks(name) is None]
        if silent:
            raise TypeError(f"{cls.__name__}: what do {', '.join(silent)} ask of a row?")

    @classmethod
    def _asks(cls, name: str) -> Where[object] | None:
        return next((note for note in cls.model_fields[name].metadata if isinstance(note, Where)), None)

    def narrowed(self, rows: "ModelSelect[Row]", tenant: Tenant) -> "ModelSelect[Row]":
        """Of the rows those that are asked for."""
        for name in type(self).model_fields:
            value, asks = getattr(self, name), self._asks(name)
            if asks is not None and value not in (None, ""):
                rows = rows.where(asks.condition(value, tenant.timezone))
        return rows
