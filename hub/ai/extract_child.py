"""A program of its own: a file's bytes on standard input, its passages on standard output. Started by extract.py.

Arguments: the file's name, the document's title. Output: {"text", "chunks": [[heading, text], …]} or {"error": code}.
A file can be made so that a reader loops or swells for ever, and nothing inside one process can stop code that does not
return. So every format is read and cut here, under limits of the operating system, without our environment.
"""

import json
import logging
import os
import resource
import sys
from pathlib import Path

CPU_S, MEMORY_BYTES, OUTPUT_BYTES = 30, 1 << 30, 64 << 20


def _limit() -> None:
    os.nice(10)     # whoever waits for an answer comes first
    for kind, most in ((resource.RLIMIT_CPU, CPU_S), (resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CORE, 0),
                       (resource.RLIMIT_FSIZE, OUTPUT_BYTES), (resource.RLIMIT_NOFILE, 64)):
        resource.setrlimit(kind, (most, most))


def passages(data: bytes, name: str, title: str) -> dict[str, object]:
    """What the file holds, or the code of what is wrong with it."""
    from hub.ai import chunk, formats
    from hub.ai.errors import ExtractError
    try:
        text = formats.text_of(data, name)
        return {"text": text, "chunks": [[piece.heading, piece.text] for piece in chunk.chunks(text, title)]}
    except ExtractError as error:
        return {"error": error.code}


def main(name: str, title: str) -> None:
    _limit()
    logging.disable()       # pypdf tells about every oddity of a file
    try:
        said = passages(sys.stdin.buffer.read(), name, title)
    except MemoryError:
        said = {"error": "too_heavy"}
    except Exception:       # a broken file may raise anything; to the person it is one thing: it cannot be read
        said = {"error": "broken"}
    sys.stdout.write(json.dumps(said))      # ASCII: a lone surrogate in a file's text travels as an escape


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main(*sys.argv[1:3])
