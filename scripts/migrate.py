"""Brings the database up to date: python -m scripts.migrate. With --check it only opens it.

What is wrong with DATABASE_URL or another setting is one sentence on standard error and exit status 2.
"""

import os
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from peewee import DatabaseError, InterfaceError

from hub.errors import SettingsError
from hub.lib import connection_urls
from hub.models.base import connect
from hub.models.migrate import upgrade
from hub.settings import Settings
from scripts import StartError

# What libpq says (its words, its order of importance) -> what we say. The driver has no code for a failed connection.
_REASONS = (
    (r"password authentication failed|no password supplied",
     "the server at {where} refuses user {user!r} with this password"),
    (r'role ".*" does not exist', "the server at {where} has no user {user!r}"),
    (r'database ".*" does not exist', "the server at {where} has no database {name!r}"),
    (r"could not translate host name", "the host {host!r} is unknown"),
    (r"connection refused|timeout|timed out|no route|unreachable|closed the connection",
     "no Postgres answers at {where}"),
    (r"too many clients|remaining connection slots", "the server at {where} has no connection left"),
    (r"file is not a database", "the file {name!r} is not an SQLite database"),
    (r"unable to open database file|readonly database", "the file {name!r} cannot be written"),
)


def main(arguments: list[str]) -> int:
    os.umask(0o077)
    try:
        settings = Settings.load(os.environ)
        check(settings)
        done = [] if "--check" in arguments else upgrade(settings)
        said = _owner(settings) if settings.owner_email and "--check" not in arguments else ""
    except (SettingsError, StartError) as error:
        print(error, file=sys.stderr)
        return 2
    for name in done:
        print(f"applied {name}")
    if said:
        print(said)
    return 0


def _owner(settings: Settings) -> str:
    """Make the owner of the installation, where the settings name one; what is to be said about it."""
    from hub.models.base import connection      # with what follows 20 MB that a plain upgrade does not need
    from hub.services.platform import owner
    from hub.services.start import start

    start(settings)
    with connection():
        return owner.bootstrap(settings)


def check(settings: Settings) -> None:
    """Open the database and ask it something. Raises StartError with one sentence, never with the password."""
    try:
        db = connect(settings)
        if settings.sqlite:
            Path(db.database).parent.mkdir(parents=True, exist_ok=True)
        with db.connection_context():
            db.execute_sql("SELECT 1 FROM sqlite_master" if settings.sqlite else "SELECT 1")
    except OSError as error:
        raise StartError(f"DATABASE_URL: cannot write to {error.filename}: {error.strerror}.") from None
    except (DatabaseError, InterfaceError) as error:
        raise StartError(sentence(settings.database_url, str(error))) from None


def sentence(url: str, reason: str) -> str:
    """One sentence about why the database at `url` cannot be used, from the driver's own words."""
    parts = {"dbname": url.removeprefix("sqlite:///")} if url.startswith("sqlite:") else connection_urls.postgres(url)
    host = parts.get("host") or "localhost"
    facts = {"host": host, "user": parts.get("user", ""), "where": f"{host}:{parts.get('port') or 5432}",
             "name": parts.get("dbname", "")}
    for pattern, text in _REASONS:
        if re.search(pattern, reason, re.IGNORECASE):
            return f"DATABASE_URL: {text.format(**facts)}."
    first = (reason.strip() or "unknown error").splitlines()[0].rstrip(".")
    told = _without(first, parts.get("password"), urlsplit(url).password)
    return f"DATABASE_URL: the database cannot be used ({told})."


def _without(text: str, *secrets: str | None) -> str:
    for secret in filter(None, secrets):
        text = text.replace(secret, "…")
    return text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
