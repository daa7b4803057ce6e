"""`python -m scripts.backing_up [FILE or FOLDER] [--secrets]`: one file of the whole installation, while it runs."""

import argparse
import os
import sqlite3
import sys
from pathlib import Path

import peewee
import psycopg2

from hub.errors import SettingsError
from hub.models import backup
from hub.services.platform import backups
from hub.services.start import start
from hub.settings import Settings, current_settings
from scripts import StartError, envfile, migrate, one_sentence
from scripts.options import ROOT

# The drivers' own: what a backup reads, it reads past the models.
DATABASE_ERRORS = (peewee.DatabaseError, peewee.InterfaceError, sqlite3.Error, psycopg2.Error)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/backup", description="Make one file of the whole installation: its "
                                     "database, its files, its settings. The hub may go on working.")
    parser.add_argument("to", nargs="?", help="a file that is not there yet, or a folder (default: DATA_DIR/backups)")
    parser.add_argument("--secrets", action="store_true", help="with passwords and keys; keep such a file very safe")
    parsed = parser.parse_args(arguments)
    with one_sentence():
        path = _path(parsed.to, begun())
        _write(path, parsed.secrets)
    print(f"{path}  {path.stat().st_size:,} bytes")
    return 0


def begun() -> Settings:
    """The settings of the installation in this folder, or of the environment."""
    try:
        return start(Settings.load(envfile.installation(ROOT)))
    except SettingsError as error:
        raise StartError(str(error)) from None


def _path(given: str | None, settings: Settings) -> Path:
    to = Path(given) if given else Path(settings.data_dir) / "backups"
    if given and not to.is_dir():
        return to
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    return to / backups.name()


def _write(path: Path, secrets: bool) -> None:
    try:
        backups.write(path, secrets)
    except backup.Refused as error:
        raise StartError(str(error)) from None
    except FileExistsError:
        raise StartError(f"{path} is there already; a backup replaces nothing.") from None
    except OSError as error:
        raise StartError(f"The backup could not be written to {path.parent}: {error.strerror}.") from None
    except DATABASE_ERRORS as error:
        raise StartError(migrate.sentence(current_settings().database_url, str(error))) from None


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main(sys.argv[1:]))
