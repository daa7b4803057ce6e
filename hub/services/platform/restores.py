"""A backup put into an empty installation and proved on the way: every byte, every row, every key, every file."""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import IO

import orjson

from hub.errors import Unavailable
from hub.lib import archive
from hub.lib.json_types import JsonObject
from hub.models import ALL, backup, migrate, secret
from hub.models.backup import Contents, Refused
from hub.models.base import connection
from hub.services import files
from hub.services.platform.backups import CONTENTS, FILES, FORMAT, HEAD, SETTINGS
from hub.settings import current_settings

_FILE = re.compile(rf"{FILES}/[0-9a-f-]{{36}}/[0-9a-f]{{2}}/([0-9a-f]{{64}})")


@dataclass
class Found:
    """What is in a backup, and what was noticed while it was put back."""

    head: JsonObject
    settings: str
    contents: Contents
    files: int = 0
    upgraded: int = 0           # migrations that were applied
    missing_files: int = 0      # their rows were deleted while the backup was made
    locked_secrets: int = 0     # that the keys of this installation do not open


def check(path: Path, keep: Path | None = None) -> Found:
    """Read all of it; the files go into the folder `keep`. Raises archive.Broken, Refused, OSError."""
    found = Found({}, "", Contents())
    for name, content in archive.members(path):
        if name == HEAD:
            found.head = _readable(orjson.loads(content.read()))
        elif name == SETTINGS:
            found.settings = content.read().decode()
        elif name == CONTENTS:
            found.contents = Contents(**orjson.loads(content.read()))
        elif name.startswith(f"{FILES}/"):
            _keep(name, content, keep)
            found.files += 1
    if not found.head or not found.contents.migrations:
        raise Refused(f"{path} is not a backup of Parley.")
    return found


def settings(path: Path) -> str:
    """The settings in a backup, as lines NAME=value."""
    return next((content.read().decode() for name, content in archive.members(path) if name == SETTINGS), "")


def restore(path: Path) -> Found:
    """Put the backup into the empty database and folder that the settings name, and bring it up to date."""
    here = current_settings()
    database = backup.kind(here)
    coming = files.folder().with_name("files.restoring")
    shutil.rmtree(coming, ignore_errors=True)
    _check_place()
    database.check_empty(here)
    try:
        found = check(path, coming)
        _check_kind(found)
        database.load(here, found.contents, _database(path))
        _put(coming)
    finally:
        shutil.rmtree(coming, ignore_errors=True)
    found.upgraded = len(migrate.upgrade(here))
    with connection():
        found.missing_files, found.locked_secrets = sum(1 for _ in files.missing()), _locked_secrets()
    return found


def _readable(head: JsonObject) -> JsonObject:
    if head.get("format") != FORMAT:
        raise Refused("This backup was made by a release with another format; restore it with that one.")
    return head


def _check_kind(found: Found) -> None:
    mine = "sqlite" if current_settings().sqlite else "postgres"
    if found.head["database"] != mine:
        raise Refused(f"The backup is one of {found.head['database']}; DATABASE_URL names a database of {mine}.")
    unknown = set(found.contents.migrations) - {path.stem for path in migrate.DIRECTORY.glob("*.py")}
    if unknown:
        raise Refused(f"The backup was made by a newer release than this one (it knows {min(unknown)}).")


def _check_place() -> None:
    if next(files.on_disk(), None) is not None:
        raise Refused(f"{files.folder()} is not empty. A backup is restored into an empty place.")


def _keep(name: str, content: IO[bytes], folder: Path | None) -> None:
    """A file is named after its bytes, which proves it."""
    known, digest = _FILE.fullmatch(name), hashlib.sha256()
    if known is None:
        raise Refused(f"The backup has a file of a name that is not one of ours: {name}.")
    target = Path(os.devnull) if folder is None else folder / name.removeprefix(f"{FILES}/")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with target.open("wb") as file:
        while piece := content.read(archive.PIECE):
            digest.update(piece)
            file.write(piece)
        if folder is not None:
            file.flush()
            os.fsync(file.fileno())
    if digest.hexdigest() != known[1]:
        raise Refused(f"A file in the backup is not what it was: {name}.")


def _database(path: Path) -> "Iterator[tuple[str, IO[bytes]]]":
    """The members that are the database; they stand together, before the files."""
    before = f"{backup.FOLDER}/"
    return (member for member in takewhile(lambda member: member[0] != CONTENTS, archive.members(path))
            if member[0].startswith(before))


def _put(coming: Path) -> None:
    folder = files.folder()
    shutil.rmtree(folder, ignore_errors=True)       # it is empty but for folders
    if coming.exists():
        os.replace(coming, folder)
        archive.sync_folder(folder.parent)


def _locked_secrets() -> int:
    """How many stored secrets nobody can read here."""
    count = 0
    for model in ALL:
        for field in secret.fields_of(model):
            for (kept,) in model.select(field).where(field.is_null(False)).tuples().iterator():
                try:
                    kept.reveal()
                except Unavailable:
                    count += 1
    return count
