"""A contract as an object: its base, how it knows its callers, and what its errors look like."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hub.access.roles import Permission
from hub.api.kit.table import Route, Table
from hub.errors import HubError


@dataclass(frozen=True)
class Surface:
    """`identify(may)` returns the caller (Who, Visitor, None for anybody) or raises Unauthorized or Forbidden."""

    name: str
    prefixes: tuple[str, ...]
    identify: Callable[[Permission], Any]
    error_body: Callable[[HubError], Any]
    security: dict[str, Any]                                # OpenAPI security schemes
    headers: Callable[[], dict[str, str]] = dict            # added to every answer, errors included
    tables: list[Table] = field(default_factory=list)

    def table(self, noun: str, *routes: Route, case: str = "camel") -> Table:
        """Declare a noun's routes. `case` is how its answers are spelled; input may be spelled either way."""
        result = Table(noun, routes, case)
        self.tables.append(result)
        return result


def coded_error(error: HubError) -> dict[str, Any]:
    """{"error": {"code", "message", "details"}}: core and widget."""
    return {"error": {"code": error.code, "message": error.message, "details": error.details}}
