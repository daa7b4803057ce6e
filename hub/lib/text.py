"""Text that came from outside: made safe to store, folded for search, cut at a character, shown as initials."""

import re
import unicodedata

# C0 and C1 controls except tab and newline: Postgres refuses NUL, terminals obey the rest.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Marks that turn the reading direction without an end: they would turn the page around them as well.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# More marks on one letter than any language writes (Unicode UAX 15, Stream-Safe Text): sorting 100,000 takes a minute.
_MOST_MARKS = 30
# What no reader sees: Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt).
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]")
# Signs that have a glyph without ink: a Braille pattern without dots, a note without a head.
_BLANK_GLYPHS = re.compile("[\u2800\U0001d159]")
# Letters and marks that one keyboard or another writes for the same thing; a capital I with a dot folds to i and a dot.
_ALIKE = str.maketrans({"ё": "е", "’": "'", "ʼ": "'", "‘": "'", **dict.fromkeys("‐‑‒–—―−", "-")})
_WORD = re.compile(r"[^\W_]+")
_LONGEST_WORD = 64


def clean(text: str) -> str:
    """Storable text: no lone surrogates, control or bidi-override characters, newlines as \\n, NFC, trimmed.

    Empty when nobody would see anything of it.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    result = unicodedata.normalize("NFC", _without_stacked_marks(_DIRECTIONS.sub("", _CONTROLS.sub("", whole)))).strip()
    return "" if is_blank(result) else result


def is_blank(text: str) -> bool:
    """Does a reader see nothing? Spaces, controls, zero-width characters, soft hyphens and fillers leave no trace."""
    rest = text if text.isascii() else _BLANK_GLYPHS.sub("", _IGNORABLE.sub("", text))
    return not _CONTROLS.sub("", rest).strip()


def fold(text: str) -> str:
    """How text is compared in a search: without case, compatibility forms, ё, invisible characters, double spaces."""
    if not text.isascii():
        text = _IGNORABLE.sub("", unicodedata.normalize("NFKC", _IGNORABLE.sub("", text)))
        text = unicodedata.normalize("NFKC", text.casefold()).replace("i\u0307", "i").translate(_ALIKE)
    return " ".join(text.casefold().split())


def words(text: str, most: int = 2000) -> list[str]:
    """The different words of a text, folded, in their order: at most so many, each at most 64 characters."""
    found = dict.fromkeys(word[:_LONGEST_WORD] for word in _WORD.findall(fold(text)))
    return list(found)[:most]


def _without_stacked_marks(text: str) -> str:
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
    return clean(" ".join(clean(text).split())[:limit])


def email(text: str) -> str:
    """An e-mail address as it is compared: without the capitals and the spaces that people type into it."""
    return one_line(text).casefold()


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def cut(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` characters, cut where a line ends, else a word, else anywhere; at least one piece."""
    pieces = []
    while len(text) > limit:
        head = text[:limit + 1]
        at = next((found for mark in "\n " if (found := head.rfind(mark)) > limit // 2), limit)
        pieces.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*pieces, text] if text or not pieces else pieces


def initials(name: str) -> str:
    """Up to two capitals for an avatar: `Anna Petrova` -> `AP`."""
    return "".join(word[0] for word in name.split()[:2] if word).upper() or "?"
