"""The OpenAPI 3.1 description, made from the same tables that are served; pydantic makes the schemas."""

import inspect
import re
from collections.abc import Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter

from hub.access.roles import Permission
from hub.api.kit import params
from hub.api.kit.schema import Many, Result
from hub.api.kit.surface import Surface
from hub.api.kit.table import Route, Table

_REF = "#/components/schemas/{model}"
_ERROR = {"type": "object", "required": ["error"], "properties": {"error": {
    "type": "object", "required": ["code", "message"],
    "properties": {"code": {"type": "string"}, "message": {"type": "string"}, "details": {"type": "object"}}}}}


def describe(surfaces: Sequence[Surface]) -> dict[str, Any]:
    """The whole document."""
    schemas: dict[str, Any] = {"Error": _ERROR}
    paths: dict[str, dict[str, Any]] = {}
    security: dict[str, Any] = {}
    for surface in surfaces:
        security |= surface.security
        for table in surface.tables:
            for route in table.routes:
                operations = paths.setdefault(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path), {})
                operations[route.method.lower()] = _operation(surface, table, route, schemas)
    return {"openapi": "3.1.0", "info": {"title": "Parley", "version": "1", "license": {"name": "MIT"}},
            "paths": paths, "components": {"schemas": schemas, "securitySchemes": security}}


def _operation(surface: Surface, table: Table, route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    binding = params.bind(route.handler, route.path)
    says = inspect.getdoc(route.handler) or f"{route.handler.__name__.replace('_', ' ').capitalize()}."
    case = route.case or table.case
    found: dict[str, Any] = {
        "tags": [table.noun], "operationId": f"{table.noun}_{route.handler.__name__}_{route.method.lower()}",
        "summary": says.splitlines()[0], "description": f"{says}\n\nPermission: {route.permission}.",
        "parameters": _path(binding) + _query(binding, case),
        "responses": {str(route.status): _answer(binding.returns, route, case, schemas),
                      "default": {"description": "Error", "content": _json({"$ref": _REF.format(model="Error")})}}}
    body = _body(binding, route, case, schemas)
    if body:
        found["requestBody"] = body
    if route.permission not in (Permission.ANYBODY, Permission.PROVIDER):
        found["security"] = [{name: []} for name in surface.security]
    return found


def _path(binding: params.Binding) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in binding.path]


def _query(binding: params.Binding, case: str) -> list[dict[str, Any]]:
    if binding.query is None:
        return []
    schema = binding.query.model_json_schema(by_alias=case == "camel")
    required = schema.get("required", [])
    return [{"name": name, "in": "query", "required": name in required, "schema": what}
            for name, what in schema.get("properties", {}).items()]


def _body(binding: params.Binding, route: Route, case: str, schemas: dict[str, Any]) -> dict[str, Any] | None:
    if binding.upload:
        form = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}, "required": ["file"]}
        return {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    if binding.body is None:
        return None
    shown = _schema(binding.body, case, schemas, "validation")
    if route.method in ("PATCH", "PUT"):
        for field in schemas[shown["$ref"].rpartition("/")[2]]["properties"].values():
            field.pop("default", None)      # what is not sent stays as it is
    return {"required": True, "content": _json(shown)}


def _answer(returns: Any, route: Route, case: str, schemas: dict[str, Any]) -> dict[str, Any]:
    if route.status == 204 or returns in (None, type(None)):
        return {"description": "Done"}
    if returns is Many:
        return {"description": "A page", "content": _json({"type": "array", "items": {}}), "headers": {
            "X-Next-After": {"description": "Key of the next page", "schema": {"type": "string"}}}}
    known = returns is not Result and not route.plain
    return {"description": "Success",
            "content": _json(_schema(returns, case, schemas, "serialization") if known else {})}


def _schema(kind: Any, case: str, schemas: dict[str, Any], mode: Any) -> dict[str, Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel) and get_origin(kind) is None and not get_args(kind):
        name = kind.__name__ if case == "camel" else f"{kind.__name__}_{case}"
        schemas.setdefault(name, _flat(kind, case, schemas, mode))
        return {"$ref": _REF.format(model=name)}
    return _flat(kind, case, schemas, mode)


def _flat(kind: Any, case: str, schemas: dict[str, Any], mode: Any) -> dict[str, Any]:
    found: dict[str, Any] = TypeAdapter(kind).json_schema(by_alias=case == "camel", mode=mode, ref_template=_REF)
    for name, inner in found.pop("$defs", {}).items():
        schemas.setdefault(name, inner)
    return found


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
