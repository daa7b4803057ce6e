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
    """Rows at `base` and `base/<noun>`. Bodies are written in snake_case.

    make(tenant): a row without the API. new: the smallest body of a POST, every field of it needed. change: a PATCH.
    wrong: values that a field refuses, of a POST and of a PATCH. filters: query parameters that find what `new` makes.
    reads, creates, updates, deletes: the lowest role that may.
    """

    base: str
    make: Callable[[Tenant], TenantModel]
    new: Mapping[str, Any]
    change: Mapping[str, Any]
    wrong: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    filters: Mapping[str, str] = field(default_factory=dict)
    reads: str = "viewer"
    creates: str = "operator"
    updates: str = "operator"
    deletes: str = "operator"
    ascending: bool = False

    def route(self, method: str, item: bool = False) -> Route:
        path = f"{re.escape(self.base)}{'/<[^/]+>' if item else ''}"
        return next(route for route in routes.routes() if route.method == method and re.fullmatch(path, route.path))

    @property
    def parameter(self) -> str:
        """The name of the row in paths."""
        return self.route("GET", item=True).path.rpartition("<")[2].rstrip(">")

    @property
    def model(self) -> type[TenantModel]:
        route = self.route("GET", item=True)
        found: type[TenantModel] = binding.bind(route.handler, route.path).path[self.parameter]
        return found

    @property
    def dialect(self) -> Dialect:
        return routes.dialect(self.route("GET"))

    @property
    def counted(self) -> set[str]:
        """The fields of an answer that no body may set, in snake_case."""
        route = self.route("POST")
        taken: Any = binding.bind(route.handler, route.path).body
        shown: Any = binding.bind(route.handler, route.path).returns
        return set(shown.model_fields) - set(taken.model_fields)

    def one(self, answer: Any) -> dict[str, Any]:
        """The row in an answer, out of its envelope, its names in snake_case."""
        row = answer[self.dialect.one] if self.dialect.one else answer
        return {snake(name): value for name, value in row.items()}

    def many(self, answer: Any) -> list[dict[str, Any]]:
        return [{snake(name): value for name, value in row.items()}
                for row in (answer[self.dialect.many] if self.dialect.many else answer)]

    def item(self, row: Any) -> str:
        """The address of a model's row, or of one that an answer showed."""
        return f"{self.base}/{row['id'] if isinstance(row, dict) else row.uuid}"

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
        dialect = routes.dialect(routes.named(self.route))
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
