"""The OpenAPI 3.1 description, made from the same tables that are served; pydantic makes the schemas."""

import inspect
import re
from collections.abc import Sequence
from typing import get_origin

from pydantic import BaseModel

from hub.access.roles import Permission
from hub.api.kit import responses, words
from hub.api.kit.dialect import Dialect, page_query
from hub.api.kit.examples import example
from hub.api.kit.schema import Many
from hub.api.kit.schemas import Schemas
from hub.api.kit.surface import Surface
from hub.api.kit.table import Route, Table
from hub.lib.json_types import JsonObject
from hub.web import binding
from hub.web.binding import Binding

_PATH_NAME = r"<(?:\w+:)?(\w+)>"


def describe(surfaces: Sequence[Surface]) -> JsonObject:
    """The whole document."""
    schemas = Schemas()
    paths: dict[str, JsonObject] = {}
    security: JsonObject = {}
    for surface in surfaces:
        security |= surface.security
        schemas.known.update([surface.error])
        for table in surface.tables:
            for route in table.routes:
                operations = paths.setdefault(re.sub(_PATH_NAME, r"{\1}", route.path), {})
                operations[route.method.lower()] = _operation(surface, table, route, schemas)
    return {"openapi": "3.1.0",
            "info": {"title": "Parley", "version": "1", "license": {"name": "MIT"}, "description": words.INTRODUCTION},
            "paths": paths, "components": {"schemas": schemas.known, "securitySchemes": security}}


def _operation(surface: Surface, table: Table, route: Route, schemas: Schemas) -> JsonObject:
    bound, dialect = binding.bind(route.handler, route.path), table.of(route)
    says = inspect.getdoc(route.handler) or ""
    found: JsonObject = {
        "tags": [table.noun], "operationId": f"{table.noun}_{route.handler.__name__}_{route.method.lower()}",
        "summary": says.splitlines()[0] if says else "",
        "description": f"{says}\n\nPermission: {route.permission}.",
        "parameters": _path(bound) + _query(bound, dialect, schemas),
        "responses": responses.of(bound, route, dialect, schemas, surface.error[0])}
    body = _body(bound, route, dialect, schemas)
    if body:
        found["requestBody"] = body
    if route.permission not in (Permission.ANYBODY, Permission.PROVIDER):
        found["security"] = [{name: []} for name in surface.security]
    return found


def _path(bound: Binding) -> list[JsonObject]:
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"},
             "description": words.PARAMETERS.get(name, f"The {name.replace('_', ' ')}'s id or number.")}
            for name in bound.path]


def _query(bound: Binding, dialect: Dialect, schemas: Schemas) -> list[JsonObject]:
    models = [bound.query] if bound.query else []
    if get_origin(bound.returns) is Many:
        models.append(page_query(dialect))
    return [parameter for model in models for parameter in _parameters(model, dialect, schemas)]


def _parameters(model: type[BaseModel], dialect: Dialect, schemas: Schemas) -> list[JsonObject]:
    schema = schemas.flat(model, dialect, "validation")
    required = schema.get("required", [])
    names = {field.alias if dialect.case == "camel" and field.alias else name: (name, field)
             for name, field in model.model_fields.items()}
    return [{"name": spelled, "in": "query", "required": spelled in required, "schema": what,
             "description": names[spelled][1].description or _meaning(names[spelled][0]),
             "example": example(what, schemas.known, names[spelled][0])}
            for spelled, what in schema.get("properties", {}).items()]


def _meaning(name: str) -> str:
    """What a query parameter is for, by its name."""
    return words.PARAMETERS.get(name, f"Only with this {name.replace('_', ' ')}.")


def _body(bound: Binding, route: Route, dialect: Dialect, schemas: Schemas) -> JsonObject | None:
    if bound.upload:
        more = schemas.flat(bound.body, dialect, "validation") if bound.body else {}
        form = {"type": "object", "required": [bound.upload, *more.get("required", [])],
                "properties": {bound.upload: {"type": "string", "format": "binary"}, **more.get("properties", {})}}
        return {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    if bound.body is None:
        return None
    shown = schemas.of(bound.body, dialect, "validation")
    if route.method in ("PATCH", "PUT") and "$ref" in shown:
        for field in schemas.known[shown["$ref"].rpartition("/")[2]]["properties"].values():
            field.pop("default", None)      # what is not sent stays as it is
    return {"required": True, "content": {"application/json": {
        "schema": shown, "example": example(shown, schemas.known)}}}

