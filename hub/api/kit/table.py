"""A route is one row that says all that matters for safety; a noun's rows are its table."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from hub.access.roles import Permission

_SMALL = 256 * 1024


@dataclass(frozen=True)
class Route:
    """`limit` names a row of access/limits.py, or several; `max_body` is bytes; `case` overrides the table's."""

    method: str
    path: str
    handler: Callable[..., Any]
    permission: Permission
    status: int = 200
    limit: tuple[str, ...] = ("api",)
    max_body: int = _SMALL
    case: str = ""
    plain: bool = False             # the handler returns a Flask response by itself

    def named(self, method: str, path: str) -> "Route":
        return replace(self, method=method, path=path)


@dataclass(frozen=True)
class Table:
    noun: str
    routes: tuple[Route, ...]
    case: str


def _row(method: str, path: str, handler: Callable[..., Any], permission: Permission, options: dict[str, Any]) -> Route:
    limit = options.pop("limit", ("api",))
    return Route(method, path, handler, permission, limit=(limit,) if isinstance(limit, str) else tuple(limit),
                 **options)


def get(path: str, handler: Callable[..., Any], *, permission: Permission, **options: Any) -> Route:
    return _row("GET", path, handler, permission, options)


def post(path: str, handler: Callable[..., Any], *, permission: Permission, **options: Any) -> Route:
    return _row("POST", path, handler, permission, options)


def put(path: str, handler: Callable[..., Any], *, permission: Permission, **options: Any) -> Route:
    return _row("PUT", path, handler, permission, options)


def patch(path: str, handler: Callable[..., Any], *, permission: Permission, **options: Any) -> Route:
    return _row("PATCH", path, handler, permission, options)


def delete(path: str, handler: Callable[..., Any], *, permission: Permission, **options: Any) -> Route:
    return _row("DELETE", path, handler, permission, {"status": 204, **options})
