"""Channels are searched by their folded names."""

from typing import Any

from hub.lib import text


def up(migrator: Any, db: Any) -> None:
    mark = "?" if getattr(db, "obj", db).param == "?" else "%s"
    db.execute_sql("ALTER TABLE channel ADD COLUMN search_text TEXT")
    for number, name in db.execute_sql("SELECT id, name FROM channel").fetchall():
        db.execute_sql(f"UPDATE channel SET search_text = {mark} WHERE id = {mark}", (text.fold(name), number))
    db.execute_sql('CREATE INDEX "channel_unfolded" ON "channel" ("id") WHERE ("search_text" IS NULL)')
