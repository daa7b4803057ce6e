"""A handler's annotations are its request schema: what each argument is made of, found once, filled per request."""

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from types import UnionType
from typing import IO, TypeGuard, TypeVar, get_args, get_origin, get_type_hints

import orjson
from flask import request
from pydantic import BaseModel, TypeAdapter, ValidationError
from werkzeug.datastructures import MultiDict

from hub.access.callers import KINDS, Caller
from hub.access.rows import get_or_404, words
from hub.errors import BadInput, Forbidden, NotFound
from hub.lib import validation
from hub.lib.json_types import JsonObject
from hub.models.base import TenantModel

Handler = Callable[..., object]
Maker = Callable[[Caller, Mapping[str, str]], object]
M = TypeVar("M", bound=BaseModel)
V = TypeVar("V")
_PATH_NAME = re.compile(r"<(?:\w+:)?(\w+)>")
_DEEPEST = 32
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class Upload:
    """An uploaded file of a multipart form, in the field of the argument's name or in `file`: open on disk, read in
    pieces, never as a whole."""

    name: str
    content: IO[bytes]


@dataclass(frozen=True)
class Binding:
    """How to call a handler: a maker per argument, and the types that the API description shows."""

    makers: dict[str, Maker]
    body: type | None                   # a request model, a list of such, or None
    query: type[BaseModel] | None
    upload: str                         # the form's field of an uploaded file; empty: none
    path: JsonObject
    returns: type | None

    def arguments(self, caller: Caller, path: Mapping[str, str]) -> JsonObject:
        found = {name: make(caller, path) for name, make in self.makers.items()}
        _check_nested([row for name, row in found.items() if name in self.path and isinstance(row, TenantModel)])
        return found


def bind(handler: Handler, path: str) -> Binding:
    """Read a handler's signature. A parameter that nobody can fill is a programming error, raised at start."""
    hints = get_type_hints(handler)
    returns = hints.pop("return", None)
    path_names = _PATH_NAME.findall(path)
    names = inspect.signature(handler).parameters
    missing = [name for name in path_names if name not in names]
    if missing:
        raise TypeError(f"{handler.__name__} does not take {missing} of {path}")
    # Rows of the path first: whoever names a stranger's is told that there is none, and nothing about the body.
    ordered = sorted(names, key=lambda name: name not in path_names)
    makers = {name: _maker(name, hints[name], path_names, handler) for name in ordered}
    return Binding(makers, hints.get("body"), hints.get("query"),
                   next((name for name, hint in hints.items() if hint is Upload), ""),
                   {name: hints[name] for name in path_names}, returns)


def _maker(name: str, hint: object, path_names: list[str], handler: Handler) -> Maker:
    kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    if hint is Caller:
        return lambda caller, path: caller
    if set(kinds) <= set(KINDS):
        return lambda caller, path: _of_kind(caller, kinds)
    if name in path_names and isinstance(hint, type):
        return _from_path(name, hint)
    if name == "body" and (_is_model(hint) or _is_list(hint)):
        adapter: TypeAdapter[object] = TypeAdapter(hint)
        return lambda caller, path: validated(adapter, _body(hint))
    if name == "query" and _is_model(hint):
        return lambda caller, path: query(hint)
    if hint is Upload:
        return lambda caller, path: upload(name)
    raise TypeError(f"{handler.__name__}: nobody fills the parameter {name}: {hint}")


def _is_model(hint: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(hint, type) and issubclass(hint, BaseModel)


def _is_list(hint: object) -> TypeGuard[type[list[object]]]:
    return get_origin(hint) is list


def _of_kind(caller: Caller, kinds: tuple[type, ...]) -> Caller:
    """A handler that serves one kind of callers is never called by another, whatever that one may do."""
    if not isinstance(caller, kinds):
        raise Forbidden("INSUFFICIENT_PERMISSIONS", "This route does not serve callers of this kind.")
    return caller


def _from_path(name: str, hint: type) -> Maker:
    if issubclass(hint, TenantModel):
        return lambda caller, path: get_or_404(hint, caller.tenant, path[name])
    return lambda caller, path: _typed(hint, path[name], name)


def _check_nested(rows: list[TenantModel]) -> None:
    """A row that hangs on one of another kind is found below its own only, whichever of the business the path names."""
    for before, row in combinations(rows, 2):
        keys = row._meta.model_refs.get(type(before), ())
        if keys and before.id not in {row.__data__[key.name] for key in keys}:
            raise NotFound(message=f"There is no such {words(type(row).__name__)} here.")


def _typed(hint: Callable[[str], object], value: str, name: str) -> object:
    try:
        if "\x00" not in value:
            return hint(value)
    except ValueError:
        pass        # not of this kind: there can be no such thing
    raise NotFound(message=f"There is no such {name}.")


def query(model: type[M]) -> M:
    """The query string as that model; a key that comes several times fills a list."""
    return validated(TypeAdapter(model), _storable(_flat(model, request.args)))


def _flat(model: type[BaseModel], given: MultiDict[str, str]) -> JsonObject:
    lists = {spelled for name, field in model.model_fields.items() if get_origin(field.annotation) is list
             for spelled in (name, field.alias or name)}
    return {name: given.getlist(name) if name in lists else given[name] for name in given}


def _body(hint: object) -> object:
    """JSON or a form; anything else is refused with a sentence."""
    is_list = _is_list(hint)
    if request.mimetype in _FORMS:
        return _storable(_flat(hint, request.form) if _is_model(hint) else request.form.to_dict())
    raw = request.get_data()
    if not raw:
        return [] if is_list else {}
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadInput("invalid_json", f"The body is not JSON: {error.msg}.") from None
    if not isinstance(found, list if is_list else dict):
        raise BadInput("invalid_json", f"The body must be a JSON {'array' if is_list else 'object'}.")
    return _storable(found)


def _storable(value: object, depth: int = 0) -> object:
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


def upload(name: str) -> Upload:
    """The file of the form's field `name`, `file` or `catalog`; BadInput without one."""
    file = next((request.files[field] for field in (name, "file", "catalog") if field in request.files), None)
    if file is None or not file.filename:
        raise BadInput("file_missing", f"Send the file in the form field `{name}`.", {"field": name})
    return Upload(file.filename, file.stream)


def validated(adapter: TypeAdapter[V], data: object) -> V:
    """The typed value, or BadInput that names the first wrong field (`details`: field, issue)."""
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        raise validation.refusal(error) from None
