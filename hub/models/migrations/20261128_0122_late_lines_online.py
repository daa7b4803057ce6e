"""Late lines (online): a frozen step from one schema to the next."""

from typing import Any

from hub.models import online

# Outside a transaction, so that nobody waits: what is made already is left as it is.
atomic = False


def up(migrator: Any, db: Any) -> None:
    online.create_index(db, 'message_late', '"message" ("conversation_id", "late_position") WHERE ("late_position" IS NOT NULL)')
    online.create_index(db, 'message_said', '"message" ("conversation_id", "said_at") WHERE ("said_at" IS NOT NULL)')
