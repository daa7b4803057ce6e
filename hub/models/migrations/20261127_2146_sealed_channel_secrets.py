"""The secrets of channels are encrypted: a frozen step from one schema to the next."""

from typing import Any

from hub.models import checks, secret


def up(migrator: Any, db: Any) -> None:
    checks.make_text(db, "channel", "secret")
    secret.seal_all(db, "channel", "secret")
