"""A plain noun of the API as its tests see it: said once in the noun's own test file, read by every walk."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic.alias_generators import to_camel

from hub.api.kit.dialect import Dialect
from hub.api.kit.table import Route
from hub.lib import discover
from hub.models.accounts.tenant import Tenant
from hub.models.base import TenantModel
from hub.web import binding
from tests import factories
from tests.api import routes
from tests.client import Client
from tests.factories import People

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Noun:
    """Rows at `base` and `base/<noun>`; of the five routes only those that there are. Bodies are in snake_case.

    make(tenant): a row without the API. new: the smallest body of a POST, every field of it needed. change: a PATCH.
    wrong: values that a field refuses, of a POST and of a PATCH. filters: query parameters that find what `new` makes,
    or what `make` does. reads, creates, updates, deletes: the lowest role that may. above(tenant): the row that all of
    them hang on, where the base names one; the same one whenever it is asked for.
    """

    base: str
    make: Callable[[Tenant], TenantModel]
    new: Mapping[str, Any] = field(default_factory=dict)
    change: Mapping[str, Any] = field(default_factory=dict)
    wrong: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    filters: Mapping[str, str] = field(default_factory=dict)
    reads: str = "viewer"
    creates: str = "operator"
    updates: str = "operator"
    deletes: str = "operator"
    ascending: bool = False
    above: Callable[[Tenant], TenantModel] | None = None

    def has(self, method: str, item: bool = False) -> bool:
        return any(self._is(route, method, item) for route in routes.routes())

    def route(self, method: str, item: bool = False) -> Route:
        return next(route for route in routes.routes() if self._is(route, method, item))

    def _is(self, route: Route, method: str, item: bool) -> bool:
        path = f"{re.escape(self.base)}{'/<[^/]+>' if item else ''}"
        return route.method == method and re.fullmatch(path, route.path) is not None

    @property
    def itself(self) -> Route:
        """A route of one row."""
        return next(route for route in routes.routes() if any(
            self._is(route, method, item=True) for method in ("GET", "PATCH", "DELETE")))

    @property
    def parameter(self) -> str:
        """The name of the row in paths."""
        return self.itself.path.rpartition("<")[2].rstrip(">")

    @property
    def model(self) -> type[TenantModel]:
        route = self.itself
        found: type[TenantModel] = binding.bind(route.handler, route.path).path[self.parameter]
        return found

    @property
    def dialect(self) -> Dialect:
        return routes.dialect(self.route("GET"))

    def settled(self, method: str) -> set[str]:
        """The fields of a response that no body of a POST or a PATCH may set, in snake_case."""
        route = self.route(method, item=method == "PATCH")
        bound = binding.bind(route.handler, route.path)
        taken: Any = bound.body
        shown: Any = bound.returns
        return set(shown.model_fields) - set(taken.model_fields)

    def one(self, answer: Any) -> dict[str, Any]:
        """The row in an answer, out of its envelope, its names in snake_case."""
        row = answer[self.dialect.one] if self.dialect.one else answer
        return {snake(name): value for name, value in row.items()}

    def many(self, answer: Any) -> list[dict[str, Any]]:
        return [{snake(name): value for name, value in row.items()}
                for row in (answer[self.dialect.many] if self.dialect.many else answer)]

    def at(self, tenant: Tenant) -> str:
        """The address of the list of that business."""
        return self.base if self.above is None else re.sub("<[^>]+>", str(self.above(tenant).uuid), self.base)

    def spelled(self, body: Mapping[str, Any]) -> dict[str, Any]:
        return {self.dialect.spelled(name): value for name, value in body.items()}


def by(app: Any, people: People, role: str) -> Client:
    """Somebody of alice's business in that role."""
    known = {"owner": people.alice, "operator": people.bob, "viewer": people.carol}
    return Client(app, known.get(role) or factories.make_user(people.tenant, role))


def snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def named(said: str, name: str) -> bool:
    """Does an error's `field`, such as workingSchedule.0.day, name this field?"""
    return said.partition(".")[0] in (name, to_camel(name))


@dataclass(frozen=True)
class One:
    """What there is once for a business, or for each person: shown and changed at one address.

    change: a body of which each field differs from what there is. wrong: values that a field refuses. follows: fields
    of the answer that change with others. reads, updates: the lowest role that may.
    """

    path: str
    change: Mapping[str, Any]
    wrong: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    follows: Sequence[str] = ("updated_at",)
    reads: str = "viewer"
    updates: str = "admin"
    method: str = "PATCH"

    @property
    def route(self) -> str:
        return f"{self.method} {self.path}"

    def spelled(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """As the contract writes it."""
        dialect = routes.dialect(routes.find(self.route))
        return {dialect.spelled(name): value for name, value in body.items()}


@dataclass(frozen=True)
class Wrong:
    """Values that a route refuses by their field's name: of a GET in its query, else beside its smallest body."""

    route: str
    values: Mapping[str, Sequence[Any]]
    code: str = "VALIDATION_ERROR"


def declared(kind: type[Kind]) -> list[Kind]:
    """All of that kind that the tests of the core contract declare."""
    from tests.api import core      # its modules import this one
    return [one for module in discover.modules(core) for one in discover.instances(module, kind)]


def every() -> dict[str, Noun]:
    """All nouns, by the name of their row in paths."""
    return {noun.parameter: noun for noun in declared(Noun)}
