"""Claims on rows that end soon after their worker: its heartbeat renews them for as long as the work takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from hub.lib import clock

# Three heartbeats (jobs/worker.py): work of a killed worker is free again after at most this long.
LASTS_S = 15
EVERY_S = 5
_held: set[tuple[Any, str, int]] = set()


def until() -> datetime:
    """When a claim made now ends, unless it is renewed."""
    return clock.ahead(LASTS_S)


@contextmanager
def held(model: Any, column: str, row_id: int) -> Iterator[None]:
    """While inside, `renew` keeps the claim in that column of the row alive."""
    claim = (model, column, row_id)
    _held.add(claim)
    try:
        yield
    finally:
        _held.discard(claim)


def renew() -> None:
    """Keep every claim of this process for another while. A claim that was given back stays given back."""
    for model, column in {(model, column) for model, column, _ in _held}:
        ids = [row_id for held_model, _, row_id in _held if held_model is model]
        (model.update(**{column: until()})
         .where(model.id.in_(ids), getattr(model, column).is_null(False)).execute())
