"""The whole installation as one file: its database, its files, its settings; made while the hub works.

In order: head.json, settings.env, database/…, database.json, files/…. Vectors and what Redis holds are made anew.
"""

import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import orjson

from hub.lib import archive, clock
from hub.models import backup
from hub.services import files
from hub.settings import Settings, current_settings

FORMAT = 1                      # of the archive; another one needs another program
HEAD, SETTINGS, CONTENTS, FILES = "head.json", "settings.env", "database.json", "files"
_DAY_S = 86_400


def name() -> str:
    """What a backup of this moment is called."""
    return f"parley-{clock.now():%Y-%m-%d-%H%M%S-%f}.tar.gz"


def write(path: Path, secrets: bool = False) -> None:
    """Make a backup at `path`. Raises backup.Refused, OSError, or what the database's driver does."""
    settings = current_settings()
    _tidy(path.parent)
    with archive.written(path) as to, tempfile.TemporaryDirectory(prefix=archive.DRAFT, dir=path.parent) as scratch:
        to.add_bytes(HEAD, orjson.dumps({"format": FORMAT, "made_at": clock.iso(clock.now()), "secrets": secrets,
                                         "database": "sqlite" if settings.sqlite else "postgres"}))
        to.add_bytes(SETTINGS, _settings(settings, secrets))
        contents = backup.kind(settings).save(settings, to, Path(scratch))
        to.add_bytes(CONTENTS, orjson.dumps(asdict(contents)))
        _add_files(to)


def _tidy(folder: Path) -> None:
    """Without what a backup that was killed left there, a copy of the database perhaps."""
    for draft in folder.glob(f"{archive.DRAFT}*"):
        with suppress(OSError):         # somebody else's, or gone
            if time.time() - draft.lstat().st_mtime > _DAY_S:
                shutil.rmtree(draft) if draft.is_dir() else draft.unlink()


def _settings(settings: Settings, secrets: bool) -> bytes:
    stated = settings.stated(secrets).items()
    return "".join(f"{name}={value}\n" for name, value in stated if "\n" not in value).encode()


def _add_files(to: archive.Writer) -> None:
    for name, path in files.on_disk():
        try:
            to.add_file(f"{FILES}/{name}", path)
        except FileNotFoundError:       # its row was deleted meanwhile
            continue
