"""Collects every text of pages, templates and models, and updates the Russian catalogue.

    python -m scripts.build_texts        (in the project's folder; fails while a text has no translation)

English is the source: a text's English words are its key. Translate in hub/pages/locale/ru/LC_MESSAGES/
messages.po, run again, and commit it: the program compiles it at its next start (hub/pages/kit/catalogue.py).
"""

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "hub" / "pages" / "locale"
PO = LOCALE / "ru" / "LC_MESSAGES" / "messages.po"
# Header lines that hold dates and placeholders.
_NOISE = re.compile(rb'"(POT-Creation|PO-Revision|Generated-By|Report-Msgid|Last-Translator|Language-Team)')


def collect() -> Catalog:
    """Every text in the program, with the files it is used in."""
    with (LOCALE / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog(charset="utf-8")
    for path, line, message, comments, context in extract_from_dir(ROOT, methods, options):
        found.add(message, None, [(path, line)], auto_comments=comments, context=context)
    return found


def load() -> Catalog:
    if not PO.exists():
        return Catalog(locale="ru", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="ru")


def missing(catalogue: Catalog) -> list[str]:
    """Texts without a Russian wording (for plurals: without every form)."""
    return [str(message.id) for message in catalogue if message.id and not _is_translated(message.string)]


def _is_translated(wording: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(wording) if wording is None or isinstance(wording, str) else all(wording)


def po_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as text: without dates and line numbers: it changes only with the words."""
    out = io.BytesIO()
    write_po(out, catalogue, width=110, ignore_obsolete=True, include_lineno=False, sort_by_file=True)
    return b"".join(line for line in out.getvalue().splitlines(keepends=True) if not _NOISE.match(line))


def main() -> None:
    catalogue = load()
    catalogue.update(collect(), no_fuzzy_matching=True)
    catalogue.fuzzy, catalogue.project, catalogue.version = False, "Parley", "1"
    catalogue.header_comment = "# Russian words of the pages. Made by scripts/build_texts.py; translate here."
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po_bytes(catalogue))
    if gaps := missing(catalogue):
        print("\n".join(f"not translated: {text}" for text in gaps), file=sys.stderr)
        raise SystemExit(1)
    print(f"{len(catalogue)} texts, all translated")


if __name__ == "__main__":
    main()
