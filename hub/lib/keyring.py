"""Encryption of stored secrets: AES-256-GCM under a named key; old keys still read, the current one writes."""

import base64
import hashlib
import os
from dataclasses import dataclass, field

PREFIX = "aes256gcm"
_NONCE = 12         # bytes, as NIST SP 800-38D recommends; random, for far fewer than 2^32 secrets per key


class Unreadable(ValueError):
    """Encrypted with a key that this keyring lacks, for another column, or changed since."""


@dataclass(frozen=True)
class Keyring:
    """`current` writes; `old` ones only read. Each 32 bytes."""

    current: bytes = field(repr=False)
    old: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def current_id(self) -> str:
        return key_id(self.current)

    def seal(self, text: str, context: str) -> str:
        """`aes256gcm:KEY-ID:base64url(nonce + ciphertext + tag)`; opens only with the same `context` (table.column)."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # 6 MB that few processes need
        nonce = os.urandom(_NONCE)
        sealed = nonce + AESGCM(self.current).encrypt(nonce, text.encode(), context.encode())
        return f"{PREFIX}:{self.current_id}:{base64.urlsafe_b64encode(sealed).decode()}"

    def unseal(self, sealed: str, context: str) -> str:
        """The text. Raises Unreadable."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        name, encoded = sealed.removeprefix(f"{PREFIX}:").split(":", 1)
        key = next((key for key in (self.current, *self.old) if key_id(key) == name), None)
        if key is None:
            raise Unreadable(f"It was encrypted with the key {name}, which is not known here.")
        try:
            raw = base64.urlsafe_b64decode(encoded)
            return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], context.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Unreadable("It was changed since it was encrypted.") from error


def is_sealed(text: str) -> bool:
    """Was this written by `seal`?"""
    return text.startswith(f"{PREFIX}:") and text.count(":") == 2


def sealed_with(text: str) -> str | None:
    """The id of the key of a sealed text; None for any other text."""
    return text.split(":")[1] if is_sealed(text) else None


def key_id(key: bytes) -> str:
    """Eight hex digits that tell keys apart and say nothing about them."""
    return hashlib.sha256(b"key id" + key).hexdigest()[:8]


def parse(text: str) -> bytes:
    """A key of 32 bytes from base64 (either alphabet). Raises ValueError."""
    key = base64.b64decode(text.strip().replace("-", "+").replace("_", "/"), validate=True)
    if len(key) != 32:
        raise ValueError(f"{len(key)} bytes")
    return key
