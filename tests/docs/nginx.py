"""Reads a configuration of nginx as far as our example needs it: blocks, directives, the location of an address."""

import re
from dataclasses import dataclass, field
from typing import Self

_TOKEN = re.compile(r"#[^\n]*|'[^']*'|\"[^\"]*\"|[{};]|[^\s{};]+")


@dataclass
class Block:
    """What stands before the brace, and what is inside: (name, words) of each directive."""

    words: list[str] = field(default_factory=list)
    directives: list[list[str]] = field(default_factory=list)
    blocks: "list[Block]" = field(default_factory=list)
    outer: "Block | None" = None

    def all(self, name: str) -> list[list[str]]:
        """Those of that name that hold here: one level that has any of its own hides those outside of it."""
        found = [words[1:] for words in self.directives if words[0] == name]
        return found or (self.outer.all(name) if self.outer else [])

    def one(self, name: str) -> str:
        """The words of the only one; empty when there is none."""
        found = self.all(name)
        assert len(found) <= 1, f"{name} stands here {len(found)} times"
        return " ".join(found[0]) if found else ""

    def find(self, *words: str) -> "list[Block]":
        """The blocks inside, at any depth, that begin with these words."""
        mine = [self] if self.words[:len(words)] == list(words) else []
        return mine + [block for inner in self.blocks for block in inner.find(*words)]

    def location(self, path: str) -> "Block":
        """The one that nginx takes: a regular expression before the longest prefix."""
        places = [block for block in self.blocks if block.words[0] == "location"]
        matching = [block for block in places if block.words[1] == "~" and re.search(block.words[2], path)]
        prefixes = [block for block in places if block.words[1] != "~" and path.startswith(block.words[1])]
        return matching[0] if matching else max(prefixes, key=lambda block: len(block.words[1]))

    @classmethod
    def read(cls, text: str) -> Self:
        top = cls()
        here, words = top, list[str]()
        for token in _TOKEN.findall(text):
            if token == "{":
                inner = cls(words, outer=here)
                here.blocks.append(inner)
                here, words = inner, []
            elif token == "}":
                assert here.outer is not None and not words, "a brace too many, or a directive without an end"
                here = here.outer           # type: ignore[assignment]
            elif token == ";":
                here.directives.append(words)
                words = []
            elif not token.startswith("#"):
                words.append(token.strip("'\""))
        assert here is top and not words, "the file ends inside of a block"
        return top
