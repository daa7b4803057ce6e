"""What rows that are there already are searched by, and the numbers of their lines."""

import json
from typing import Any

from hub.lib import phone, text

# Outside a transaction, a little at a time, so that nobody waits: what is done already is left as it is.
atomic = False
_AT_ONCE = 1000
_SEARCHED = {"customer": ("name", "email", "phone"), "agent": ("name",), "knowledge_doc": ("title", "tags"),
             "user": ("first_name", "last_name", "username", "email"), "product": ("name", "sku", "category")}


def up(migrator: Any, db: Any) -> None:
    mark = "?" if getattr(db, "obj", db).param == "?" else "%s"
    for table, columns in _SEARCHED.items():
        listed = ", ".join(columns)
        while rows := db.execute_sql(f'SELECT id, {listed} FROM "{table}" WHERE search_text IS NULL '
                                     f"ORDER BY id LIMIT {_AT_ONCE}").fetchall():
            with db.atomic():
                for number, *values in rows:
                    db.execute_sql(f'UPDATE "{table}" SET search_text = {mark} WHERE id = {mark}',
                                   (_folded(columns, values), number))
    (last,) = db.execute_sql("SELECT COALESCE(MAX(id), 0) FROM conversation").fetchone()
    for first in range(0, last + 1, _AT_ONCE):
        db.execute_sql("UPDATE message SET number = counted.number FROM (SELECT id, ROW_NUMBER() OVER "
                       "(PARTITION BY conversation_id ORDER BY id) AS number FROM message WHERE conversation_id "
                       f"BETWEEN {first} AND {first + _AT_ONCE - 1}) AS counted "
                       "WHERE counted.id = message.id AND message.number = 0")


def _folded(columns: tuple[str, ...], values: list[Any]) -> str:
    lines = [text.fold(_words(value)) for value in values]
    if columns[-1] == "phone":
        return "\n".join([*lines, phone.digits(values[-1])] if values[-1] else lines[:-1])
    return "\n".join(lines)


def _words(value: Any) -> str:
    """Tags are a list, which SQLite keeps as text."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return value
    return " ".join(map(str, value)) if isinstance(value, list) else str(value or "")
