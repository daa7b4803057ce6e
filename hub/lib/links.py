"""Addresses in what people write: found, trimmed and made absolute, as the widget's rich.js does."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

# Lengths are bounded so that hostile text cannot make the matching slow.
_LINK = re.compile(r"""\b(https?://|www\.)[^\s<>"'`]{1,1000}""", re.IGNORECASE)
_CLOSING = re.compile(r"[.,;:!?…»”’]+$")


def split(text: str) -> Iterator[tuple[str, str | None]]:
    """(piece, its address or None), in order; the pieces joined are `text` again. Only http and https are addresses."""
    done = 0
    for match in _LINK.finditer(text):
        raw = _trimmed(match[0])
        address = _address(raw)
        if address is None:
            continue
        if match.start() > done:
            yield text[done:match.start()], None
        yield raw, address
        done = match.start() + len(raw)
    if done < len(text):
        yield text[done:], None


def _trimmed(raw: str) -> str:
    """Punctuation that ends the sentence is no part of an address; a bracket is when it was opened inside."""
    link = _CLOSING.sub("", raw)
    if link.endswith(")") and link.count("(") < link.count(")"):
        return _trimmed(link[:-1])
    return link


def _address(raw: str) -> str | None:
    """The address with its scheme in lower case, or None where there is no host in it."""
    scheme, separator, rest = raw.partition("://")
    address = f"{scheme.lower()}://{rest}" if separator else f"https://{raw}"
    try:
        return address if urlsplit(address).hostname else None
    except ValueError:          # such as an unfinished [IPv6] host
        return None
