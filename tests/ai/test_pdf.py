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

from hub.ai import chunk, pdf, pdf_child
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
        chunk.extract(data, "a.pdf")
    assert str(caught.value).endswith(".")
    return caught.value.code


def test_all_pages_are_read_in_order() -> None:
    assert chunk.extract(document(["Delivery in 3 days", "Returns in 30 days"]), "a.pdf") == (
        "Delivery in 3 days\n\nReturns in 30 days")


def test_a_pdf_is_known_by_its_content_not_its_name() -> None:
    assert "Delivery" in chunk.extract(document(["Delivery"]), "brochure.txt")


@pytest.mark.skipif(not _FONTS, reason="no font with Cyrillic letters on this machine")
def test_russian_is_read() -> None:
    pdfmetrics.registerFont(TTFont("Cyrillic", _FONTS[0]))
    assert chunk.extract(document(["Доставка за 3 дня"], "Cyrillic"), "a.pdf") == "Доставка за 3 дня"


def test_a_locked_one_says_so() -> None:
    assert code_of(document(["secret"], encrypt=StandardEncryption("password"))) == "pdf_locked"


def test_one_that_needs_no_password_to_be_read_is_read() -> None:
    data = document(["open"], encrypt=StandardEncryption("", ownerPassword="owner"))
    assert chunk.extract(data, "a.pdf") == "open"


def test_pictures_of_pages_are_not_text() -> None:
    assert code_of(document([" "])) == "pdf_no_text"


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.4\n" + b"\x00" * 500, document(["x" * 50])[:400]])
def test_a_damaged_one_says_so(data: bytes) -> None:
    assert code_of(data) == "pdf_broken"


def test_more_pages_than_the_limit_are_refused() -> None:
    assert code_of(document(["x"] * (pdf_child.MOST_PAGES + 1))) == "too_long"


def test_a_bomb_costs_a_child_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """A content stream that unpacks to more than a gigabyte."""
    packer = zlib.compressobj(1)
    packed = b"".join([packer.compress(b" " * (1 << 20)) for _ in range(1_100)] + [packer.flush()])
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
               b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream"]
    monkeypatch.setattr(pdf, "_DEADLINE_S", 20.0)
    assert code_of(_assembled(objects)) in ("pdf_too_heavy", "pdf_broken", "pdf_no_text")


def test_one_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forever = tmp_path / "child.py"
    forever.write_text("while True: pass")
    monkeypatch.setattr(pdf, "_CHILD", forever)
    monkeypatch.setattr(pdf, "_DEADLINE_S", 0.5)
    assert code_of(document(["x"])) == "pdf_too_heavy"


def test_the_child_sees_no_secrets_and_no_modules_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    child = tmp_path / "child.py"
    child.write_text("import os, sys, json, importlib.util\n"
                     "print(json.dumps({'text': str(dict(os.environ)) + str(importlib.util.find_spec('hub'))}))")
    monkeypatch.setenv("SESSION_SECRET", "do-not-tell")
    monkeypatch.setattr(pdf, "_CHILD", child)
    said = pdf.text_of(b"%PDF-")
    assert "do-not-tell" not in said and said.endswith("None")


def _assembled(objects: Sequence[bytes]) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj" % number + content + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
            + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(body)))
