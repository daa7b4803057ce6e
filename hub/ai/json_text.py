"""Reads the text members of a JSON object while the object is still being written, cut anywhere."""

import re

_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_HEX = frozenset("0123456789abcdefABCDEF")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def repair(text: str) -> str:
    """A lone half of a surrogate pair (a model may write one) becomes U+FFFD: it could be neither sent nor stored."""
    return _LONE_SURROGATE.sub("\ufffd", text)


class PartialJson:
    """`texts` holds the string members of the outermost object as far as they have come; `complete` those that ended.

    Whatever stands before the object is passed over. What is no JSON stops the reading; the whole is parsed by `json`
    in the end, so nothing is decided here, only shown early.
    """

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.complete: set[str] = set()
        self._depth, self._is_key, self._is_over = 0, False, False
        self._name = self._so_far = ""
        self._reads = self._between

    def feed(self, piece: str) -> None:
        """Take the next piece of the object."""
        for char in piece:
            if self._is_over:
                return
            self._reads(char)
        if self._reads != self._between and self._is_value:
            self.texts[self._name] = self._settled()

    @property
    def _is_value(self) -> bool:
        return self._depth == 1 and not self._is_key

    def _settled(self) -> str:
        """Without the first half of a pair whose second half may still come."""
        return repair(self._so_far[:-1] if "\ud800" <= self._so_far[-1:] <= "\udbff" else self._so_far)

    def _between(self, char: str) -> None:
        if char == '"' and self._depth:
            self._so_far, self._reads = "", self._inside
        elif char in "{[":
            self._depth += 1
            self._is_key = self._depth == 1
        elif char in "}]" and self._depth:
            self._depth -= 1
            self._is_over = not self._depth
        elif char in ",:" and self._depth == 1:
            self._is_key = char == ","

    def _inside(self, char: str) -> None:
        if char == "\\":
            self._reads = self._escape
        elif char == '"':
            self._reads = self._between
            self._ended()
        else:
            self._so_far += char

    def _ended(self) -> None:
        if self._is_value:
            self.texts[self._name] = repair(self._so_far)
            self.complete.add(self._name)
        elif self._depth == 1:
            self._name = repair(self._so_far)

    def _escape(self, char: str) -> None:
        if char == "u":
            self._digits, self._reads = "", self._unicode
        elif char in _ESCAPES:
            self._so_far += _ESCAPES[char]
            self._reads = self._inside
        else:
            self._is_over = True

    def _unicode(self, char: str) -> None:
        if char not in _HEX:
            self._is_over = True
            return
        self._digits += char
        if len(self._digits) == 4:
            self._append(chr(int(self._digits, 16)))
            self._reads = self._inside

    def _append(self, unit: str) -> None:
        first = self._so_far[-1:]
        if "\ud800" <= first <= "\udbff" and "\udc00" <= unit <= "\udfff":
            pair = 0x10000 + ((ord(first) - 0xD800) << 10) + (ord(unit) - 0xDC00)
            self._so_far = self._so_far[:-1] + chr(pair)
        else:
            self._so_far += unit
