"""`python -m scripts.restoring FILE`: a backup into an empty installation, proved and brought up to date."""

import argparse
import os
import sys
from pathlib import Path

from hub.errors import SettingsError
from hub.lib import archive
from hub.models import backup
from hub.services.platform import restores
from hub.services.start import start
from hub.settings import Settings, current_settings
from scripts import StartError, envfile, migrate, one_sentence
from scripts.backing_up import DATABASE_ERRORS
from scripts.options import ROOT

_KEYS = ("SESSION_SECRET", "INTEGRATION_SECRETS_MASTER_KEY")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/restore", description="Put a backup into the database and folder "
                                     "that the settings name. Both must be empty, and nothing of the hub may run then.")
    parser.add_argument("file", type=Path, help="what scripts/backup made")
    parser.add_argument("--check", action="store_true", help="only read it and say whether it is whole")
    parsed = parser.parse_args(arguments)
    with one_sentence():
        found = _asked(parsed.file, parsed.check)
    for sentence in _told(found, parsed.check):
        print(sentence)
    return 0


def _asked(path: Path, only_check: bool) -> restores.Found:
    try:
        if only_check:
            return restores.check(path)
        _begin(path)
        return restores.restore(path)
    except (archive.Broken, backup.Refused, SettingsError) as error:
        raise StartError(str(error)) from None
    except OSError as error:
        raise StartError(f"{error.filename or path}: {error.strerror or error}.") from None
    except DATABASE_ERRORS as error:
        raise StartError(migrate.sentence(current_settings().database_url, str(error))) from None


def _begin(path: Path) -> None:
    """With the keys of the backup, if it has them and this installation has none yet; it keeps them then."""
    environ = envfile.installation(ROOT)
    kept = Path(environ["DATA_DIR"])
    kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = envfile.parsed(restores.settings(path), str(path))
    keys = envfile.secrets(kept / "secrets.env", environ, {name: found[name] for name in _KEYS if found.get(name)})
    start(Settings.load({**environ, **keys}))


def _told(found: restores.Found, only_check: bool) -> list[str]:
    rows = sum(found.contents.rows.values())
    told = [f"{'Whole' if only_check else 'Restored'}: a backup of {found.head['made_at']} with {rows:,} rows in "
            f"{len(found.contents.rows)} tables and {found.files:,} files."]
    if found.upgraded:
        told.append(f"Brought up to date by {found.upgraded} migrations.")
    if found.missing_files:
        told.append(f"{found.missing_files} files had been deleted while it was made.")
    if found.locked_secrets:
        told.append(f"{found.locked_secrets} stored secrets cannot be read with the keys of this installation: set "
                    "INTEGRATION_SECRETS_MASTER_KEY as it was then.")
    return told


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main(sys.argv[1:]))
