"""What an operation responds with, as the API description shows it: the success with its envelope, and the refusals."""

from typing import get_args, get_origin

from pydantic import BaseModel

from hub.access.roles import Permission
from hub.api.kit.dialect import Dialect, Pager
from hub.api.kit.examples import example
from hub.api.kit.schema import Many, Result
from hub.api.kit.schemas import Schemas
from hub.api.kit.table import Route
from hub.lib.json_types import JsonObject
from hub.web.binding import Binding

_DONE = {"type": "object", "required": ["success"], "properties": {"success": {"type": "boolean", "const": True}}}
_COUNT = {"type": "integer", "minimum": 0}
_NEXT = {"X-Next-After": {"description": "Cursor of the next page, where there is one.", "schema": {"type": "string"}},
         "Link": {"description": "Address of the next page, rel=next.", "schema": {"type": "string"}}}


def of(bound: Binding, route: Route, dialect: Dialect, schemas: Schemas,
       error: str = "Error") -> JsonObject:
    """The `responses` of an operation; `error` is what the description calls an error's body."""
    value = _value(bound.returns)
    others = {str(status): _success(model, route, dialect, schemas) for status, model in route.also}
    return {str(route.status): _success(_without(value, route), route, dialect, schemas), **others,
            **{status: _error(says, error) for status, says in _refusals(bound, route, dialect)},
            "default": _error("Any other error.", error)}


def _refusals(bound: Binding, route: Route, dialect: Dialect) -> list[tuple[str, str]]:
    open_to_all = route.permission in (Permission.ANYBODY, Permission.PROVIDER)
    found = [(str(dialect.invalid), "The input does not fit.")] if bound.body or bound.query or bound.upload else []
    found += [] if open_to_all else [("401", "Nobody is signed in."), ("403", "This is not allowed to the caller.")]
    found += [("402", "The business has no active plan, trial or grant.")] if route.subscribed else []
    found += [("404", "There is no such thing here.")] if bound.path else []
    return found + ([("429", "Too many requests; Retry-After says when to come again.")] if route.limit else [])


def _error(says: str, error: str) -> JsonObject:
    return {"description": says, "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{error}"}}}}


def _value(returns: type | None) -> type | None:
    return get_args(returns)[0] if get_origin(returns) is Result else returns


def _without(value: type | None, route: Route) -> type | None:
    """Of several answers the one with the route's own status."""
    rest = [option for option in get_args(value) if option not in dict(route.also).values()]
    return rest[0] if route.also and len(rest) == 1 else value


def _success(value: type | None, route: Route, dialect: Dialect, schemas: Schemas) -> JsonObject:
    if route.status == 204:
        return {"description": "Done; no body."}
    if route.plain:
        return {"description": "Success", "content": {route.plain: {}}}
    schema = _body(value, dialect, schemas)
    found: JsonObject = {"description": "Success", "content": {"application/json": {
        "schema": schema, "example": example(schema, schemas.known)}}}
    return {**found, "headers": _NEXT} if get_origin(value) is Many and dialect.pager is Pager.CURSOR else found


def _body(value: type | None, dialect: Dialect, schemas: Schemas) -> JsonObject:
    if value is None or value is type(None):
        return _DONE
    if get_origin(value) is Many:
        return _list(schemas.of(get_args(value)[0], dialect, "serialization"), dialect)
    shown = schemas.of(value, dialect, "serialization")
    if get_origin(value) is list:
        return _object({dialect.many: shown}) if dialect.many else shown
    wrapped = dialect.one and isinstance(value, type) and issubclass(value, BaseModel)
    return _object({dialect.one: shown}) if wrapped else shown


def _list(item: JsonObject, dialect: Dialect) -> JsonObject:
    array = {"type": "array", "items": item}
    if dialect.pager is Pager.OFFSET:
        return _object({dialect.many or "items": array, "total": _COUNT,
                        dialect.spelled("has_more"): {"type": "boolean"}})
    if dialect.pager is Pager.NUMBERED:
        pages = _object(dict.fromkeys(("page", "limit", "total", "pages"), _COUNT))
        return _object({dialect.many or "data": array, "pagination": pages})
    return _object({dialect.many: array}) if dialect.many else array


def _object(properties: JsonObject) -> JsonObject:
    return {"type": "object", "properties": properties, "required": list(properties)}
