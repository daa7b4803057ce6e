"""From an uploaded file to passages: its text, and the text cut at headings and paragraphs."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from hub.ai import pdf
from hub.ai.errors import ExtractError
from hub.ai.json_text import mend
from hub.ai.markdown import is_table_rule

# Short sections share a passage of 300 to 500 characters, a longer section has its own, and one of more than 900
# becomes several. Measured on the demo's 100 questions: the right article first for 0.72, as with one passage a section
# (which leaves a model too little to read), but 0.64 with 600 to 900 for all; among the first three 0.86 in all cases.
SHARED_FROM, SHARED_TO = 300, 500
SHORTEST, LONGEST = 600, 900
MOST_BYTES, MOST_CHARACTERS = 20_000_000, 2_000_000

# Without the restriction short Russian texts were taken for Shift-JIS; the order is that of likelihood.
_CHARSETS = ["utf_8", "utf_16", "cp1251", "koi8_r", "cp866"]
_Section = tuple[tuple[str, ...], str]

_HEADING = re.compile(r"(#{1,6})[ \t]+([^\s#].*)")
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)


@dataclass(frozen=True)
class Chunk:
    """A passage: its place in the document, the headings above it (` › ` between), its Markdown."""

    position: int
    heading: str
    text: str


def extract(data: bytes, name: str) -> str:
    """The text of a .md, .txt or .pdf file, newlines as \\n. Raises ExtractError."""
    ending = name.lower().rpartition(".")[2]
    if len(data) > MOST_BYTES:
        raise ExtractError("too_large", "The file is larger than 20 MB.")
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return _plain(pdf.text_of(data))
    if ending not in ("md", "markdown", "txt"):
        raise ExtractError("unsupported", "Only Markdown (.md), text (.txt) and PDF files can be read.")
    text = _plain(_decoded(data))
    return _FRONT_MATTER.sub("", text) if ending != "txt" else text


def chunks(text: str, title: str) -> list[Chunk]:
    """Passages of at most about 900 characters, in the order of the text."""
    result = [found for group in _groups(_sections(text, title)) for found in _passages(group)]
    return [Chunk(position, " › ".join(path)[:500], piece) for position, (path, piece) in enumerate(result)]


def searchable(title: str, heading: str, text: str, tags: Iterable[str] = ()) -> str:
    """What a passage is found by, for stems and vectors alike. The title counts twice: it says what all of it is about.

    Without the tags and the second title the right article came first for 0.67 of the demo's questions, with them 0.72.
    """
    return f"{title}\n{title}\n{', '.join(tags)}\n{heading}\n{text}"


def _decoded(data: bytes) -> str:
    from charset_normalizer import from_bytes  # 8 MB that only indexing needs
    if not data.strip():
        raise ExtractError("empty", "The file holds no text.")
    best = from_bytes(data, cp_isolation=_CHARSETS).best()
    text = str(best or "\x00")
    if "\x00" in text or text.count("\ufffd") > len(text) // 20:
        raise ExtractError("not_text", "The file is not text.")
    if len(text) > MOST_CHARACTERS:
        raise ExtractError("too_long", "The file has more than 2,000,000 characters. Split it into parts.")
    return text


def _plain(text: str) -> str:
    return mend(text).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").removeprefix("\ufeff")


def _sections(text: str, title: str) -> Iterator[_Section]:
    """(headings above, body) of each stretch between two headings; a `#` inside a code fence is no heading."""
    path: list[tuple[int, str]] = []
    body: list[str] = []
    is_code = False
    for line in text.split("\n"):
        is_code ^= line.lstrip().startswith(("```", "~~~"))
        found = None if is_code else _HEADING.fullmatch(line)
        if found is None:
            body.append(line)
            continue
        yield _names(path, title), "\n".join(body).strip()
        level, body = len(found.group(1)), []
        path = [item for item in path if item[0] < level] + [(level, found.group(2).rstrip("# \t"))]
    yield _names(path, title), "\n".join(body).strip()


def _names(path: list[tuple[int, str]], title: str) -> tuple[str, ...]:
    return tuple(name for _, name in path if name.casefold() != title.casefold())


def _groups(sections: Iterable[_Section]) -> Iterator[list[_Section]]:
    """Neighbours that share a passage. A heading without a body is only part of the path of what follows."""
    group: list[_Section] = []
    for section in (found for found in sections if found[1]):
        if group and _size(group) + _size([section]) > SHARED_TO:
            yield group
            group = []
        group.append(section)
        if _size(group) >= SHARED_FROM:
            yield group
            group = []
    if group:
        yield group


def _size(group: list[_Section]) -> int:
    return sum(len(body) + sum(map(len, path[-1:])) for path, body in group)


def _passages(group: list[_Section]) -> list[tuple[tuple[str, ...], str]]:
    """One section keeps its headings beside it; several keep the shared ones there and their own in the text."""
    if len(group) == 1:
        path, body = group[0]
        return [(path, piece) for piece in _pieces(body)]
    levels = zip(*(path for path, _ in group), strict=False)
    shared = tuple(names[0] for names in takewhile(lambda names: len(set(names)) == 1, levels))
    parts = [f"## {' › '.join(path[len(shared):])}\n\n{body}" if path[len(shared):] else body for path, body in group]
    return [(shared, "\n\n".join(parts))]


def _pieces(body: str) -> list[str]:
    if len(body) <= LONGEST:
        return [body]
    from semantic_text_splitter import MarkdownSplitter
    pieces = MarkdownSplitter((SHORTEST, LONGEST)).chunks(body)
    return [_with_table_head(piece, body) for piece in pieces if piece.strip()]


def _with_table_head(piece: str, body: str) -> str:
    """A table that was cut between two rows gets its head again: a row without it says nothing."""
    lines = piece.split("\n")
    if not lines[0].lstrip().startswith("|") or (len(lines) > 1 and is_table_rule(lines[1])):
        return piece
    above = body[:body.find(piece)].split("\n")
    for number in range(len(above) - 1, 0, -1):
        if is_table_rule(above[number]):
            return "\n".join([*above[number - 1:number + 1], piece])
    return piece
