"""Signed tokens and message authentication codes. Comparison is always in constant time."""

import hashlib
import hmac


def sign(secret: str, data: str | bytes) -> str:
    """HMAC-SHA256 as hex."""
    raw = data.encode() if isinstance(data, str) else data
    return hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def same(left: str, right: str) -> bool:
    """Equal? In constant time; non-ASCII input is simply different."""
    return hmac.compare_digest(left.encode("utf-8", "replace"), right.encode("utf-8", "replace"))


def verified(given: str, secret: str, data: str | bytes) -> bool:
    """Is `given` the HMAC-SHA256 of the data? Hex digits count in either case, as other programs print them."""
    return same(given.strip().lower(), sign(secret, data))
