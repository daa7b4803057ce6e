"""Installations that earlier releases left behind (tests/fixtures): put back as they were, ready to be upgraded."""

import gzip
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from scripts import envfile
from scripts.options import ROOT
from tests import servers

FOLDER = ROOT / "tests" / "fixtures"
RELEASES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
_FILE = "sqlite:///"

# What Postgres knows of a schema.
_CATALOGUES = (
    "SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale, "
    "is_nullable, column_default FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace")


def settings(release: str) -> dict[str, str]:
    """The environment that the release's data depends on."""
    return envfile.read(FOLDER / release / "settings.env")


def truths(release: str, url: str) -> dict[str, Any]:
    """What must still be true after an upgrade of the database at `url`."""
    name = "sqlite.json" if url.startswith(_FILE) else "postgres.json"
    found: dict[str, Any] = json.loads((FOLDER / release / name).read_text("utf-8"))
    return found


@contextmanager
def restored(release: str, like: str, folder: Path) -> Iterator[str]:
    """The URL of the release's database, of the kind and on the server that `like` names; gone afterwards."""
    with servers.empty_database(like, folder) as url:
        if url.startswith(_FILE):
            path = Path(url.removeprefix(_FILE))
            path.parent.mkdir()
            path.write_bytes(_unpacked(release, "sqlite.db.gz"))
        else:
            with closing(psycopg2.connect(url)) as link, link, link.cursor() as cursor:
                cursor.execute(_unpacked(release, "postgres.sql.gz").decode())
        yield url


def _unpacked(release: str, name: str) -> bytes:
    return gzip.decompress((FOLDER / release / name).read_bytes())


def schema(url: str) -> set[tuple[Any, ...]]:
    """Everything that a database says about its own tables, columns, defaults, constraints and indexes."""
    if url.startswith(_FILE):
        return set(rows(url, "SELECT type, tbl_name, name, sql FROM sqlite_master"))
    return {tuple(map(_plain, row)) for query in _CATALOGUES for row in rows(url, query)}


def _plain(value: Any) -> Any:
    """Postgres adds brackets and casts to an expression that went through a dump."""
    return re.sub(r"::[a-z ]+(\[\])?|[() ]", "", value) if isinstance(value, str) else value


def shapes(url: str) -> set[tuple[Any, ...]]:
    """Types, what may be empty, primary and foreign keys, whatever the defaults, the names and the order are."""
    if url.startswith(_FILE):
        return {row for query in _SHAPES_OF_FILE for row in rows(url, query)}
    return {tuple(map(_plain, row)) for query in _SHAPES for row in rows(url, query)}


_SHAPES = (
    "SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale, "
    "is_nullable FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT conrelid::regclass::text, contype::text, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'f')")
_TABLES = "sqlite_master m, {0}(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
_SHAPES_OF_FILE = (
    f'SELECT m.name, p.name, p.type, p."notnull", p.pk FROM {_TABLES.format("pragma_table_info")}',
    f'SELECT m.name, p."from", p."table", p."to", p.on_delete, p.on_update '
    f'FROM {_TABLES.format("pragma_foreign_key_list")}')


def columns(url: str) -> dict[tuple[str, str], bool]:
    """(table, column) -> must a new row name it? Not when it is nullable or has a default, as a number that counts."""
    if url.startswith(_FILE):
        query = ("SELECT m.name, c.name, c.\"notnull\" AND c.dflt_value IS NULL AND NOT c.pk "
                 "FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'")
    else:
        query = ("SELECT table_name, column_name, is_nullable = 'NO' AND column_default IS NULL "
                 "FROM information_schema.columns WHERE table_schema = 'public'")
    return {(table, column): bool(is_demanded) for table, column, is_demanded in rows(url, query)}


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query, past the models."""
    link: Any = sqlite3.connect(url.removeprefix(_FILE)) if url.startswith(_FILE) else psycopg2.connect(url)
    with closing(link), closing(link.cursor()) as cursor:
        cursor.execute(query)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
