"""Watched work (online): a frozen step from one schema to the next."""

from typing import Any

from hub.models import online

# Outside a transaction, so that nobody waits: what is made already is left as it is.
atomic = False


def up(migrator: Any, db: Any) -> None:
    online.create_index(db, 'delivery_failed', '"delivery" ("id") WHERE ("state" = \'failed\')')
    online.create_index(db, 'mail_failed', '"mail" ("id") WHERE ("state" = \'failed\')')
    online.create_index(db, 'task_failed', '"task" ("id") WHERE ("state" = \'failed\')')
