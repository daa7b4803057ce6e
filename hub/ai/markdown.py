"""Markdown as plain text, and as the single statements that can be quoted: sentences, list items, rows of tables."""

import re
from collections.abc import Iterator

# Every repetition has an end, and none can begin inside another: hostile text costs time in proportion to its length.
_FENCE = re.compile(r"^[ \t]*(?:```|~~~).*$", re.M)
_IMAGE = re.compile(r"!\[([^\]\[]{0,500})\](?:\([^)(]{0,2000}\)|\[[^\]\[]{0,200}\])")
_LINK = re.compile(r"\[([^\]\[]{1,500})\]\([ \t]*<?([^)(\s>]{0,2000})>?[^)(]{0,500}\)")
_LINK_BY_NAME = re.compile(r"\[([^\]\[]{1,500})\]\[[^\]\[]{0,200}\]")
_LINK_TARGET = re.compile(r"^[ \t]*\[[^\]\[]{1,200}\]:[ \t]+\S+.*$", re.M)
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|<!--[^<>]{0,2000}-->")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+", re.M)
_QUOTE = re.compile(r"^\s{0,3}>\s?", re.M)
_BULLET = re.compile(r"^([ \t]*)[*+•][ \t]+", re.M)
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.{1,1000}?)(?<=\S)\1", re.S)
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_\n]{1,1000}?)(?<=[^\s*_])\1(?![\w*])")
_CODE = re.compile(r"(?<!`)`{1,3}([^`\n]{1,1000})`{1,3}")
_CITATION = re.compile(r"[ \t]?\[\d{1,2}(?:\s*,\s*\d{1,2})*\](?!\()")
_RULE = re.compile(r"^[ \t]*([-*_])(?:[ \t]?\1){2,}[ \t]*$", re.M)
_ITEM = re.compile(r"\A[ \t]*(?:[-*+•]|\d{1,2}[.)])\s+")
# An end of a sentence, but not after the short forms that stand before a name or a number.
_END = re.compile(r"(?<=[.!?…])(?<!\bг\.)(?<!\bул\.)(?<!\bд\.)(?<!\bст\.)(?<!\bт\.)(?<!\bруб\.)(?<!\bSt\.)(?<!\be\.g\.)"
                  r"(?<!\bNo\.)(?<!\bMr\.)(?<!\bDr\.)\s+(?=[«“\"(\[A-ZА-ЯЁ0-9])")


def plain(text: str) -> str:
    """The text without its marks: widget and messengers show characters, not Markdown. Links keep their address."""
    for pattern, change in ((_FENCE, ""), (_IMAGE, r"\1"), (_LINK_TARGET, ""), (_LINK_BY_NAME, r"\1"),
                            (_AUTOLINK, r"\1"), (_TAG, ""), (_CITATION, ""), (_RULE, ""), (_HEADING, ""),
                            (_QUOTE, ""), (_BULLET, r"\1- "), (_STRONG, r"\2"), (_EMPHASIS, r"\2"), (_CODE, r"\1")):
        text = pattern.sub(change, text)
    text = _LINK.sub(lambda found: found[1] if found[2] in ("", found[1]) else f"{found[1]} ({found[2]})", text)
    text_lines = [text_line.rstrip() for text_line in _without_tables(text)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(text_lines)).strip()


def is_table_rule(text_line: str) -> bool:
    """Is this the row of text between a table's head and its rows: `|---|:--:|`?"""
    return "|" in text_line and "-" in text_line and not text_line.strip("|-: \t")


def statements(text: str) -> list[tuple[str, str]]:
    """[(heading above, statement)] in the order of the text, each statement plain and complete by itself."""
    result: list[tuple[str, str]] = []
    for heading, paragraph in _paragraphs(text):
        first, *more = sentences(plain(paragraph)) or [""]
        # "Write to us:" and the items of its list are one sentence.
        if result and result[-1][1].endswith((":", ";", ",")) and result[-1][0] == heading:
            result[-1] = (heading, f"{result[-1][1]} {first}")
        elif first:
            result.append((heading, first))
        result += [(heading, sentence) for sentence in more]
    return result


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph."""
    return [sentence.strip() for sentence in _END.split(text) if sentence.strip()]


def _paragraphs(text: str) -> Iterator[tuple[str, str]]:
    """(heading above, paragraph, list item or row of a table)."""
    heading, text_lines = "", list[str]()
    for text_line in [*_with_rows(text), ""]:
        is_item, is_heading = bool(_ITEM.match(text_line)), bool(_HEADING.match(text_line))
        if text_lines and (not text_line.strip() or is_item or is_heading):
            yield heading, " ".join(text_lines)
            text_lines = []
        if is_heading:
            heading = plain(text_line)
        elif text_line.strip():
            text_lines.append(_ITEM.sub("", text_line).strip())


def _with_rows(text: str) -> list[str]:
    """Rows of text, with every table row spelled out and kept apart by blank lines."""
    return [part for text_line in _rows(text) for part in (["", text_line[1], ""] if text_line[0] else [text_line[1]])]


def _without_tables(text: str) -> list[str]:
    return [text_line for _, text_line in _rows(text)]


def _rows(text: str) -> list[tuple[bool, str]]:
    """[(is a table row, row of text)]: `| Moscow | 5 |` under `| City | Days |` becomes `Moscow: Days — 5.`"""
    text_lines, head, result = text.split("\n"), list[str](), list[tuple[bool, str]]()
    for number, text_line in enumerate(text_lines):
        following = text_lines[number + 1] if number + 1 < len(text_lines) else ""
        if "|" in text_line and is_table_rule(following):
            head = _cells(text_line)
        elif not head:
            result.append((False, text_line))
        elif "|" not in text_line:
            head = []
            result.append((False, text_line))
        elif not is_table_rule(text_line):
            result.append((True, _spelled(head, _cells(text_line))))
    return result


def _cells(text_line: str) -> list[str]:
    return [cell.strip() for cell in text_line.strip().strip("|").split("|")]


def _spelled(head: list[str], cells: list[str]) -> str:
    pairs = [f"{name} — {cell}" if name else cell for name, cell in zip(head[1:], cells[1:], strict=False)
            if cell.strip("-–— ")]
    return f"{cells[0]}: {'; '.join(pairs)}." if pairs else cells[0]
