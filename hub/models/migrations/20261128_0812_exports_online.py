"""Exports (online): a frozen step from one schema to the next."""

from typing import Any

from hub.models import checks

# Outside a transaction, so that nobody waits: what is made already is left as it is.
atomic = False


def up(migrator: Any, db: Any) -> None:
    checks.allow_only(db, 'file', 'kind', ['knowledge', 'picture', 'attachment', 'export'])
