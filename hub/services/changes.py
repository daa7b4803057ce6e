"""The one way to change a row: only what is given and really differs is written, and the log says who did it."""

from typing import TypeVar

from peewee import JSONField, Node

from hub.access.callers import Caller
from hub.errors import NotFound
from hub.lib import clock
from hub.models import refusals
from hub.lib.json_types import JsonObject, Values
from hub.models.base import Model, locked, transaction
from hub.models.fields import Derived
from hub.services import events, revocation

Row = TypeVar("Row", bound=Model)
# What a row is known by never changes.
_FIXED = {"id", "uuid", "number", "created_at", "tenant"}
# What follows by itself is no news.
_BY_ITSELF = {"updated_at"}


@refusals.repeated
def apply(caller: Caller, row: Row, values: Values, also: Values | None = None, *, kind: str = "",
          reason: str = "") -> Row:
    """Write what of {column: value} differs; the row with its new values, whose `<noun>.changed` is recorded.

    `also` is written with it, if anything differs at all, and not recorded: what follows from the change. A `kind` of
    its own is recorded even where nothing differs, with the reason: somebody did it. ValueError
    for a column that there is not or that never changes; NotFound when the row is gone.
    """
    _check(type(row), values)
    with transaction():
        now = locked(type(row).select().where(type(row).id == row.id)).first()
        if now is None:
            raise NotFound(message=f"There is no such {events.noun(type(row)).replace('_', ' ')} any more.")
        new = {name: value for name, value in values.items() if not _same(now, name, value)}
        if new:
            written = {**new, **_touched(type(row)), **(also or {})}
            before = {name: now.__data__[name] for name in new}
            for name, value in written.items():
                setattr(now, name, value)
            now.save(only=list(written))
            events.record(caller, kind or f"{events.noun(type(row))}.changed", row, before, _told(new) | _why(reason))
            revocation.follow(row, set(new))
            values = {**values, **written}
        elif kind:
            events.record(caller, kind, row, None, _why(reason))
    for name, value in values.items():
        if not isinstance(value, Node):
            setattr(row, name, value)
    return row


@refusals.repeated
def create(caller: Caller, model: type[Row], values: Values, reason: str = "") -> Row:
    """A new row of the caller's tenant, and its `<noun>.created`, with the reason where there is one."""
    with transaction():
        row: Row = model.create(**{**({"tenant": caller.tenant} if "tenant" in _fields(model) else {}), **values})
        events.record(caller, f"{events.noun(model)}.created", row, None,
                      {name: value for name, value in _told(values).items() if name not in _FIXED} | _why(reason))
    return row


@refusals.repeated
def remove(caller: Caller, row: Model) -> None:
    """Delete the row, and record its `<noun>.deleted` with what it held."""
    with transaction():
        if row.delete_instance():
            events.record(caller, f"{events.noun(type(row))}.deleted", row, {
                name: value for name, value in row.__data__.items()
                if name not in _FIXED | _BY_ITSELF and not isinstance(_fields(type(row))[name], Derived)})


def _fields(model: type[Model]) -> Values:
    fields: Values = model._meta.fields
    return fields


def _check(model: type[Model], values: Values) -> None:
    wrong = [name for name in values if name not in _fields(model) or name in _FIXED]
    if wrong:
        raise ValueError(f"{model.__name__} has no columns to change that are called {', '.join(sorted(wrong))}")


def _same(row: Model, name: str, value: object) -> bool:
    """Is that what the column holds already, as the database would write it?"""
    field, before = _fields(type(row))[name], row.__data__[name]
    if isinstance(field, JSONField) or before is None or value is None:
        return bool(before == value)
    return bool(field.db_value(before) == field.db_value(value))


def _touched(model: type[Model]) -> JsonObject:
    return {"updated_at": clock.now()} if "updated_at" in _fields(model) else {}


def _why(reason: str) -> JsonObject:
    return {"reason": reason} if reason else {}


def _told(values: Values) -> JsonObject:
    """Rows by the names that the outside knows them by."""
    return {name: value.uuid if isinstance(value, Model) else value for name, value in values.items()}
