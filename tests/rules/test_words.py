"""A word of the glossary has one meaning: names that were given another word do not come back (docs/adding.md)."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_CONVERSATIONS = r"(conversations|agents|channels|live)/|ai/prompts|api/widget/|core/conversations"
_HTTP = (r"^hub/(api|web|channels|live)/|^hub/(__init__|lib/http|lib/bodies)|"
         r"ai/store|models/channels/|services/channels/")
_TOLD = r"agents/|ai/offline|onboarding|idempotency"        # of the last one a column, which is there for good
# Names, where they may stand, and what else to say.
WORDS = (
    ({"place", "places"}, r"^$", "position, index, offset, column, quota"),
    ({"line", "lines"}, _CONVERSATIONS, "text_line, entry, connection"),
    ({"body", "bodies"}, _HTTP, "given, content, definition"),
    ({"answer", "answers"}, _TOLD, "response, reply"),
    ({"Answer", "Key", "Page"}, r"^hub/lib/cache", "Response, a name that says of what"),
    ({"LIMITS"}, r"/channels/|conversations/(inbox|outbox)|api/widget/session", "RATE_LIMITS or what it is a limit of"),
)


def sources() -> list[str]:
    """Ours, without the migrations, which are frozen."""
    return [str(path.relative_to(ROOT)) for top in ("hub", "jobs") for path in sorted((ROOT / top).rglob("*.py"))
            if "migrations" not in path.parts]


def names(source: str) -> set[str]:
    """The names in the code; comments and texts are free, and so is what an import is called elsewhere."""
    return {token.string for token in tokenize.generate_tokens(io.StringIO(source).readline)
            if token.type == tokenize.NAME}


def strays(path: str, source: str) -> Iterator[str]:
    """What stands where it means something else, with the words to take instead."""
    found = names(source)
    for words, where, instead in WORDS:
        for word in sorted(found & words if not re.search(where, path) else ()):
            yield f"{path}: {word}; say {instead}"


@pytest.mark.parametrize("path", sources())
def test_a_word_stands_only_where_it_has_its_meaning(path: str) -> None:
    assert list(strays(path, (ROOT / path).read_text("utf-8"))) == []


def test_a_stray_word_is_seen() -> None:
    assert list(strays("hub/lib/text.py", "place = 1  # a line\n")) == [
        "hub/lib/text.py: place; say position, index, offset, column, quota"]
    assert list(strays("hub/services/conversations/inbox.py", "line = place\n")) != []
    assert list(strays("hub/services/conversations/inbox.py", "line = 1\n")) == []
