"""Turns the tables into Flask routes: who, how often, may they, the arguments, the handler, the response."""

from collections.abc import Callable, Sequence
from typing import cast

import orjson
import structlog
from flask import Flask, Response, current_app, g, request
from peewee import IntegrityError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from hub.access import callers, identity, request_limits, subscription
from hub.access.callers import Caller
from hub.access.limits import Exceeded, Limiter
from hub.access.roles import Permission
from hub.api.kit import envelope, idempotency, names
from hub.api.kit.surface import Surface
from hub.api.kit.table import Route, Table
from hub.errors import BadInput, Conflict, HubError, NotFound, TooLarge
from hub.models import refusals
from hub.models.base import discard
from hub.models.unique import doubled
from hub.web import binding

log = structlog.get_logger(__name__)


def register(app: Flask, surfaces: Sequence[Surface], limiter: Limiter) -> None:
    """Put every route of every surface on the app, and the error body of each. TypeError for tables that are wrong."""
    names.check(surfaces)
    app.extensions["parley.limiter"] = limiter
    app.extensions["parley.surfaces"] = surfaces
    for surface in surfaces:
        for table in surface.tables:
            for route in table.routes:
                app.add_url_rule(route.path, f"{surface.name}.{table.noun}.{route.method} {route.path}",
                                 _view(surface, table, route), methods=[route.method], strict_slashes=False)
    app.register_error_handler(Exception, _failed)


def surface_of(path: str) -> Surface | None:
    """The contract a path belongs to, also where no route matched."""
    surfaces: Sequence[Surface] = current_app.extensions["parley.surfaces"]
    return next((surface for surface in surfaces if path.startswith(surface.prefixes)), None)


def _view(surface: Surface, table: Table, route: Route) -> Callable[..., Response]:
    bound, dialect = binding.bind(route.handler, route.path), table.of(route)

    def respond(caller: Caller, path: dict[str, str]) -> Response:
        value = route.handler(**bound.arguments(caller, path))
        return cast(Response, value) if route.plain else envelope.respond(value, route.status, dialect)

    def view(**path: str) -> Response:
        request.max_content_length = route.largest_body()
        caller = _caller(surface, route)
        request_limits.count(route.limit, caller)
        callers.require(caller, route.permission)
        if route.subscribed:
            subscription.require_active_subscription(caller)
        # The rows are looked for inside: what a first DELETE removed is not there for its repetition.
        try:
            response = respond(caller, path) if route.is_shown_once else idempotency.once(
                caller, dialect.reused_key, lambda: respond(caller, path))
        except BadInput as error:
            error.status = dialect.invalid if error.status == BadInput.status else error.status
            raise
        for name, value in surface.headers().items():
            response.headers.add(name, value)
        return response

    return view


def _caller(surface: Surface, route: Route) -> Caller:
    """Who calls. Whoever is refused for not being who they say is counted by the address."""
    try:
        return surface.identify(route.permission)
    except HubError as error:
        if error.status in (401, 403):
            request_limits.count(route.limit, identity.anonymous())
        raise


def _failed(error: Exception) -> Response | tuple[str, int]:
    """Every error becomes one of ours, is logged where it is our fault, and gets its surface's body."""
    known = translate(error)
    surface = surface_of(request.path)
    g.left = known.left if isinstance(known, Exceeded) else g.get("left")
    if surface is None or request.blueprint in current_app.extensions["parley.pages"]:
        page: Callable[[HubError], Response | tuple[str, int]] = current_app.extensions["parley.error_page"]
        return page(known)
    response = Response(orjson.dumps(surface.error_body(known)), known.status, mimetype="application/json")
    response.headers.extend(surface.headers())
    if known.retry_after:
        response.headers["Retry-After"] = str(known.retry_after)
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


def translate(error: Exception) -> HubError:
    """Any exception as a HubError; what nobody foresaw is logged whole and shown as nothing but its kind."""
    if isinstance(error, HubError):
        return error
    refusal = refusals.explained(error)
    if refusal is not None:
        discard()
        log.error("storage.refused", path=request.path, code=refusal.code, exc_info=error)
        return refusal
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:
        return _http(error)
    if isinstance(error, IntegrityError) and (fields := doubled(error)):
        return Conflict("already_exists", f"There is one with this {' and '.join(fields)} already.",
                        {"fields": fields})
    log.error("request.failed", path=request.path, method=request.method, exc_info=error)
    return HubError("internal_error", "Something went wrong on our side.")


def _http(error: HTTPException) -> HubError:
    if error.code == 404:
        return NotFound(message="There is nothing at this address.")
    if error.code == 413:
        return TooLarge(message="The request is too large.")
    return BadInput(error.name.lower().replace(" ", "_"), str(error.description), status=error.code)


def routes(surfaces: Sequence[Surface]) -> list[tuple[str, str, Permission]]:
    """(method, path, permission) of every route, for people and tests."""
    return [(route.method, route.path, route.permission) for surface in surfaces for table in surface.tables
            for route in table.routes]
