"""Text that came from outside: made safe to store, cut at a character, shown as initials."""

import re
import unicodedata

# C0 and C1 controls except tab and newline: Postgres refuses NUL, terminals obey the rest.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Marks that turn the reading direction without an end: they would turn the page around them as well.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# More marks on one letter than any language writes (Unicode UAX 15, Stream-Safe Text): sorting 100,000 takes a minute.
_MOST_MARKS = 30


def clean(text: str) -> str:
    """Storable text: no lone surrogates, control or bidi-override characters, newlines as \\n, NFC, trimmed."""
    whole = text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _tamed(_DIRECTIONS.sub("", _CONTROLS.sub("", whole)))).strip()


def _tamed(text: str) -> str:
    """Without the marks that no letter can carry."""
    if text.isascii():
        return text
    kept, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def one_line(text: str, limit: int = 255) -> str:
    """One clean line of at most `limit` characters."""
    return " ".join(clean(text).split())[:limit]


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def initials(name: str) -> str:
    """Up to two capitals for an avatar: `Anna Petrova` -> `AP`."""
    return "".join(word[0] for word in name.split()[:2] if word).upper() or "?"
