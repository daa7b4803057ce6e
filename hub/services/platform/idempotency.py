"""What was answered to writes of the last day, and is kept for whoever repeats them."""

from collections.abc import Collection

from hub.lib.contacts import Contacts
from hub.models.accounts.tenant import Tenant
from hub.models.platform.idempotency import IdempotencyKey


def forget(tenant: Tenant | int, rows: Collection[str], contacts: Contacts, after: int, limit: int) -> int:
    """Of the next answers after one empty those that name these rows (uuids, hex) or addresses; the last one, or 0."""
    some = list(IdempotencyKey.of(tenant).where(IdempotencyKey.id > after, IdempotencyKey.status.is_null(False))
                .order_by(IdempotencyKey.id).limit(limit))
    told = [key.id for key in some if _tells(f"{key.answer}", rows, contacts)]
    IdempotencyKey.update(answer=None).where(IdempotencyKey.id.in_(told)).execute()
    return some[-1].id if some else 0


def _tells(answer: str, rows: Collection[str], contacts: Contacts) -> bool:
    plain = answer.replace("-", "")
    return contacts.stand_in(answer) or any(row in plain for row in rows)
