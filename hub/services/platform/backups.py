"""The whole installation as one file: its database, its files, its settings; made while the hub works.

In order: head.json, settings.env, database/…, database.json, files/…. Vectors and what Redis holds are made anew.
"""

import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import orjson

from hub.errors import Unavailable
from hub.lib import archive, clock
from hub.models import backup
from hub.models.base import release
from hub.services import files
from hub.settings import Settings, current_settings

FORMAT = 1                      # of the archive; another one needs another program
HEAD, SETTINGS, CONTENTS, FILES = "head.json", "settings.env", "database.json", "files"
_DEADLINE_S = 6 * 3600


def make(folder: Path | None = None, secrets: bool = False) -> Path:
    """The path of a new backup, in DATA_DIR/backups unless a folder is given. Raises Unavailable with the reason.

    It is made by a process of its own: packing would hold up every greenlet of this one, and so would COPY.
    """
    path = _new(folder or Path(current_settings().data_dir) / "backups")
    release()
    command = [sys.executable, "-m", "hub.services.platform.backup_child", str(path), *(["--secrets"] * secrets)]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, timeout=_DEADLINE_S,
                          env={**os.environ, **current_settings().stated()})
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["The backup could not be made."])[-1]
        raise Unavailable("backup_failed", last)
    return path


def _new(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder.resolve() / name()


def name() -> str:
    """What a backup of this moment is called."""
    return f"parley-{clock.now():%Y-%m-%d-%H%M%S-%f}.tar.gz"


def write(path: Path, secrets: bool = False) -> None:
    """Make a backup at `path`. Raises backup.Refused, OSError, or what the database's driver does."""
    settings = current_settings()
    with archive.written(path) as to, tempfile.TemporaryDirectory(prefix=".backup-", dir=path.parent) as scratch:
        to.add_bytes(HEAD, orjson.dumps({"format": FORMAT, "made_at": clock.iso(clock.now()), "secrets": secrets,
                                         "database": "sqlite" if settings.sqlite else "postgres"}))
        to.add_bytes(SETTINGS, _settings(settings, secrets))
        contents = backup.kind(settings).save(settings, to, Path(scratch))
        to.add_bytes(CONTENTS, orjson.dumps(asdict(contents)))
        _add_files(to)


def _settings(settings: Settings, secrets: bool) -> bytes:
    stated = settings.stated(secrets).items()
    return "".join(f"{name}={value}\n" for name, value in stated if "\n" not in value).encode()


def _add_files(to: archive.Writer) -> None:
    for name, path in files.on_disk():
        try:
            to.add_file(f"{FILES}/{name}", path)
        except FileNotFoundError:       # its row was deleted meanwhile
            continue
