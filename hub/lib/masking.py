"""Values as a log may keep them: nothing secret in clear, nothing endless, nothing that JSON cannot say."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from hub.lib import clock
from hub.lib.json_types import JsonObject, Values

MASK = "***"
_LONGEST = 4000         # characters of one text
_SECRET = re.compile(
    r"(^|_)(password|passwd|pwd|plaintext|secret|token|hash|digest|cookie|credential|authorization|signature|jwt|t?otp|recovery_code|"
    r"(api|private|public|access|master|signing)_?key)s?($|_)")
_USER_OF_URL = re.compile(r"(?<=://)[^/@\s]+@")


def is_secret(name: str) -> bool:
    """Does a column or key of this name hold what nobody may read? `apiKey` and `api_key` are the same."""
    return _SECRET.search(re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).replace("-", "_").lower()) is not None


def masked(values: Values) -> JsonObject:
    """The values of these names: secrets as ***, numbers and switches as they are, other texts cut where long."""
    return {str(name): _of(str(name), value) for name, value in values.items()}


def _of(name: str, value: object) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if is_secret(name):
        return MASK if value else value
    if isinstance(value, Mapping):
        return masked(value)
    if isinstance(value, (list, tuple, set)):
        return [_of(name, item) for item in value]
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"{len(value)} bytes"
    if isinstance(value, datetime):
        return clock.iso(value) or ""
    said = value.isoformat() if isinstance(value, date) else str(value)
    said = _USER_OF_URL.sub(f"{MASK}@", said)
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
