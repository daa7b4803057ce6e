"""Work that rows hold: claimed by one worker at a time, tried again later, given up in the end, found when forgotten.

A claim is a lease: it ends soon after its worker, whose heartbeat renews it for as long as the work takes. Leases and
due moments are bounded in both directions: after a clock was set back, what lies further ahead than the rules allow
counts as past.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from peewee import SQL, ColumnBase, Field, ModelSelect, fn

from hub.lib import clock
from hub.lib.json_types import JsonObject
from hub.models.base import Model
from hub.queue import JOBS, Job

Row = TypeVar("Row", bound=Model)
# Three heartbeats (jobs/worker.py): work of a killed worker is free again after at most this long.
LASTS_S = 15
EVERY_S = 5
# By so much two machines' clocks may differ before a lease or a due moment is taken for an error.
_SLACK_S = 5


@dataclass(frozen=True, eq=False)
class Kind(Generic[Row]):
    """One sort of work: the table, the words of its states, and its rules. The sweeper finds every Kind by itself.

    `job` is one for all rows, or the column that names it. `first_s` is the longest wait before the first attempt.
    `ready()` is SQL that holds when a waiting row may be begun. `fence` names columns that must be what they were when
    the row was claimed. Where `repeatable` is False, a row whose worker died is not simply begun again.
    A table without `state` owes work while its `due` column is set.
    """

    model: type[Row]
    job: Job | Field
    waiting: str = "queued"
    running: str = "running"
    failed: str = "failed"
    due: str = "due_at"
    lease: str = "lease_until"
    has_state: bool = True
    attempts: int = 6
    back_off_s: tuple[float, ...] = (5, 30, 120, 600, 1800)
    first_s: float = 0.0
    fence: tuple[str, ...] = ()
    repeatable: bool = True
    ready: Callable[[], ColumnBase] | None = None
    load: "Callable[[], ModelSelect[Row]] | None" = None

    def column(self, name: str) -> ColumnBase:
        return getattr(self.model, name)

    def exhausted(self, row: Row) -> bool:
        """Was this its last attempt?"""
        return bool(row.attempts >= self.attempts)

    def wait_s(self, row: Row) -> float:
        """Seconds until the next attempt."""
        return self.back_off_s[min(row.attempts, len(self.back_off_s)) - 1]


_held: set[tuple[Kind[Any], int]] = set()


def until() -> datetime:
    """When a claim made now ends, unless it is renewed."""
    return clock.ahead(LASTS_S)


def claim(kind: Kind[Row], row_id: int) -> Row | None:
    """The row, ours now; None when it is not due, not ready, held by somebody or given up."""
    values: JsonObject = {kind.lease: until()}
    which = (kind.model.id == row_id) & _open(kind) & _due(kind, clock.ahead(clock.SKEW_S))
    if kind.has_state:
        values |= {"state": kind.running, "attempts": kind.model.attempts + 1}
        ready = which & (kind.model.attempts < kind.attempts)
    else:
        ready = which
    if kind.ready is not None:
        ready &= kind.ready()
    if kind.model.update(**values).where(ready).execute():
        return (kind.load() if kind.load else kind.model.select()).where(kind.model.id == row_id).get()
    if kind.has_state:      # what kills its worker must not do so for ever
        (kind.model.update(state=kind.failed, lease_until=None, error="It failed too often.")
         .where(which, kind.model.attempts >= kind.attempts).execute())
    return None


@contextmanager
def taken(kind: Kind[Row], row_id: int) -> Iterator[Row | None]:
    """The claimed row, or None; while inside, `renew` keeps the claim alive."""
    row = claim(kind, row_id)
    if row is None:
        yield None
        return
    with held(kind, row_id):
        yield row


@contextmanager
def held(kind: Kind[Row], row_id: int) -> Iterator[None]:
    """While inside, `renew` keeps the claim on the row alive."""
    _held.add((kind, row_id))
    try:
        yield
    finally:
        _held.discard((kind, row_id))


def renew() -> None:
    """Keep every claim of this process for another while. A claim that was given back stays given back."""
    for kind in {kind for kind, _ in _held}:
        ids = [row_id for held_kind, row_id in _held if held_kind is kind]
        (kind.model.update(**{kind.lease: until()})
         .where(kind.model.id.in_(ids), kind.column(kind.lease).is_null(False)).execute())


def finish(kind: Kind[Row], row: Row, state: str, **values: object) -> bool:
    """Write the result of a claimed row; False when it is not ours any more."""
    values["error"] = str(values.get("error", ""))[:255]
    return bool(kind.model.update(state=state, lease_until=None, **values).where(_ours(kind, row)).execute())


def retry(kind: Kind[Row], row: Row, reason: str, wait_s: float | None = None) -> float | None:
    """Give a claimed row back for another attempt after `wait_s` seconds (else by the kind's back-off).

    The seconds; None when that was its last attempt, and it has failed, or when it is not ours any more.
    """
    if kind.exhausted(row):
        finish(kind, row, kind.failed, error=reason)
        return None
    wait_s = kind.wait_s(row) if wait_s is None else min(wait_s, max(kind.back_off_s))
    given = finish(kind, row, kind.waiting, error=reason, due_at=clock.ahead(wait_s))
    return wait_s if given else None


def settled(kind: Kind[Row]) -> JsonObject:
    """What to write on a row of a table without `state` when nothing is owed any more."""
    return {kind.due: None, kind.lease: None}


def abandoned(kind: Kind[Row], row_id: int) -> Row | None:
    """The row if its worker died over it, else None."""
    rows = (kind.load() if kind.load else kind.model.select())
    return rows.where(kind.model.id == row_id, kind.model.state == kind.running, _free(kind)).first()


def forgotten(kind: Kind[Row], moment: datetime, limit: int) -> list[tuple[Job, int]]:
    """[(job, row id)] of what was due at `moment` and nobody works on, what is due longest first."""
    found = _open(kind) & _due(kind, moment)
    if kind.ready is not None:
        found &= kind.ready()
    if not kind.repeatable:
        found |= (kind.model.state == kind.running) & _free(kind)
    job = kind.job
    rows = (kind.model.select(kind.model.id, *([] if isinstance(job, Job) else [job])).where(found)
            .order_by(kind.column(kind.due)).limit(limit).tuples())
    return [(job if isinstance(job, Job) else JOBS[row[1]], row[0]) for row in rows]


def overdue(kind: Kind[Row], most: int) -> tuple[int, datetime | None]:
    """(how many rows are due and nobody works on, counted up to `most`; since when the oldest of them is)."""
    moment, due = clock.now(), kind.column(kind.due)
    rows = kind.model.select(due).where(_open(kind) & (due <= moment))
    return (int(kind.model.select(fn.COUNT(SQL("*"))).from_(rows.limit(most)).scalar()),
            rows.order_by(due).limit(1).scalar())


def failed(kind: Kind[Row], most: int) -> int:
    """How many rows failed for good, counted up to `most`."""
    if not kind.has_state:
        return 0
    rows = kind.model.select(kind.model.id).where(kind.model.state == SQL(f"'{kind.failed}'")).limit(most)
    return int(kind.model.select(fn.COUNT(SQL("*"))).from_(rows).scalar())


def _open(kind: Kind[Row]) -> ColumnBase:
    """SQL: there is something to do, and nobody does it."""
    if not kind.has_state:
        return kind.column(kind.due).is_null(False) & _free(kind)
    states = (kind.waiting, kind.running) if kind.repeatable else (kind.waiting,)
    return kind.model.state.in_(states) & _free(kind)


def _free(kind: Kind[Row]) -> ColumnBase:
    lease = kind.column(kind.lease)
    return lease.is_null() | (lease < clock.now()) | (lease > clock.ahead(LASTS_S + _SLACK_S))


def _due(kind: Kind[Row], moment: datetime) -> ColumnBase:
    due, longest = kind.column(kind.due), max(kind.first_s, *kind.back_off_s, 0)
    now = (due <= moment) | (due > clock.ahead(longest + _SLACK_S))
    if kind.has_state:
        now |= (kind.model.attempts == 0) & (due > clock.ahead(kind.first_s + _SLACK_S))
    return now


def _ours(kind: Kind[Row], row: Row) -> ColumnBase:
    """SQL: the row as we claimed it; who claimed it after us raised `attempts`."""
    ours = (kind.model.id == row.id) & (kind.model.state == kind.running) & (kind.model.attempts == row.attempts)
    for name in kind.fence:
        ours &= kind.column(name) == getattr(row, name)
    return ours
