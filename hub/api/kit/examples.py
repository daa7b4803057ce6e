"""An example for every schema of the API description: made from names and types, so that none can be forgotten."""

from hub.lib.json_types import JsonObject, Values

_UUID = "0192f0c0-5b1e-7c3a-9d52-6f1a2b3c4d5e"
# By the last word of a field's name; then by format; then by type.
_BY_NAME: JsonObject = {
    "email": "anna@example.com", "phone": "+79001234567", "name": "Anna", "first_name": "Anna", "last_name": "Petrova",
    "full_name": "Anna Petrova", "title": "Delivery", "url": "https://shop.example/delivery", "text": "Do you deliver?",
    "content": "We deliver on Saturdays.", "password": "Passw0rd-of-yours", "language": "en", "locale": "en",
    "timezone": "Europe/Moscow", "currency": "RUB", "start": "09:00", "end": "18:00", "role": "operator",
    "system_instructions": "Answer politely and briefly.", "q": "Do you deliver?", "hash": "5f2d…", "color": "#2f6fed",
    "client_id": "0192f0c05b1e", "site": "SITE_TOKEN", "token": "TOKEN", "visitor_token": "TOKEN", "tags": ["regular"],
    "access_token": "TOKEN", "refresh_token": "TOKEN", "number": 7}
_BY_FORMAT = {"date-time": "2026-02-20T12:00:00Z", "uuid": _UUID, "row-id": _UUID, "binary": "…"}
_BY_TYPE: JsonObject = {"string": "text", "integer": 1, "number": 0.5, "boolean": True, "null": None}


def example(schema: Values, known: Values, name: str = "", depth: int = 0) -> object:
    """A value that fits the schema; `known` are the document's components."""
    if "$ref" in schema:
        return example(known[schema["$ref"].rpartition("/")[2]], known, name, depth + 1)
    for key in ("example", "const"):
        if key in schema:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    options = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if options:
        return example(next((one for one in options if one.get("type") != "null"), options[0]), known, name, depth)
    return _of_type(schema, known, name, depth)


def _of_type(schema: Values, known: Values, name: str, depth: int) -> object:
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        return {key: example(inner, known, key, depth + 1) for key, inner in schema.get("properties", {}).items()} \
            if depth < 8 else {}
    by_name = _BY_NAME.get(_snake(name))
    if by_name is not None and _fits(by_name, kind):
        return by_name
    if kind == "array":
        return [example(schema.get("items", {}), known, name, depth + 1)] if depth < 8 else []
    if schema.get("format") in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    if kind in ("integer", "number") and not schema.get("minimum", 0) <= _BY_TYPE[kind]:
        return schema["minimum"]
    return schema.get("default", _BY_TYPE.get(str(kind)))


def _fits(value: object, kind: object) -> bool:
    return {"string": str, "integer": int, "array": list}.get(str(kind)) is type(value)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
