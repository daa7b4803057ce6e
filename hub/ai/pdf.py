"""The text of a PDF's pages. Runs in the child process of extract.py: a PDF can loop or swell for ever."""

import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from typing import Any

from hub.ai.errors import ExtractError
from hub.lib import document_text


def text_of(data: bytes, most_pages: int, most_characters: int) -> str:
    """The text of all pages, a blank line between two. Raises ExtractError."""
    try:
        return _read(data, most_pages, most_characters)
    except (ExtractError, MemoryError):
        raise
    except Exception as error:        # a damaged file may raise anything
        raise ExtractError("pdf_broken", type(error).__name__) from error


def _read(data: bytes, most_pages: int, most_characters: int) -> str:
    from pypdf import PdfReader
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise ExtractError("pdf_locked", "encrypted")
    pages, size = [], 0
    if len(reader.pages) > most_pages:
        raise ExtractError("too_long", "pages")
    for page in reader.pages:
        _without_invisible(page, reader)
        pages.append(page.extract_text().strip())
        size += len(pages[-1])
        if size > most_characters:
            raise ExtractError("too_long", "characters")
    return "\n\n".join(pages)


def _without_invisible(page: Any, reader: Any) -> None:
    """Take out what is drawn for a soft hyphen or a zero-width space: printers draw a blank and say in `ActualText`
    (PDF 32000-1, 14.9.4) what it means, which pypdf does not read."""
    from pypdf.generic import ContentStream, NameObject
    contents = page.get_contents()
    if contents is None or b"ActualText" not in contents.get_data():
        return
    stream = ContentStream(contents, reader, "bytes")       # as pypdf itself reads text: fonts decide what bytes mean
    kept, inside = [], 0
    for operands, operator in stream.operations:
        if inside:
            inside += {b"BDC": 1, b"BMC": 1, b"EMC": -1}.get(operator, 0)
        elif operator == b"BDC" and _means_nothing(operands):
            inside = 1
        if not inside or operator not in (b"Tj", b"TJ", b"'", b'"'):
            kept.append((operands, operator))
    stream.operations = kept
    page[NameObject("/Contents")] = stream


def _means_nothing(operands: Any) -> bool:
    properties = operands[1] if len(operands) > 1 else None
    meant = properties.get("/ActualText") if isinstance(properties, dict) else None
    if not isinstance(meant, bytes):
        return False
    shown = meant.decode("utf_16" if meant.startswith((BOM_UTF16_BE, BOM_UTF16_LE)) else "latin_1", "replace")
    return not document_text.visible(shown)
