"""Reads a PDF's text in a child process with limits, so that a malicious file costs one child and nothing else."""

import json
import subprocess
import sys
from pathlib import Path

from hub.ai.errors import ExtractError

_CHILD = Path(__file__).with_name("pdf_child.py")
_DEADLINE_S = 60.0

_SENTENCES = {
    "pdf_locked": "The PDF is protected by a password.",
    "pdf_broken": "The PDF is damaged and cannot be read.",
    "pdf_too_heavy": "The PDF takes too much time or memory to read.",
    "pdf_no_text": "The PDF holds pictures of pages, not text. Upload a version with text.",
    "too_long": "The PDF has more than 500 pages or 2,000,000 characters. Split it into parts.",
}


def text_of(data: bytes) -> str:
    """The text of all pages, a blank line between two. Raises ExtractError."""
    said = _said_by_child(data)
    if "error" in said:
        raise _error(said["error"])
    if not said["text"].strip():
        raise _error("pdf_no_text")
    return said["text"]


def _said_by_child(data: bytes) -> dict[str, str]:
    try:
        # -I and an empty environment: the child sees neither our modules nor our secrets.
        child = subprocess.run([sys.executable, "-I", str(_CHILD)], input=data, capture_output=True, env={},
                               timeout=_DEADLINE_S)
    except subprocess.TimeoutExpired:
        return {"error": "pdf_too_heavy"}
    if child.returncode != 0:       # killed at a limit
        return {"error": "pdf_too_heavy"}
    said: dict[str, str] = json.loads(child.stdout)
    return said


def _error(code: str) -> ExtractError:
    return ExtractError(code, _SENTENCES[code])
