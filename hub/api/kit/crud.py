"""The routes of a plain noun as one row: list, create, show, update, delete."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from inspect import Parameter, Signature, getdoc
from types import ModuleType

from peewee import ModelSelect
from pydantic import create_model

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.access.rows import words
from hub.api.kit import table
from hub.api.kit.filters import Filters
from hub.api.kit.schema import Many, Out
from hub.api.kit.table import Route
from hub.lib.json_types import JsonObject
from hub.models.accounts.tenant import Tenant
from hub.models.base import TenantModel
from hub.services import changes
from hub.web.binding import Handler
from hub.web.schema import In

Rows = Callable[[Tenant], "ModelSelect[TenantModel]"]
ALL = ("list", "create", "show", "update", "delete")


def crud(base: str, model: type[TenantModel], out: type[Out], new: type[In] = In, query: type[Filters] = Filters, *,
         read: Permission, write: Permission | None = None, create: Permission | None = None,
         update: Permission | None = None, delete: Permission | None = None, only: Collection[str] = ALL,
         service: ModuleType | None = None, rows: Rows | None = None, called: str = "", delete_status: int = 204,
         ascending: bool = False, **options: object) -> tuple[Route, ...]:
    """Rows for `base` and `base/<noun>`: all five, or `only` some. `create`, `update`, `delete` override `write`.

    `new` is the body of a POST, and of a PATCH with nothing required; `query` holds the list's filters. `service` has
    create(caller, **values), change(caller, row, **values) and remove(caller, row); a noun with nothing of its own to
    do needs none. `rows(tenant)`: where a list needs more than the rows themselves. `called`: the noun in paths.
    `base` may name a row that these hang on, as `/api/customers/<customer>/notes` does: `create` gets it by that name.
    `options` go to every row (limit, dialect …).
    """
    noun = _Noun(model, out, called or words(model.__name__).replace(" ", "_"), re.findall(r"<(\w+)>", base))
    does, item = service or _Plain(model), f"{base}/<{noun.name}>"
    made: dict[str, Callable[[], Route]] = {
        "list": lambda: table.get(base, noun.lists(rows or model.of, query, ascending), permission=read, **options),
        "create": lambda: table.post(base, noun.makes(does, new), permission=_first(create, write), status=201,
                                     **options),
        "show": lambda: table.get(item, noun.shows(), permission=read, **options),
        "update": lambda: table.patch(item, noun.alters(does, partial(new)), permission=_first(update, write),
                                      **options),
        "delete": lambda: table.delete(item, noun.removes(does), permission=_first(delete, write),
                                       status=delete_status, **options)}
    return tuple(made[name]() for name in ALL if name in only)


def _first(own: Permission | None, write: Permission | None) -> Permission:
    asked = own or write
    if asked is None:
        raise TypeError("crud() has a row that writes, but nobody said who may")
    return asked


def partial(new: type[In]) -> type[In]:
    """The same body with nothing required, as a PATCH takes it: AgentIn makes AgentPatch."""
    needed: JsonObject = {name: (field.rebuild_annotation(), None) for name, field in new.model_fields.items()
                          if field.is_required()}
    return create_model(f"{new.__name__.removesuffix('In')}Patch", __base__=new, __module__=new.__module__,
                        __doc__="What can be changed; what is not sent stays as it is.", **needed) if needed else new


@dataclass(frozen=True)
class _Noun:
    """Handlers of a noun called `name`, whose rows hang on those in `above`; `does` is its service."""

    model: type[TenantModel]
    out: type[Out]
    name: str
    above: list[str]

    @property
    def words(self) -> str:
        return self.name.replace("_", " ")

    @property
    def parents(self) -> dict[str, type[TenantModel]]:
        return {name: self.model._meta.fields[name].rel_model for name in self.above}

    @property
    def path(self) -> dict[str, type[TenantModel]]:
        return {**self.parents, self.name: self.model}

    def lists(self, rows: Rows, query: type[Filters], ascending: bool) -> Handler:
        def index(caller: UserCaller, query: Filters, **parents: TenantModel) -> Many[Out]:
            found = query.narrowed(rows(caller.tenant), caller.tenant)
            for name, parent in parents.items():
                found = found.where(self.model._meta.fields[name] == parent)
            return Many(self.out.of, found, ascending=ascending)

        many: object = Many[self.out]       # type: ignore[name-defined]
        says = self._says(f"List the {self.words}s", None if query is Filters else query)
        return typed("index", index, says, many, query=query, **self.parents)

    def makes(self, does: "Service", new: type[In]) -> Handler:
        def make(caller: UserCaller, body: In, **parents: TenantModel) -> Out:
            return self.out.of(does.create(caller, **parents, **body.model_dump()))

        return typed("create", make, self._says(f"Create a new {self.words}", does.create), self.out, body=new,
                     **self.parents)

    def shows(self) -> Handler:
        def show(caller: UserCaller, **path: TenantModel) -> Out:
            return self.out.of(path[self.name])

        return typed("show", show, self._says(f"Show one {self.words}"), self.out, **self.path)

    def alters(self, does: "Service", change: type[In]) -> Handler:
        def alter(caller: UserCaller, body: In, **path: TenantModel) -> Out:
            return self.out.of(does.change(caller, path[self.name], **body.given()))

        return typed("update", alter, self._says(f"Change the given fields of {_a(self.words)}", does.change), self.out,
                     body=change, **self.path)

    def removes(self, does: "Service") -> Handler:
        def remove(caller: UserCaller, **path: TenantModel) -> None:
            does.remove(caller, path[self.name])

        return typed("remove", remove, self._says(f"Delete {_a(self.words)}", does.remove), None, **self.path)

    def _says(self, first: str, more: object = None) -> str:
        """What the API description says: of which row, and what the service or the query says of itself."""
        of = "".join(f" of {_a(name.replace('_', ' '))}" for name in self.above)
        return f"{first}{of}." + (f"\n\n{getdoc(more)}" if getattr(more, "__doc__", None) else "")


def _a(words: str) -> str:
    return f"{'an' if words[0] in 'aeio' else 'a'} {words}"


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


Service = ModuleType | _Plain


def typed(name: str, handler: Handler, says: str, returns: object, **hints: object) -> Handler:
    """The handler with a name, words and a signature of its own: what binding and the API description read."""
    hints = {"caller": UserCaller, **hints}
    handler.__name__, handler.__doc__ = name, says
    handler.__annotations__ = {**hints, "return": returns}
    handler.__signature__ = Signature(      # type: ignore[attr-defined]
        [Parameter(name, Parameter.KEYWORD_ONLY) for name in hints])
    return handler
