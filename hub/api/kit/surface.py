"""A contract as an object: its base, how it knows its callers, its dialect, and what its errors look like."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hub.access.callers import Caller
from hub.access.roles import Permission
from hub.api.kit.dialect import Dialect
from hub.api.kit.table import Route, Table
from hub.errors import HubError
from hub.lib.json_types import JsonObject

_DEFAULT = Dialect()
_CODED: JsonObject = {"type": "object", "required": ["error"], "properties": {"error": {
    "type": "object", "required": ["code", "message"], "properties": {
        "code": {"type": "string", "example": "not_found"},
        "message": {"type": "string", "example": "There is no such conversation."},
        "details": {"type": "object"}}}}}


@dataclass(frozen=True)
class Surface:
    """`identify(permission)` gives the caller of a route that asks for it, or raises Unauthorized or Forbidden."""

    name: str
    prefixes: tuple[str, ...]
    identify: Callable[[Permission], Caller]
    error_body: Callable[[HubError], JsonObject]
    security: JsonObject                                # OpenAPI security schemes
    headers: Callable[[], dict[str, str]] = dict            # added to every response, errors included
    dialect: Dialect = _DEFAULT
    tables: list[Table] = field(default_factory=list)
    error: tuple[str, JsonObject] = ("Error", _CODED)       # what the description calls an error's body, and its schema

    def table(self, noun: str, *routes: Route, dialect: Dialect | None = None) -> Table:
        """Declare a noun's routes, in a dialect of their own where they have one."""
        table = Table(noun, routes, dialect or self.dialect)
        self.tables.append(table)
        return table


def coded_error(error: HubError) -> JsonObject:
    """{"error": {"code", "message", "details"}}: core and widget."""
    return {"error": {"code": error.code, "message": error.message, "details": error.details}}
