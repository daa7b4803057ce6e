"""Tenant closing (online): a frozen step from one schema to the next."""

from typing import Any

from hub.models import online

# Outside a transaction, so that nobody waits: what is made already is left as it is.
atomic = False


def up(migrator: Any, db: Any) -> None:
    online.create_index(db, 'tenant_closing', '"tenant" ("closing_at") WHERE ("closing_at" IS NOT NULL)')
