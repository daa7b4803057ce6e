"""The states of work and the categories of articles are among few values, in the database as well."""

from typing import Any

from hub.models import checks

# All that this release and the one before it write.
_VALUES = {
    ("delivery", "state"): ("queued", "sending", "sent", "delivered", "read", "failed", "unknown"),
    ("inbound_event", "state"): ("received", "processing", "done", "failed"),
    ("knowledge_doc", "state"): ("pending", "indexing", "ready", "failed"),
    ("knowledge_doc", "category"): ("faq", "policy", "shipping", "returns", "general"),
}


def up(migrator: Any, db: Any) -> None:
    for (table, column), values in _VALUES.items():
        checks.allow_only(db, table, column, values)
