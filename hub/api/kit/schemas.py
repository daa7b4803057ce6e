"""JSON schemas of models in a dialect, kept by name."""

from typing import Literal

from pydantic import BaseModel, TypeAdapter
from typing_extensions import is_typeddict

from hub.api.kit.dialect import Case, Dialect, Ids
from hub.lib.json_types import JsonObject

Mode = Literal["validation", "serialization"]
_REF = "#/components/schemas/{model}"
_IDS: dict[Ids, JsonObject] = {
    Ids.UUID: {"type": "string", "format": "uuid"}, Ids.NUMBER: {"type": "integer"},
    Ids.PREFIXED: {"type": "string", "pattern": "^[a-z]+_[0-9a-f]{32}$"}}


class Schemas:
    """The document's components, filled while its operations are described."""

    def __init__(self) -> None:
        self.known: JsonObject = {}

    def of(self, kind: type, dialect: Dialect, mode: Mode) -> JsonObject:
        """The schema of a type: by reference where it has a name of its own."""
        if isinstance(kind, type) and (issubclass(kind, BaseModel) or is_typeddict(kind)):
            name = self._named(kind.__name__, dialect)
            if name not in self.known:
                self.known[name] = {}
                self.known[name] = self.flat(kind, dialect, mode)
            return {"$ref": _REF.format(model=name)}
        return self.flat(kind, dialect, mode)

    def flat(self, kind: type, dialect: Dialect, mode: Mode) -> JsonObject:
        """The schema itself; what it refers to is kept."""
        suffix = self._named("", dialect)
        found: JsonObject = TypeAdapter(kind).json_schema(
            by_alias=dialect.case is Case.CAMEL, mode=mode, ref_template=_REF.replace("}", "}" + suffix))
        for name, inner in found.pop("$defs", {}).items():
            kept = self.known.setdefault(name + suffix, _identified(inner, dialect.ids))
            if kept.get("enum") != inner.get("enum"):
                raise ValueError(f"Two different types of the API are called {name}.")
        return _identified(found, dialect.ids)

    def _named(self, name: str, dialect: Dialect) -> str:
        return name + ("" if dialect.case is Case.CAMEL else f"_{dialect.case}")


def _identified(schema: JsonObject, ids: Ids) -> JsonObject:
    """With the ids of rows as the dialect spells them."""
    if schema.get("format") == "row-id":
        return {**{key: value for key, value in schema.items() if key not in ("type", "format")}, **_IDS[ids]}
    return {key: _inside(value, ids) for key, value in schema.items()}


def _inside(value: object, ids: Ids) -> object:
    if isinstance(value, list):
        return [_inside(item, ids) for item in value]
    return _identified(value, ids) if isinstance(value, dict) else value
