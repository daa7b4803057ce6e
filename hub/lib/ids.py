"""Identifiers: time-ordered uuids for rows (RFC 9562, version 7) and random tokens for secrets."""

import hashlib
import os
import secrets
import time
from typing import NamedTuple
from uuid import UUID


def uuid7() -> UUID:
    """48 bits of milliseconds, then 74 random bits: new rows stay close together in an index."""
    stamp = time.time_ns() // 1_000_000
    value = (stamp << 80) | (int.from_bytes(os.urandom(10), "big"))
    value = value & ~(0xF << 76) | (0x7 << 76)
    return UUID(int=value & ~(0x3 << 62) | (0x2 << 62))


class RowId(NamedTuple):
    """The names of a row to the outside: its uuid, its number (counted per tenant), and a prefix such as `usr`."""

    uuid: UUID
    number: int
    prefix: str = ""

    def spelled(self, kind: str) -> str | int:
        """As `uuid`, as `number`, or `prefixed`: usr_0192f0c0…"""
        if kind == "number":
            return self.number
        return f"{self.prefix}_{self.uuid.hex}" if kind == "prefixed" else str(self.uuid)


def parse(text: object) -> UUID | None:
    """The uuid in `text`, or None: a caller's nonsense is simply not found."""
    try:
        return UUID(str(text))
    except ValueError:
        return None


def token(size: int = 32) -> str:
    """A URL-safe secret of `size` random bytes."""
    return secrets.token_urlsafe(size)


def digest(secret: str) -> str:
    """What a table keeps instead of a secret: SHA-256, hex. For random secrets only, never for passwords."""
    return hashlib.sha256(secret.encode()).hexdigest()


def digest_bytes(data: bytes) -> str:
    """SHA-256 of a file, hex."""
    return hashlib.sha256(data).hexdigest()
