"""A word that was written into everything somebody has: where of all that is stored it can still be found."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import psycopg2
from peewee import BlobField, CharField, Field, JSONField, Model, TextField

from hub import queue
from hub.settings import Settings
from hub.models.fields import EnumField
from hub.models.secret import SecretField
from tests.waits import STUCK_S

NEEDLE = "qzxneedle"
_FILE = "sqlite:///"


def hide(row: Model) -> None:
    """Into every column that holds a text, bytes or JSON and says nothing to the program."""
    given = {field.name: _needle(field, row) for field in row._meta.sorted_fields if _takes(field)}
    if given:
        type(row).update(given).where(type(row).id == row.id).execute()


def _takes(field: Field) -> bool:
    return (isinstance(field, (CharField, TextField, JSONField, BlobField)) and not isinstance(field, EnumField)
            and field.name not in ("embedder", "external_id", "sha256", "owner", "job", "permission", "mime")
            and not (isinstance(field, JSONField) and field.name in ("config", "params")))


def _needle(field: Field, row: Model) -> object:
    word = f"{NEEDLE} {row.id}"
    if isinstance(field, SecretField):
        return word
    if isinstance(field, JSONField):
        return [{"said": word}] if field.default is list else {"said": word}
    if isinstance(field, BlobField):
        return word.encode()
    return word[:field.max_length] if isinstance(field, CharField) else word


def found(settings: Settings, *words: str) -> list[str]:
    """Every table, file, collection of vectors and key of Redis in which one of the words stands."""
    wanted = [word.lower() for word in (NEEDLE, *words)]
    return [where for where, what in [*_rows(settings.database_url), *_files(Path(settings.data_dir)),
                                      *_files(Path(settings.tenants_dir or settings.data_dir)),
                                      *_collections(settings.chroma_url), *_keys()]
            if any(word in what.lower() for word in wanted)]


def _rows(url: str) -> list[tuple[str, str]]:
    link: Any = sqlite3.connect(url.removeprefix(_FILE)) if url.startswith(_FILE) else psycopg2.connect(url)
    tables = ("SELECT name FROM sqlite_master WHERE type = 'table'" if url.startswith(_FILE)
              else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    with closing(link), closing(link.cursor()) as cursor:
        cursor.execute(tables)
        kept = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT * FROM "{table}"')
            kept += [(f"{table}: {row}"[:200], " ".join(map(_text, row))) for row in cursor.fetchall()]
        return kept


def _text(value: object) -> str:
    if isinstance(value, memoryview):
        value = bytes(value)
    return value.decode("latin1") if isinstance(value, bytes) else str(value)


def _files(folder: Path) -> list[tuple[str, str]]:
    return [(str(path), f"{path} {path.read_bytes().decode('latin1')}")
            for path in folder.rglob("*") if path.is_file()]


def _collections(url: str) -> list[tuple[str, str]]:
    path = "/api/v2/tenants/default_tenant/databases/default_database/collections"
    answer = httpx2.get(f"{url}{path}", params={"limit": 10_000}, timeout=STUCK_S)
    return [(one["name"], str(one)) for one in answer.json()]


def _keys() -> list[tuple[str, str]]:
    """Names, and values as they are dumped."""
    redis: Any = queue.redis()
    return [(_text(key), f"{_text(key)} {_text(redis.dump(key) or b'')}") for key in redis.scan_iter()]
