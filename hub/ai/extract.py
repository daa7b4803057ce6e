"""Reads an uploaded file, or a long article, in a child process with limits: a malicious one costs a child, no more."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hub.ai.chunk import Chunk
from hub.ai.errors import ExtractError
from hub.ai.formats import SENTENCES
from hub.lib.json_types import JsonObject

_CHILD = Path(__file__).with_name("extract_child.py")
_DEADLINE_S = 60.0


@dataclass(frozen=True)
class Extract:
    """The text of a file, and its passages."""

    text: str
    chunks: list[Chunk]


def of_file(file: IO[bytes], name: str, title: str) -> Extract:
    """Text and passages of a .md, .txt or .pdf file, read from an open file on disk. Raises ExtractError."""
    said = _child_output(file, name, title)
    if "error" in said:
        raise ExtractError(said["error"], SENTENCES[said["error"]])
    return Extract(said["text"], [Chunk(position, heading, text)
                                  for position, (heading, text) in enumerate(said["chunks"])])


def of_stream(content: IO[bytes], name: str, title: str) -> Extract:
    """The same for what is open, on disk or in memory. Raises ExtractError."""
    try:
        content.fileno()
    except OSError:         # not a file of the system's, which alone a process can be given
        return of_bytes(content.read(), name, title)
    return of_file(content, name, title)


def of_bytes(data: bytes, name: str, title: str) -> Extract:
    """The same for bytes. Raises ExtractError."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        return of_file(file, name, title)


def of_text(text: str, title: str) -> Extract:
    """The same for a text that is readable already. Raises ExtractError."""
    return of_bytes(text.encode("utf-8", "replace"), "text.txt", title)


def _child_output(file: IO[bytes], name: str, title: str) -> JsonObject:
    # Files, not pipes: the limit on what a process may write holds for files alone. An empty environment: no secrets.
    with tempfile.TemporaryFile() as output:
        command = [sys.executable, "-I", str(_CHILD), _word(name), _word(title)]
        try:
            child = subprocess.run(command, stdin=file, stdout=output, stderr=subprocess.DEVNULL, env={}, cwd=os.sep,
                                   timeout=_DEADLINE_S)
        except subprocess.TimeoutExpired:
            return {"error": "too_heavy"}
        if child.returncode != 0:       # killed at a limit
            return {"error": "too_heavy"}
        output.seek(0)
        said: JsonObject = json.load(output)
        return said


def _word(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
