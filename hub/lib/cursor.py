"""Cursors of lists: opaque to callers, a row's position in the order to us."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

import orjson

from hub.errors import BadInput

_LARGEST = 2**63 - 1


def encode(position: Sequence[object]) -> str:
    """Any list of plain values as one URL-safe word."""
    return base64.urlsafe_b64encode(orjson.dumps(position)).decode().rstrip("=")


def decode(word: str, *kinds: type) -> list[Any]:
    """The list again, of values of these kinds; BadInput when it is not one of ours."""
    try:
        key = orjson.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
    except (binascii.Error, ValueError):
        key = None
    if not isinstance(key, list) or [type(value) for value in key] != list(kinds) or not all(map(_storable, key)):
        raise BadInput("after_invalid", "The cursor `after` is not from this list.", {"field": "after"})
    return key


def _storable(value: str | int) -> bool:
    """Could a row hold it? Neither database knows larger numbers, Postgres no NUL."""
    return "\x00" not in value if isinstance(value, str) else -_LARGEST <= value <= _LARGEST
