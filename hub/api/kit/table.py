"""A route is one row that says all that matters for safety; a noun's rows are its table."""

from collections.abc import Callable
from dataclasses import dataclass

from hub.access.roles import Permission
from hub.api.kit.dialect import Dialect
from hub.lib.json_types import JsonObject
from hub.web.binding import Handler

_SMALL = 256 * 1024


@dataclass(frozen=True)
class Route:
    """`limit` names rows of access/limits.py; `max_body`: bytes, or what says how many; `dialect` overrides.

    `subscribed`: only for businesses with an active plan, trial or grant (402). That the business is not suspended is
    asked of every route (403), see access/callers.py.
    """

    method: str
    path: str
    handler: Handler
    permission: Permission
    status: int = 200
    limit: tuple[str, ...] = ("api",)
    max_body: int | Callable[[], int] = _SMALL
    dialect: Dialect | None = None
    subscribed: bool = False
    plain: str = ""                 # the handler returns a Flask response by itself, of this media type
    is_shown_once: bool = False     # the answer holds a secret: it is not kept for who repeats the key of a request
    also: tuple[tuple[int, type], ...] = ()     # what is answered with another status than `status`

    def largest_body(self) -> int:
        """Bytes that are read of a request's body at most."""
        return self.max_body if isinstance(self.max_body, int) else self.max_body()


@dataclass(frozen=True)
class Table:
    """A noun's routes and how their responses are wrapped and spelled."""

    noun: str
    routes: tuple[Route, ...]
    dialect: Dialect

    def of(self, route: Route) -> Dialect:
        return route.dialect or self.dialect


def _row(method: str, path: str, handler: Handler, permission: Permission,
         options: JsonObject) -> Route:
    limit = options.pop("limit", ("api",))
    return Route(method, path, handler, permission, limit=(limit,) if isinstance(limit, str) else tuple(limit),
                 **options)


def get(path: str, handler: Handler, *, permission: Permission, **options: object) -> Route:
    return _row("GET", path, handler, permission, options)


def post(path: str, handler: Handler, *, permission: Permission, **options: object) -> Route:
    return _row("POST", path, handler, permission, options)


def put(path: str, handler: Handler, *, permission: Permission, **options: object) -> Route:
    return _row("PUT", path, handler, permission, options)


def patch(path: str, handler: Handler, *, permission: Permission, **options: object) -> Route:
    return _row("PATCH", path, handler, permission, options)


def delete(path: str, handler: Handler, *, permission: Permission, **options: object) -> Route:
    return _row("DELETE", path, handler, permission, {"status": 204, **options})
