"""From a text to passages, cut at headings and paragraphs."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from operator import itemgetter

from hub.ai.markdown import is_table_rule

# Short sections share a passage of 300 to 500 characters, a longer section has its own, and one of more than 900
# becomes several. Measured on the demo's 100 questions: the right article first for 0.72, as with one passage a section
# (which leaves a model too little to read), but 0.64 with 600 to 900 for all; among the first three 0.86 in all cases.
SHARED_FROM, SHARED_TO = 300, 500
SHORTEST, LONGEST = 600, 900
# The splitter's time grows with the square of what it is given.
_AT_ONCE = 20_000
_Section = tuple[tuple[str, ...], str]

_HEADING = re.compile(r"(#{1,6})[ \t]+([^\s#].*)")


@dataclass(frozen=True)
class Chunk:
    """A passage: its position in the document, the headings above it (` › ` between), its Markdown."""

    position: int
    heading: str
    text: str


def chunks(text: str, title: str) -> list[Chunk]:
    """Passages of at most about 900 characters, in the order of the text."""
    result = [found for group in _groups(_sections(text, title)) for found in _passages(group)]
    return [Chunk(position, " › ".join(path)[:500], piece) for position, (path, piece) in enumerate(result)]


def searchable(title: str, heading: str, text: str, tags: Iterable[str] = ()) -> str:
    """What a passage is found by, for stems and vectors alike. The title counts twice: it says what all of it is about.

    Without the tags and the second title the right article came first for 0.67 of the demo's questions, with them 0.72.
    """
    return f"{title}\n{title}\n{', '.join(tags)}\n{heading}\n{text}"


def _sections(text: str, title: str) -> Iterator[_Section]:
    """(headings above, content) of each stretch between two headings; a `#` inside a code fence is no heading."""
    path: list[tuple[int, str]] = []
    content: list[str] = []
    is_code = False
    for text_line in text.split("\n"):
        is_code ^= text_line.lstrip().startswith(("```", "~~~"))
        found = None if is_code else _HEADING.fullmatch(text_line)
        if found is None:
            content.append(text_line)
            continue
        yield _names(path, title), "\n".join(content).strip()
        level, content = len(found.group(1)), []
        path = [item for item in path if item[0] < level] + [(level, found.group(2).rstrip("# \t"))]
    yield _names(path, title), "\n".join(content).strip()


def _names(path: list[tuple[int, str]], title: str) -> tuple[str, ...]:
    return tuple(name for _, name in path if name.casefold() != title.casefold())


def _groups(sections: Iterable[_Section]) -> Iterator[list[_Section]]:
    """Neighbours that share a passage. A heading without content is only part of the path of what follows."""
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
    return sum(len(content) + sum(map(len, path[-1:])) for path, content in group)


def _passages(group: list[_Section]) -> list[tuple[tuple[str, ...], str]]:
    """One section keeps its headings beside it; several keep the shared ones there and their own in the text."""
    if len(group) == 1:
        path, content = group[0]
        return [(path, piece) for piece in _pieces(content)]
    levels = zip(*(path for path, _ in group), strict=False)
    shared = tuple(names[0] for names in takewhile(lambda names: len(set(names)) == 1, levels))
    parts = [f"## {' › '.join(path[len(shared):])}\n\n{content}" if path[len(shared):] else content
             for path, content in group]
    return [(shared, "\n\n".join(parts))]


def _pieces(content: str) -> list[str]:
    if len(content) <= LONGEST:
        return [content]
    from semantic_text_splitter import MarkdownSplitter
    splitter = MarkdownSplitter((SHORTEST, LONGEST))
    pieces = [piece for block in _blocks(content) for piece in splitter.chunks(block) if piece.strip()]
    return list(_with_table_heads(pieces, content))


def _blocks(content: str) -> Iterator[str]:
    """Stretches of a size that is split quickly, cut at a paragraph, else at a line, else at a word."""
    start = 0
    while len(content) - start > _AT_ONCE:
        ends = (content.rfind(sign, start + _AT_ONCE // 2, start + _AT_ONCE) for sign in ("\n\n", "\n", " "))
        end = next((end for end in ends if end > 0), start + _AT_ONCE)
        yield content[start:end]
        start = end
    yield content[start:]


def _with_table_heads(pieces: list[str], content: str) -> Iterator[str]:
    """A table that was cut between two rows gets its head again: a row without it says nothing."""
    heads, at = _table_heads(content), 0
    for piece in pieces:
        at = max(content.find(piece, at), at)
        text_lines = piece.split("\n", 2)
        is_cut = text_lines[0].lstrip().startswith("|") and not (len(text_lines) > 1 and is_table_rule(text_lines[1]))
        index = bisect_right(heads, at, key=itemgetter(0)) - 1 if is_cut else -1
        yield piece if index < 0 else f"{heads[index][1]}\n{piece}"


def _table_heads(content: str) -> list[tuple[int, str]]:
    """(where it ends, head and rule) of every table."""
    heads, end, before = [], 0, ""
    for text_line in content.split("\n"):
        end += len(text_line) + 1
        if before and is_table_rule(text_line):
            heads.append((end, f"{before}\n{text_line}"))
        before = text_line
    return heads
