"""A person's e-mail addresses and telephone numbers in what others wrote: found whole, and made unreadable."""

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from hub.lib import phone
from hub.lib.masking import MASK

# Fewer digits are no whole number of a telephone anywhere, but somebody's order, price or house.
_FEWEST, _RUSSIAN = 9, 11
_BETWEEN = r"[\s().\u2010-\u2015\u2212-]{0,2}"


class Contacts:
    """Whole addresses and numbers; a short number, a name or a part of a longer address is none."""

    def __init__(self, emails: Iterable[str] = (), phones: Iterable[str] = ()) -> None:
        found = [*map(_email, emails), *(_phone(phone.digits(number)) for number in phones)]
        self._pattern = re.compile("|".join(filter(None, found)) or r"(?!)", re.IGNORECASE)

    def masked(self, value: Any) -> Any:
        """What JSON can say, without them."""
        if isinstance(value, dict):
            return {self.masked(name): self.masked(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.masked(inner) for inner in value]
        if isinstance(value, int) and not isinstance(value, bool) and self._pattern.search(str(value)):
            return MASK
        return self._pattern.sub(MASK, value) if isinstance(value, str) else value

    def stand_in(self, text: str) -> bool:
        """Is one of them there?"""
        return self._pattern.search(text) is not None


def _email(address: str) -> str:
    address = address.strip()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address):
        return ""
    spelled = {address, json.dumps(address)[1:-1], quote(address, safe="")}      # as JSON may write it, and as URLs do
    return rf"(?<![\w.%+-])(?:{'|'.join(map(re.escape, sorted(spelled)))})(?![\w-]|\.\w)"


def _phone(digits: str) -> str:
    if len(digits) < _FEWEST:
        return ""
    first = "[78]" if len(digits) == _RUSSIAN and digits.startswith("7") else digits[0]
    return rf"(?<!\d)(?:\+|%2B|00)?{_BETWEEN.join([first, *digits[1:]])}(?!\d)"
