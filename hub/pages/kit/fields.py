"""Reads a pydantic model as a list of form fields, and turns what a browser sends into what the model validates."""

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Literal, Union, get_args, get_origin

from flask_babel import gettext
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from werkzeug.datastructures import MultiDict

from hub.lib.fields import Control
from hub.lib.json_types import JsonObject, Values

# Fields whose empty text is a text.
_TEXTS = ("text", "area", "password", "hidden")
_LONG = 300         # characters: text that may be longer gets several lines


@dataclass(frozen=True)
class Spec:
    """What a model says of one field. `name` and `alias` are dotted for a field of a model inside the model."""

    name: str
    alias: str
    title: str
    help: str
    kind: str
    is_list: bool
    is_required: bool
    default: object
    control: Control
    limits: Values = field(default_factory=dict)        # HTML attributes: maxlength, min, max
    choices: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return str(gettext(self.title))

    @property
    def hint(self) -> str:
        return str(gettext(self.help)) if self.help else ""

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(choice, gettext(self.control.options.get(choice, choice))) for choice in self.choices]


@lru_cache(256)
def specs(model: type[BaseModel], prefix: str = "", alias_prefix: str = "") -> tuple[Spec, ...]:
    """Every field of the model, those of inner models where they stand."""
    return tuple(spec for name, info in model.model_fields.items()
                 for spec in _specs(prefix + name, alias_prefix + (info.alias or name), info))


def _specs(name: str, alias: str, info: FieldInfo) -> Iterator[Spec]:
    kind = _plain(info.annotation)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from specs(kind, f"{name}.", f"{alias}.")
        return
    control = next((one for one in info.metadata if isinstance(one, Control)), Control())
    choices = control.choices or _choices(kind)
    default = info.get_default(call_default_factory=True)
    is_list = get_origin(kind) is list
    limits = _limits(info)
    title = info.title or name.rpartition(".")[2].replace("_", " ").capitalize()
    must = info.is_required() or "minlength" in limits
    default = "" if default is PydanticUndefined or default is None else default
    yield Spec(name, alias, title, info.description or "", control.kind or _kind(kind, is_list, choices, limits),
               is_list, must, default, control, limits, choices)


def _plain(annotation: object) -> object:
    """The type without Annotated and without "or None"."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
        return _plain(kinds[0]) if len(kinds) == 1 else annotation
    return annotation


def _choices(kind: object) -> tuple[str, ...]:
    """The values of a Literal, of an enumeration, or of a list of such."""
    if get_origin(kind) is list:
        return _choices(get_args(kind)[0])
    if get_origin(kind) is Literal:
        return tuple(str(one) for one in get_args(kind))
    return tuple(str(one) for one in kind) if isinstance(kind, type) and issubclass(kind, StrEnum) else ()


def _kind(kind: object, is_list: bool, choices: tuple[str, ...], limits: Values) -> str:
    if kind is bool:
        return "switch"
    if choices:
        return "checks" if is_list else "select"
    if kind in (int, float):
        return "number"
    return "area" if is_list or int(limits.get("maxlength", 0)) > _LONG else "text"


def _limits(info: FieldInfo) -> JsonObject:
    """pydantic's own limits as the attributes of an HTML field."""
    names = {"max_length": "maxlength", "min_length": "minlength", "ge": "min", "le": "max", "pattern": "pattern"}
    return {names[name]: getattr(rule, name) for rule in info.metadata for name in names
            if getattr(rule, name, None) is not None}


def shown(model: type[BaseModel], source: object) -> JsonObject:
    """Every field's value in `source`: a row, a model, or a mapping, also of mappings."""
    return {spec.name: value for spec in specs(model)
            if (value := _at(source, spec.name.split("."))) is not None}


def _at(source: object, path: list[str]) -> object:
    for name in path:
        source = source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)
    return source


def gathered(model: type[BaseModel], data: "MultiDict[str, str]") -> tuple[JsonObject, JsonObject]:
    """(what the model validates, what is shown again) of a browser's form. NUL goes: Postgres stores it nowhere."""
    given: JsonObject = {}
    typed: JsonObject = {}
    for spec in specs(model):
        values = [value.replace("\x00", "") for value in data.getlist(spec.name)]
        if spec.kind == "switch":           # an unchecked box is not sent at all
            values = ["true" if values else "false"]
        if not values:
            continue
        typed[spec.name] = values[0] == "true" if spec.kind == "switch" else "\n".join(values)
        _put(given, spec.name.split("."), _entries(values) if spec.is_list else _value(spec, values[0]))
    return given, typed


def _entries(values: list[str]) -> list[str]:
    return [text_line.strip() for value in values for text_line in value.splitlines() if text_line.strip()]


def _value(spec: Spec, value: str) -> str | None:
    """An empty field of something that is no text means: nothing."""
    return None if value == "" and spec.kind not in _TEXTS and not spec.is_required else value


def _put(given: JsonObject, path: list[str], value: object) -> None:
    for name in path[:-1]:
        given = given.setdefault(name, {})
    given[path[-1]] = value
