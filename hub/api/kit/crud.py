"""The five routes of a plain noun as one row: list, create, show, update, delete."""

import re
from inspect import Parameter, Signature
from types import ModuleType
from typing import Any

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.kit import table
from hub.api.kit.schema import Many, Out
from hub.api.kit.table import Route
from hub.models.base import TenantModel
from hub.services import changes
from hub.web.binding import Handler
from hub.web.schema import In


def crud(base: str, model: type[TenantModel], out: type[Out], new: type[In], change: type[In],
         query: type[In] = In, *, service: ModuleType | None = None, read: Permission, create: Permission,
         update: Permission | None = None, delete: Permission | None = None, delete_status: int = 204,
         ascending: bool = False, **options: object) -> tuple[Route, ...]:
    """Rows for `base` and `base/<noun>`; update and delete ask for what create asks unless they say otherwise.

    `service` has create(caller, **values), change(caller, row, **values) and remove(caller, row); a noun with nothing
    of its own to do needs none. `query` holds the list's filters; its `select(tenant)` gives the rows. `options` go to
    every row (limit, dialect …).
    """
    noun = re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
    words, item = noun.replace("_", " "), f"{base}/<{noun}>"
    does: Any = service or _Plain(model)

    def index(caller: UserCaller, query: Any) -> Many[Any]:
        rows = query.select(caller.tenant) if hasattr(query, "select") else model.of(caller.tenant)
        return Many(out.of, rows, ascending=ascending)

    def make(caller: UserCaller, body: In) -> Out:
        return out.of(does.create(caller, **body.model_dump()))

    def show(caller: UserCaller, **row: TenantModel) -> Out:
        return out.of(row[noun])

    def alter(caller: UserCaller, body: In, **row: TenantModel) -> Out:
        return out.of(does.change(caller, row[noun], **body.given()))

    def remove(caller: UserCaller, **row: TenantModel) -> None:
        does.remove(caller, row[noun])

    many: Any = Many[out]       # type: ignore[valid-type]
    return (
        table.get(base, typed("index", index, f"List the {words}s.", many, query=query), permission=read, **options),
        table.post(base, typed("create", make, f"Create a new {words}.", out, body=new), permission=create, status=201,
                   **options),
        table.get(item, typed("show", show, f"Show one {words}.", out, **{noun: model}), permission=read, **options),
        table.patch(item, typed("update", alter, f"Change the given fields of a {words}.", out, body=change,
                                **{noun: model}),
                    permission=update or create, **options),
        table.delete(item, typed("remove", remove, f"Delete a {words}.", None, **{noun: model}),
                     permission=delete or update or create, status=delete_status, **options))


class _Plain:
    """The service of a noun that is only kept: services/changes.py does it all."""

    def __init__(self, model: type[TenantModel]) -> None:
        self._model = model

    def create(self, caller: UserCaller, **values: object) -> TenantModel:
        return changes.create(caller, self._model, values)

    def change(self, caller: UserCaller, row: TenantModel, **values: object) -> TenantModel:
        return changes.apply(caller, row, values)

    def remove(self, caller: UserCaller, row: TenantModel) -> None:
        changes.remove(caller, row)


def typed(name: str, handler: Handler, says: str, returns: Any, **hints: object) -> Handler:
    """The handler with a name, words and a signature of its own: what binding and the API description read."""
    hints = {"caller": UserCaller, **hints}
    handler.__name__, handler.__doc__ = name, says
    handler.__annotations__ = {**hints, "return": returns}
    handler.__signature__ = Signature(      # type: ignore[attr-defined]
        [Parameter(name, Parameter.KEYWORD_ONLY) for name in hints])
    return handler
