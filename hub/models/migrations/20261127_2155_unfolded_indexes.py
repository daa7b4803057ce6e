"""Rows that are not folded for search yet are found without a look at the others (indexes)."""

from typing import Any

from hub.models import online

# Outside a transaction, so that nobody waits: what is made already is left as it is.
atomic = False


def up(migrator: Any, db: Any) -> None:
    for table in ("customer", "agent", "knowledge_doc", "user", "product"):
        online.create_index(db, f"{table}_unfolded", f'"{table}" ("id") WHERE ("search_text" IS NULL)')
