"""Pictures without what they tell besides the picture: where and when it was taken, by whom and with what."""

import re
import zlib
from collections.abc import Iterator
from typing import Literal

_MOST_PIECES = 50_000       # one that has more of them is made to be slow to read
# Within the coded picture of a JPEG every FF is followed by what is left out here.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_EXIF, _ORIENTATION = b"Exif\x00\x00", 0x0112
# What is needed to draw it: https://www.w3.org/TR/png-3, developers.google.com/speed/webp/docs/riff_container.
_PNG_DRAWN = frozenset((b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL",
                        b"fdAT", b"cICP", b"mDCV", b"cLLI", b"hIST", b"sPLT"))
_WEBP_DRAWN = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP", b"ANIM", b"ANMF"))
_VP8X_EXIF, _VP8X_XMP = 0x08, 0x04


def cleaned(mime: str, data: bytes) -> bytes:
    """The same picture, turned the same way. ValueError when it is made of too many pieces."""
    return _CLEAN[mime](data) if mime in _CLEAN else data


def _jpeg(data: bytes) -> bytes:
    kept = [data[:2]]
    for number, (marker, piece) in enumerate(_segments(data)):
        _bounded(number)
        if marker == 0xE1 and piece[4:10] == _EXIF:
            turned = _turned(piece[10:])
            kept.append(b"\xff\xe1" + (len(turned) + 8).to_bytes(2, "big") + _EXIF + turned if turned else b"")
        elif _is_drawn(marker, piece):
            kept.append(piece)
    return b"".join(kept)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, the piece with it) up to the end of the picture; what follows it is another file."""
    at = 2
    while found := _MARKER.search(data, at):
        marker, begin = found[0][1], found.start()
        if begin > at:
            yield 0, data[at:begin]                     # the coded picture itself
        at = begin + 2 if marker == 0xD9 else begin + 2 + int.from_bytes(data[begin + 2:begin + 4], "big")
        yield marker, data[begin:at]
        if marker == 0xD9:
            return
    yield 0, data[at:]                                  # it breaks off


def _is_drawn(marker: int, piece: bytes) -> bool:
    """Comments are not, nor are those for applications except of size, of colours, and Adobe's about them."""
    if marker == 0xE2:
        return piece[4:16] == b"ICC_PROFILE\x00"
    return marker not in (0xFE, *range(0xE1, 0xF0)) or marker == 0xEE


def _png(data: bytes) -> bytes:
    kept, at = [data[:8]], 8
    for number in range(len(data)):
        _bounded(number)
        kind, end = data[at + 4:at + 8], at + 12 + int.from_bytes(data[at:at + 4], "big")
        if kind == b"eXIf":
            kept.append(_chunk(kind, _turned(data[at + 8:end - 4])))
        elif not kind[:1].islower() or kind in _PNG_DRAWN:
            kept.append(data[at:end])
        at = end
        if at >= len(data) or kind == b"IEND":
            break
    return b"".join(kept)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")
            if content else b"")


def _webp(data: bytes) -> bytes:
    pieces, at, flags = dict[int, bytes](), 12, 0
    for number in range(len(data)):
        _bounded(number)
        kind, size = data[at:at + 4], int.from_bytes(data[at + 4:at + 8], "little")
        end = at + 8 + size + size % 2
        if kind == b"EXIF" and (turned := _turned(data[at + 8:end].removeprefix(_EXIF))):
            pieces[at], flags = kind + len(turned).to_bytes(4, "little") + turned, _VP8X_EXIF
        elif kind in _WEBP_DRAWN:
            pieces[at] = data[at:end]
        at = end
        if at >= len(data):
            break
    if pieces.get(12, b"")[:4] == b"VP8X" and len(pieces[12]) > 8:
        told = pieces[12][8] & ~(_VP8X_EXIF | _VP8X_XMP) | flags
        pieces[12] = pieces[12][:8] + bytes([told]) + pieces[12][9:]
    content = b"WEBP" + b"".join(pieces.values())
    return b"RIFF" + len(content).to_bytes(4, "little") + content


def _bounded(number: int) -> None:
    if number > _MOST_PIECES:
        raise ValueError("This picture is made of too many pieces.")


def _turned(tiff: bytes) -> bytes:
    """Of everything that a camera wrote, how the picture is to be turned; empty where it stands upright."""
    order: Literal["little", "big"] = "little" if tiff[:2] == b"II" else "big"

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at:at + size], order)

    first = number(4, 4)
    for at in range(first + 2, first + 2 + 12 * number(first, 2), 12):
        if number(at, 2) == _ORIENTATION and 1 < number(at + 8, 2) < 9:
            return b"MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + bytes(
                [number(at + 8, 2), 0, 0, 0, 0, 0, 0])
    return b""


_CLEAN = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}
