"""A whole database into an archive and out of it, of either kind, while others read and write; one file of each kind.

What a backup holds is read from the database itself, not from the models: it may be of any release.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from hub.lib.archive import Writer
from hub.settings import Settings

FOLDER = "database"             # where the archive has it


@dataclass(kw_only=True)
class Contents:
    """What a backup has of a database: the rows of each table, their columns (Postgres), the migrations that had been
    applied, and where Postgres' numbers go on."""

    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    migrations: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)


class Refused(Exception):
    """Why a database cannot be backed up or restored now: one sentence."""


class Kind(Protocol):
    """SQLite or Postgres: hub/models/backup_sqlite.py, hub/models/backup_postgres.py."""

    def save(self, settings: Settings, archive: Writer, scratch: Path) -> Contents:
        """Put a moment's whole database into the archive; `scratch` is a folder with room for a copy."""

    def check_empty(self, settings: Settings) -> None:
        """Raises Refused when something is kept there."""

    def load(self, settings: Settings, contents: Contents, pieces: "Iterator[tuple[str, IO[bytes]]]") -> None:
        """Fill an empty database, all or nothing. Raises Refused when it is not what the contents say."""


def kind(settings: Settings) -> Kind:
    """That of the installation's database."""
    if settings.sqlite:
        from hub.models import backup_sqlite
        return backup_sqlite
    from hub.models import backup_postgres      # the driver is two megabytes that nobody needs on SQLite
    return backup_postgres
