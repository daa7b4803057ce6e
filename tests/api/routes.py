"""The routes of every contract, as their tables have them."""

from hub import api
from hub.api.kit.dialect import Dialect
from hub.api.kit.table import Route
from scripts.routes import every


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


def routes() -> list[Route]:
    return [route for surface in api.surfaces() for table in surface.tables for route in table.routes]


def dialect(route: Route) -> Dialect:
    return next(table.of(route) for surface in api.surfaces() for table in surface.tables if route in table.routes)


def surface(route: Route) -> str:
    """The name of the contract that the route belongs to."""
    return next(surface.name for surface in api.surfaces() for table in surface.tables if route in table.routes)


def find(wanted: str) -> Route:
    """The route of that method and path."""
    return next(route for route in routes() if name(route) == wanted)


# What is no route of a contract and is read: pages. Streams never end, files are not of a table.
PAGES = sorted({path for method, path, _ in every() if method == "GET"} - {route.path for route in routes()}
               - {"/widget/live", "/widget/events", "/inbox/events", "/api/onboarding/run-smoke-test/stream",
                  "/static/<path:filename>", "/widget.js"})
