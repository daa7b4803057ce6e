"""A program of its own: PDF on standard input, one JSON line on standard output. Started by pdf.py, never imported.

A PDF can be made so that a reader loops or swells for ever, and nothing inside one process can stop Python code that
does not return. So the reading happens here, under limits of the operating system, and knows nothing of the hub.
"""

import io
import json
import logging
import resource
import sys

MOST_PAGES, MOST_CHARACTERS = 500, 2_000_000
CPU_S, MEMORY_BYTES = 30, 1 << 30


def read(data: bytes) -> dict[str, str]:
    """{"text": …}, or {"error": code}."""
    from pypdf import PdfReader
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        return {"error": "pdf_locked"}
    if len(reader.pages) > MOST_PAGES:
        return {"error": "too_long"}
    pages, size = [], 0
    for page in reader.pages:
        pages.append(page.extract_text().strip())
        size += len(pages[-1])
        if size > MOST_CHARACTERS:
            return {"error": "too_long"}
    return {"text": "\n\n".join(pages)}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    logging.disable()       # pypdf tells about every oddity of a file
    data = sys.stdin.buffer.read()
    try:
        said = read(data)
    except MemoryError:
        said = {"error": "pdf_too_heavy"}
    except Exception:       # a broken file may raise anything; to the person it is one thing: it cannot be read
        said = {"error": "pdf_broken"}
    sys.stdout.write(json.dumps(said))      # ASCII: a lone surrogate in a file's text travels as an escape


if __name__ == "__main__":
    main()
