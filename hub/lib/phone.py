"""Telephone numbers as people type them: compared by their digits."""

import re
import unicodedata

# What a number may consist of besides its digits.
_PUNCTUATION = re.compile(r"[\s()+./\u00ad\u2010-\u2015\u2212-]")
_FEWEST, _RUSSIAN = 3, 11


def digits(text: str) -> str:
    """`8 (912) 345-67-89` -> `79123456789`: eleven digits that begin with 8 are a Russian number dialled at home."""
    found = "".join(str(unicodedata.decimal(sign)) for sign in unicodedata.normalize("NFKC", text) if sign.isdecimal())
    return f"7{found[1:]}" if len(found) == _RUSSIAN and found.startswith("8") else found


def looked_for(text: str) -> list[str]:
    """The digits that a search text may mean as a part of a number; none when it is no such part.

    Whoever has typed only the beginning of `8 912 …` may look for `+7 912 …`.
    """
    plain = _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text))
    if not plain.isdecimal() or len(plain) < _FEWEST:
        return []
    found = digits(plain)
    return [found, f"7{found[1:]}"] if found.startswith("8") else [found]
