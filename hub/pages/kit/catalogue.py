"""The pages' words in the form that gettext reads: compiled when they changed, kept in the data folder."""

import hashlib
import os
import tempfile
from pathlib import Path

LOCALE = Path(__file__).parent.parent / "locale"


def directory(data: Path) -> Path:
    """A folder with <language>/LC_MESSAGES/messages.mo for every messages.po, made after each change of them."""
    sources = sorted(LOCALE.glob("*/LC_MESSAGES/messages.po"))
    version = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    for parent in (data, Path(tempfile.gettempdir()) / "parley"):
        try:
            return _filled(parent / "locale" / version, sources)
        except OSError:     # a folder that may only be read: the next one serves
            continue
    raise OSError(f"Neither {data} nor the folder for temporary files can be written.")


def _filled(folder: Path, sources: list[Path]) -> Path:
    for source in sources:
        target = folder / source.relative_to(LOCALE).with_suffix(".mo")
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(target, _compiled(source))
    return folder


def _compiled(source: Path) -> bytes:
    from io import BytesIO

    from babel.messages.mofile import write_mo     # only here: later starts find the file made
    from babel.messages.pofile import read_po
    out = BytesIO()
    with source.open("rb") as file:
        write_mo(out, read_po(file, locale=source.parent.parent.name))
    return out.getvalue()


def _write(target: Path, content: bytes) -> None:
    """Whole or not at all: another process may read it meanwhile."""
    handle, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(name, 0o644)
    os.replace(name, target)
