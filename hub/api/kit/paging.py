"""Lists by descending id, one page at a time."""

from typing import Any

from hub.api.kit.schema import Many, Paged
from hub.lib import cursor


def newest(query: Any, model: Any, paged: Paged) -> Many:
    """The rows behind the key `after`, newest first, and the key of the next page when there is more."""
    if paged.after:
        query = query.where(model.id < cursor.decode(paged.after, int)[0])
    rows = list(query.order_by(model.id.desc()).limit(paged.size + 1))
    more = len(rows) > paged.size
    return Many(rows[: paged.size], cursor.encode([rows[paged.size - 1].id]) if more else None)
