"""Which characters the bytes of a text file mean: by its mark, as UTF-8 or UTF-16, or by the most plausible words."""

import codecs
import re
import unicodedata

# In the order of likelihood: of two that read a text equally well the first is taken.
_CHARSETS = ("cp1251", "cp1252", "koi8_r", "cp866", "cp1250", "koi8_u", "iso8859_5")
_MARKS = ((codecs.BOM_UTF8, "utf_8_sig"), (codecs.BOM_UTF32_LE, "utf_32"), (codecs.BOM_UTF32_BE, "utf_32"),
          (codecs.BOM_UTF16_LE, "utf_16"), (codecs.BOM_UTF16_BE, "utf_16"))
# What indicates a charset is seen in the first foreign words; a book of them says nothing more.
_SAMPLE = 200_000
_ENOUGH = 4_000
_WORD = re.compile(r"[\w\x80-\uffff]+")
# Few files were ever written so: it must read clearly better than the others.
_SELDOM_USED = {"iso8859_5": 0.9}
# Signs that stand in ordinary texts of any language, and letters in the order of their frequency in Russian.
_SIGNS = frozenset("–—‘’‚“”„«»…•€£§©®™°№·×±\u00a0½¼¾²¿¡")
_FREQUENCY = {**dict.fromkeys("оеаинтсрі", 1.0), **dict.fromkeys("влкмдпуяыь", 0.8),
              **dict.fromkeys("гзбчйхжшюё", 0.4), **dict.fromkeys("щцэфъїєґў", 0.0)}
# Western letters that stand alone as words, those that stand inside words of few languages, and Slovak ones.
_WORDS, _SELDOM, _SLOVAK = frozenset("àèéÀÈÉ"), frozenset("ìòïøÌÒÏØ"), frozenset("ŕĺŔĹ")
# How much a sign of each kind weighs for a charset, or against it.
_GOOD, _FAIR, _LITTLE, _ODD, _WRONG = 1.0, 0.5, 0.1, -1.0, -3.0


def decoded(data: bytes) -> str | None:
    """The text of a file, or None when it is not text."""
    wide = next((name for mark, name in _MARKS if data.startswith(mark)), None) or _wide(data[:2_000])
    text = _read(data, wide) if wide else _read(data, "utf_8") or _nearly_utf_8(data)
    if text is None and not wide and b"\x00" not in data:
        text = _read(data, best(data), "replace")
    return None if text is None or "\x00" in text or not _is_text(text[:_SAMPLE]) else text


def best(data: bytes) -> str:
    """The one-byte charset in which the foreign words of these bytes look most like words."""
    words = _foreign(data[:_SAMPLE])
    return max(_CHARSETS, key=lambda name: _SELDOM_USED.get(name, 1.0) * sum(
        _score(word.decode(name, "replace")) for word in words))


def _read(data: bytes, name: str, errors: str = "strict") -> str | None:
    try:
        return data.decode(name, errors)
    except UnicodeDecodeError:
        return None


def _nearly_utf_8(data: bytes) -> str | None:
    """UTF-8 that was cut inside a letter, or got a few foreign bytes: a letter of several bytes is no accident."""
    text = data.decode("utf_8", "replace")
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    return text if foreign > 10 * text.count("\ufffd") else None


def _wide(start: bytes) -> str | None:
    """UTF-16 without a mark: in half of the positions nearly every byte is the high one, 0 or 4 (Cyrillic)."""
    for name, high in (("utf_16_le", start[1::2]), ("utf_16_be", start[::2])):
        if sum(byte in (0, 4) for byte in high) > len(high) * 0.8:
            return name
    return None


def _foreign(data: bytes) -> list[bytes]:
    """Stretches of letters and of bytes above ASCII that hold at least one such byte, as far as they are needed."""
    found, size = [], 0
    for match in _WORD.finditer(data.decode("latin_1")):
        if not match.group().isascii():
            found.append(match.group()[:_ENOUGH].encode("latin_1"))
            size += len(found[-1])
        if size > _ENOUGH:
            break
    return found


def _score(word: str) -> float:
    around = f" {word} "
    return sum(_sign(around[index - 1], char, around[index + 1])
               for index, char in enumerate(around[1:-1], 1) if char > "\x7f")


def _sign(before: str, char: str, after: str) -> float:
    if char in _SIGNS:
        return _GOOD if char in "¿¡" and after.isalpha() else _FAIR
    if not char.isalpha() or char in "\ufffdªºˇ":
        return _WRONG
    # A small letter before a capital, and a letter of one alphabet beside one of another: no word is written so.
    if char.isupper() and before.islower() and before.isalpha():
        return _WRONG
    beside = [near for near in (before, after) if near.isalpha()]
    return _cyrillic(char, beside) if _is_cyrillic(char) else _latin(char, beside)


def _cyrillic(char: str, beside: list[str]) -> float:
    if not all(map(_is_cyrillic, beside)):
        return _WRONG
    small = char.lower()
    if not beside:
        return _LITTLE if small in "авикосуя" else _ODD
    return _FREQUENCY.get(small, _ODD) - (_LITTLE if char.isupper() else 0.0)


def _latin(char: str, beside: list[str]) -> float:
    """Letters with marks stand among plain ones: several in a row are another alphabet, misread."""
    if any(map(_is_cyrillic, beside)):
        return _WRONG
    if char in "ðþÐÞÿ" or (beside and all(near > "\x7f" for near in beside)):
        return _ODD
    if not beside or char in _SLOVAK:
        return 2 * _LITTLE if char in _WORDS else 0.0
    return _GOOD - (_LITTLE if char in _SELDOM and len(beside) == 2 else 0.0)


def _is_cyrillic(char: str) -> bool:
    return "\u0400" <= char <= "\u052f"


def _is_text(text: str) -> bool:
    """Not a picture or a program: at most one sign in twenty is a control character or nothing at all."""
    bad = sum(char == "\ufffd" or (unicodedata.category(char) in ("Cc", "Cn", "Co") and char not in "\t\n\r\f")
              for char in text)
    return bad <= len(text) // 20
