"""The text of an uploaded file: Markdown, plain text in any charset, PDF. Runs in the child process of extract.py."""

import re

from hub.ai import charset
from hub.ai.errors import ExtractError
from hub.ai.json_text import repair
from hub.lib import document_text

MOST_BYTES, MOST_CHARACTERS, MOST_PAGES = 20_000_000, 2_000_000, 500
# Longer than any word of any language, and than an address or a key that somebody pasted.
_LONGEST_WORD = 5_000

SENTENCES = {
    "empty": "The file holds no text.",
    "not_text": "The file is not text.",
    "not_words": "The file holds a word of more than 5,000 letters; it is not a text that people can read.",
    "unsupported": "Only Markdown (.md), text (.txt) and PDF files can be read.",
    "too_large": "The file is larger than 20 MB.",
    "too_long": "The file has more than 2,000,000 characters or 500 pages. Split it into parts.",
    "too_heavy": "The file takes too much time or memory to read.",
    "broken": "The file is damaged and cannot be read.",
    "pdf_locked": "The PDF is protected by a password.",
    "pdf_broken": "The PDF is damaged and cannot be read.",
    "pdf_no_text": "The PDF holds pictures of pages, not text. Upload a version with text.",
}

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)
# A picture inside a text: nobody asks for it in words.
_EMBEDDED = re.compile(r"data:[\w.+/-]{1,100};base64,[A-Za-z0-9+/=]+")
_ENDLESS = re.compile(rf"\w{{{_LONGEST_WORD + 1}}}")
# The sign with which a line of print ends inside a word.
_HYPHENATED = re.compile(r"(?<=[^\W\d_]) ?[\u00ad\u2010][ \t]*\n[ \t]*(?=[^\W\d_])")


def text_of(data: bytes, name: str) -> str:
    """The text of a .md, .txt or .pdf file, newlines as \\n. Raises ExtractError."""
    if len(data) > MOST_BYTES:
        raise error("too_large")
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return checked(_HYPHENATED.sub("", _pdf(data)), "pdf_no_text")
    ending = name.lower().rpartition(".")[2]
    if ending not in ("md", "markdown", "txt"):
        raise error("unsupported")
    text = charset.decoded(data)
    if text is None:
        raise error("not_text" if data.strip() else "empty")
    text = checked(_HYPHENATED.sub("", _with_plain_breaks(text)), "empty")
    return text if ending == "txt" else _FRONT_MATTER.sub("", text)


def checked(text: str, if_empty: str) -> str:
    """The same text as people see it. Raises ExtractError when it is none that people read."""
    if len(text) > MOST_CHARACTERS:
        raise error("too_long")
    text = document_text.readable(_EMBEDDED.sub("", repair(_with_plain_breaks(text))))
    if not text.strip():
        raise error(if_empty)
    if _ENDLESS.search(text):
        raise error("not_words")
    return text


def error(code: str) -> ExtractError:
    return ExtractError(code, SENTENCES[code])


def _with_plain_breaks(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def _pdf(data: bytes) -> str:
    from hub.ai import pdf
    return pdf.text_of(data, MOST_PAGES, MOST_CHARACTERS)
