"""A handler's annotations are its request schema: what each argument is made of, found once, filled per request."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import UnionType
from typing import Any, get_type_hints

import orjson
from flask import request
from pydantic import BaseModel, ValidationError

from hub.access.identity import Who
from hub.access.rows import get_or_404
from hub.access.tokens import Visitor
from hub.errors import BadInput, NotFound
from hub.models.base import TenantModel

Maker = Callable[[Any, dict[str, str]], Any]
_PATH_NAME = re.compile(r"<(?:\w+:)?(\w+)>")
_DEEPEST = 32


@dataclass(frozen=True)
class Upload:
    """An uploaded file of a multipart form (field `file`)."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True)
class Binding:
    """How to call a handler: a maker per argument, and the types that the API description shows."""

    makers: dict[str, Maker]
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    upload: bool
    path: dict[str, Any]
    returns: Any

    def arguments(self, caller: Any, path: dict[str, str]) -> dict[str, Any]:
        return {name: make(caller, path) for name, make in self.makers.items()}


def bind(handler: Callable[..., Any], path: str) -> Binding:
    """Read a handler's signature. A parameter nobody can fill is a programming error, raised at start."""
    hints = get_type_hints(handler)
    returns = hints.pop("return", None)
    path_names = _PATH_NAME.findall(path)
    names = inspect.signature(handler).parameters
    makers = {name: _maker(name, hints[name], path_names, handler) for name in names}
    missing = [name for name in path_names if name not in names]
    if missing:
        raise TypeError(f"{handler.__name__} does not take {missing} of {path}")
    return Binding(makers, _model(hints.get("body")), _model(hints.get("query")), hints.get("file") is Upload,
                   {name: hints[name] for name in path_names}, returns)


def _model(hint: Any) -> type[BaseModel] | None:
    return hint if isinstance(hint, type) and issubclass(hint, BaseModel) else None


def _maker(name: str, hint: Any, path_names: list[str], handler: Callable[..., Any]) -> Maker:
    if hint in (Who, Visitor) or (isinstance(hint, UnionType) and Who in hint.__args__):
        return lambda caller, path: caller
    if name in path_names:
        return _from_path(name, hint)
    if name == "body" and _model(hint):
        return lambda caller, path: _validated(hint, _body())
    if name == "query" and _model(hint):
        return lambda caller, path: _validated(hint, _storable(request.args.to_dict()))
    if hint is Upload:
        return lambda caller, path: _upload(name)
    raise TypeError(f"{handler.__name__}: nobody fills the parameter {name}: {hint}")


def _from_path(name: str, hint: Any) -> Maker:
    if isinstance(hint, type) and issubclass(hint, TenantModel):
        return lambda caller, path: get_or_404(hint, caller.tenant, path[name])
    return lambda caller, path: _typed(hint, path[name], name)


def _typed(hint: Any, value: str, name: str) -> Any:
    try:
        if "\x00" not in value:
            return hint(value)
    except ValueError:
        pass        # not of this kind: there can be no such thing
    raise NotFound(message=f"There is no such {name}.")


def _body() -> Any:
    """JSON or a form; anything else is refused with a sentence."""
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return _storable(request.form.to_dict())
    raw = request.get_data()
    if not raw:
        return {}
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadInput("invalid_json", f"The body is not JSON: {error.msg}.") from None
    if not isinstance(found, dict):
        raise BadInput("invalid_json", "The body must be a JSON object.")
    return _storable(found)


def _storable(value: Any, depth: int = 0) -> Any:
    """The same without NUL characters, which Postgres stores nowhere."""
    if depth > _DEEPEST:
        raise BadInput("invalid_json", f"The body is nested more than {_DEEPEST} deep.")
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [_storable(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(item, depth + 1) for name, item in value.items()}
    return value


def _upload(name: str) -> Upload:
    file = request.files.get(name) or request.files.get("catalog")
    if file is None or not file.filename:
        raise BadInput("file_missing", "Send the file in the form field `file`.", {"field": name})
    return Upload(file.filename, file.mimetype, file.read())


def _validated(model: type[BaseModel], data: Any) -> BaseModel:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise BadInput("VALIDATION_ERROR", f"{field}: {first['msg']}" if field else first["msg"],
                       {"field": field, "issue": first["type"]}) from None
