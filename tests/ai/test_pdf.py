"""PDF text, and PDFs that are made to hurt."""

import io
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from hub.ai import extract, formats
from hub.ai.errors import ExtractError

_FOLDER = Path("/usr/share/fonts/truetype")
_FONTS = [font for font in (_FOLDER / "dejavu/DejaVuSans.ttf", _FOLDER / "liberation/LiberationSans-Regular.ttf")
          if font.exists()]


def document(pages: Sequence[str], font: str = "Helvetica", **more: object) -> bytes:
    result = io.BytesIO()
    canvas = Canvas(result, **more)
    for text in pages:
        canvas.setFont(font, 12)
        canvas.drawString(70, 700, text)
        canvas.showPage()
    canvas.save()
    return result.getvalue()


def code_of(data: bytes) -> str:
    with pytest.raises(ExtractError) as caught:
        extract.of_bytes(data, "a.pdf", "t")
    assert str(caught.value).endswith(".")
    return caught.value.code


def test_all_pages_are_read_in_order() -> None:
    assert extract.of_bytes(document(["Delivery in 3 days", "Returns in 30 days"]), "a.pdf", "t").text == (
        "Delivery in 3 days\n\nReturns in 30 days")


def test_a_pdf_is_known_by_its_content_not_its_name() -> None:
    assert "Delivery" in extract.of_bytes(document(["Delivery"]), "brochure.txt", "t").text


@pytest.mark.skipif(not _FONTS, reason="no font with Cyrillic letters on this machine")
def test_russian_is_read() -> None:
    pdfmetrics.registerFont(TTFont("Cyrillic", _FONTS[0]))
    assert extract.of_bytes(document(["Доставка за 3 дня"], "Cyrillic"), "a.pdf", "t").text == "Доставка за 3 дня"


def test_a_locked_one_says_so() -> None:
    assert code_of(document(["secret"], encrypt=StandardEncryption("password"))) == "pdf_locked"


def test_one_that_needs_no_password_to_be_read_is_read() -> None:
    data = document(["open"], encrypt=StandardEncryption("", ownerPassword="owner"))
    assert extract.of_bytes(data, "a.pdf", "t").text == "open"


def test_pictures_of_pages_are_not_text() -> None:
    assert code_of(document([" "])) == "pdf_no_text"


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.4\n" + b"\x00" * 500, document(["x" * 50])[:400]])
def test_a_damaged_one_says_so(data: bytes) -> None:
    assert code_of(data) == "pdf_broken"


def test_more_pages_than_the_limit_are_refused() -> None:
    assert code_of(document(["x"] * (formats.MOST_PAGES + 1))) == "too_long"


def test_a_bomb_costs_a_child_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """A content stream that unpacks to more than a gigabyte."""
    packer = zlib.compressobj(1)
    packed = b"".join([packer.compress(b" " * (1 << 20)) for _ in range(1_100)] + [packer.flush()])
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
               b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream"]
    monkeypatch.setattr(extract, "_DEADLINE_S", 20.0)
    assert code_of(_assembled(objects)) in ("too_heavy", "pdf_broken", "pdf_no_text")


@pytest.mark.parametrize("meant", [b"<FEFF00AD>", b"<FEFF200B>", b"(\xad)"])
def test_a_blank_that_stands_for_a_soft_hyphen_does_not_split_a_word(meant: bytes) -> None:
    """So browsers print `&shy;`: a blank glyph, and beside it what it means."""
    drawn = (b"BT /F1 12 Tf 50 700 Td (Wirtschafts) Tj /Span<</ActualText " + meant + b">>BDC ( ) Tj EMC "
             b"58.7 0 Td (grumpel and) Tj /Span<</ActualText (more)>>BDC ( more) Tj EMC ET")
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 900]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
               b"<</Length %d>>stream\n" % len(drawn) + drawn + b"\nendstream",
               b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"]
    assert extract.of_bytes(_assembled(objects), "a.pdf", "t").text == "Wirtschaftsgrumpel and more"


def _assembled(objects: Sequence[bytes]) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj" % number + content + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
            + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(body)))
