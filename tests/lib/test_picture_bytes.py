"""Pictures tell nothing besides the picture, and stay turned as they were."""

import zlib
from typing import Any, Literal

import pytest

from hub.lib import picture_bytes

SECRET = b"GPS 55.75 37.61"


def tiff(order: Literal["little", "big"], turned: int) -> bytes:
    """What a camera writes: three entries, one of them how to turn it, and where it was."""
    def number(value: int, size: int) -> bytes:
        return value.to_bytes(size, order)

    entries = [(0x010F, 2, 4, b"Cam\x00"), (0x0112, 3, 1, number(turned, 2) + b"\x00\x00"),
               (0x8825, 4, 1, number(50, 4))]
    return ((b"II" if order == "little" else b"MM") + number(42, 2) + number(8, 4) + number(3, 2)
            + b"".join(number(tag, 2) + number(kind, 2) + number(count, 4) + value
                       for tag, kind, count, value in entries) + number(0, 4) + SECRET)


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content


CODED = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56\xff\xd3"
NEEDED = (segment(0xE0, b"JFIF\x00" + bytes(9)), segment(0xE2, b"ICC_PROFILE\x00colours"),
          segment(0xDB, b"\x00\xff\xd9"), segment(0xEE, b"Adobe" + bytes(7)))


def jpeg(*pieces: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(pieces) + CODED + segment(0xC4, b"\xff\xd9") + CODED + b"\xff\xd9"


def chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def png(*pieces: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", bytes(13)), *pieces, chunk(b"IDAT", b"x"), chunk(b"IEND", b"")))


def riff(*pieces: tuple[bytes, bytes]) -> bytes:
    content = b"WEBP" + b"".join(
        kind + len(data).to_bytes(4, "little") + data + b"\x00" * (len(data) % 2) for kind, data in pieces)
    return b"RIFF" + len(content).to_bytes(4, "little") + content


TOLD: list[Any] = [
    ("image/jpeg", jpeg(NEEDED[0], segment(0xE1, b"Exif\x00\x00" + tiff("little", 1)),
                        segment(0xE1, b"http://xmp" + SECRET), NEEDED[1],
                        segment(0xE2, b"MPF\x00" + SECRET), segment(0xED, SECRET), segment(0xFE, SECRET),
                        *NEEDED[2:]) + SECRET, jpeg(*NEEDED)),
    ("image/png", png(chunk(b"tEXt", SECRET), chunk(b"iTXt", SECRET), chunk(b"zTXt", SECRET), chunk(b"tIME", bytes(7)),
                      chunk(b"caBX", SECRET), chunk(b"eXIf", tiff("big", 1)), chunk(b"gAMA", bytes(4))) + SECRET,
     png(chunk(b"gAMA", bytes(4)))),
    ("image/webp", riff((b"VP8X", b"\x2c" + bytes(9)), (b"ICCP", b"odd"), (b"VP8L", b"picture"),
                        (b"EXIF", tiff("big", 1)), (b"XMP ", SECRET), (b"oops", SECRET)),
     riff((b"VP8X", b"\x20" + bytes(9)), (b"ICCP", b"odd"), (b"VP8L", b"picture"))),
]


@pytest.mark.parametrize(("mime", "taken", "kept"), TOLD, ids=[one[0] for one in TOLD])
def test_a_picture_loses_what_does_not_draw_it_and_nothing_else(mime: str, taken: bytes, kept: bytes) -> None:
    assert SECRET in taken and picture_bytes.cleaned(mime, taken) == kept
    assert picture_bytes.cleaned(mime, kept) == kept


@pytest.mark.parametrize("order", ["little", "big"])
def test_how_it_is_turned_stays(order: Literal["little", "big"]) -> None:
    written, turned = tiff(order, 6), tiff(order, 6)
    for mime, taken in (("image/jpeg", jpeg(segment(0xE1, b"Exif\x00\x00" + written))),
                        ("image/png", png(chunk(b"eXIf", written))),
                        ("image/webp", riff((b"VP8X", b"\x08" + bytes(9)), (b"VP8 ", b"x"), (b"EXIF", written)))):
        clean = picture_bytes.cleaned(mime, taken)
        assert b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06" in clean and SECRET not in clean and b"Cam" not in clean
        assert picture_bytes.cleaned(mime, clean) == clean
    assert turned == written


@pytest.mark.parametrize(("mime", "taken", "_"), TOLD, ids=[one[0] for one in TOLD])
def test_one_that_breaks_off_anywhere_breaks_nothing_and_tells_nothing(mime: str, taken: bytes, _: bytes) -> None:
    for end in range(len(taken)):
        assert len(picture_bytes.cleaned(mime, taken[:end])) <= len(taken)
    assert SECRET not in picture_bytes.cleaned(mime, taken[:taken.rindex(SECRET) + len(SECRET)])


@pytest.mark.parametrize(("mime", "made"), [
    ("image/jpeg", b"\xff\xd8" + segment(0xFE, b"") * 60_000), ("image/png", png(chunk(b"tEXt", b"") * 60_000)),
    ("image/webp", riff(*[(b"oops", b"")] * 60_000))], ids=["jpeg", "png", "webp"])
def test_one_that_is_made_to_be_slow_is_refused(mime: str, made: bytes) -> None:
    with pytest.raises(ValueError, match="too many pieces"):
        picture_bytes.cleaned(mime, made)
