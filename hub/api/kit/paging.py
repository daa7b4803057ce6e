"""Lists by descending id, one page at a time."""

from typing import Any

from hub.api.kit.schema import Page, Paged
from hub.lib import keys


def newest(query: Any, model: Any, paged: Paged) -> Page:
    """The rows behind the key `after`, newest first, and the key of the next page when there is more."""
    if paged.after:
        query = query.where(model.id < keys.unseal(paged.after, int)[0])
    rows = list(query.order_by(model.id.desc()).limit(paged.size + 1))
    more = len(rows) > paged.size
    return Page(rows[: paged.size], keys.seal([rows[paged.size - 1].id]) if more else None)
