"""Where releases of the program lie on this machine, and how its supervisor is asked for one (scripts/releases.py)."""

import fcntl
import os
from pathlib import Path

import orjson

from hub.lib.json_types import JsonObject
from hub.lib.version import VERSION
from hub.settings import current_settings


def folder() -> Path:
    """Packages and unpacked releases; beside the data, where the program may write."""
    found = Path(current_settings().data_dir) / "releases"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def package(version: str) -> Path:
    return folder() / f"{version}.zip"


def is_supervised() -> bool:
    """Does scripts/run hold this data folder? Else others start the processes, and would not start another release."""
    try:
        handle = os.open(Path(current_settings().data_dir) / "parley.lock", os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(handle)


def wish() -> JsonObject:
    """What the supervisor was asked for last: `before` stands there until it is up, `failed` when it did not get up."""
    try:
        return dict(orjson.loads((folder() / "current.json").read_bytes()))
    except (OSError, ValueError, TypeError):
        return {}


def switch(version: str, asked: str) -> None:
    """Ask for that release; the supervisor stops everything within seconds, this process too."""
    draft = folder() / f".{asked}"
    draft.write_bytes(orjson.dumps({"version": version, "asked": asked, "before": VERSION}))
    draft.replace(folder() / "current.json")
