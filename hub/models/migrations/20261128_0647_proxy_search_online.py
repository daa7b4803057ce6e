"""Proxy search (online): a frozen step from one schema to the next."""

from typing import Any

from hub.models import online

# Outside a transaction, so that nobody waits: what is made already is left as it is.
atomic = False


def up(migrator: Any, db: Any) -> None:
    online.create_index(db, 'proxy_unfolded', '"proxy" ("id") WHERE ("search_text" IS NULL)')
