"""`python -m scripts.new_migration NAME`: writes what the models have and the database lacks as the next migration.

The release before goes on writing while a new one starts, so a new column is nullable or has a constant as its default.
The file gives that default to the database as well: who does not name the column writes it all the same. What the
release before could not live with is refused. A column leaves in two releases: the first takes the field out of the
model and names it in `Meta.leaving`, the next one takes that out, too. A rename is a new column and one that leaves.

On Postgres no step keeps others waiting: columns come with constant defaults, and indexes of tables in use go into a
second file, NAME_online, that runs outside a transaction, as do other values of an enum. What the comparison cannot see
(another type, other rows) is written by hand into the file of `--empty`.
"""

import argparse
import re
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from hub.lib import clock
from hub.models import ALL, migrate
from hub.models.base import db
from hub.settings import Settings
from scripts.migration_source import Change, Difference, UnsafeChange, changes, difference


def main(arguments: list[str], directory: Path = migrate.DIRECTORY) -> int:
    """Compares with an empty database that is migrated here; nobody's own is looked at."""
    parser = argparse.ArgumentParser(prog="python -m scripts.new_migration", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="what it does, in a few words: folded_names")
    parser.add_argument("--empty", action="store_true", help="write a file with nothing in it yet")
    options = parser.parse_args(arguments)
    try:
        files = [Change([])] if options.empty else changes(_difference(directory), ALL)
    except UnsafeChange as error:
        print(error, file=sys.stderr)
        return 2
    for path in write(files, options.name, directory):
        print(path)
    if not files:
        print("The schema matches the models.")
    return 0


def _difference(directory: Path) -> Difference:
    with tempfile.TemporaryDirectory() as folder:
        migrate.upgrade(Settings.load({"SESSION_SECRET": "-" * 32, "DATABASE_URL": f"sqlite:///{folder}/new.db"}),
                        directory)
        with db.connection_context():
            found = difference(db, ALL)
        db.close_all()
    return found


def write(files: list[Change], name: str, directory: Path) -> list[Path]:
    """The files, named after this minute or, if that is taken, the next one that is free."""
    words = re.findall(r"[a-z0-9]+", name.lower())
    stem = f"{_moment(directory)}_{'_'.join(words) or 'migration'}"
    directory.mkdir(parents=True, exist_ok=True)
    paths = []
    for change in files:
        path = directory / f"{stem}{'_online' if change.online else ''}.py"
        says = " ".join([*words, "(online)"] if change.online else words).capitalize()
        path.write_text(change.text(f"{says}: a frozen step from one schema to the next."), "utf-8")
        paths.append(path)
    return paths


def _moment(directory: Path) -> str:
    moment = clock.now()
    while list(directory.glob(f"{moment:%Y%m%d_%H%M}_*.py")):
        moment += timedelta(minutes=1)
    return f"{moment:%Y%m%d_%H%M}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
