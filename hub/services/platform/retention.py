"""How long rows stay that only say what happened: one table. The schedule's weekly job deletes what is older."""

from datetime import timedelta

from peewee import ColumnBase, Field, Model

from hub.lib import clock
from hub.models.channels.inbound_event import InboundEvent
from hub.models.platform.task import OPEN, Task
from hub.services.platform import scheduled

# (rows, the moment that counts, how long they stay after it). Raw bodies hold what people wrote: no longer than needed.
KEPT: tuple[tuple[ColumnBase, Field, timedelta], ...] = (
    (InboundEvent.state.in_(("done", "failed")), InboundEvent.created_at, timedelta(days=30)),
    (Task.state.not_in(OPEN), Task.updated_at, timedelta(days=90)),
)
_AT_ONCE = 500


def clean(run_id: int) -> None:
    """Delete what has been kept long enough, a little at a time: nobody waits for it."""
    with scheduled.taken(run_id) as mine:
        if mine:
            for rows, moment, kept in KEPT:
                _delete(rows & (moment < clock.now() - kept), moment.model)


def _delete(old: ColumnBase, model: type[Model]) -> None:
    while numbers := [number for (number,) in model.select(model.id).where(old).limit(_AT_ONCE).tuples()]:
        model.delete().where(model.id.in_(numbers)).execute()
