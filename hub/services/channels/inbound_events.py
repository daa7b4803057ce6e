"""Stored events afterwards: those that failed are done again."""

from hub import queue
from hub.access.callers import Caller
from hub.errors import Conflict
from hub.lib import clock
from hub.models import refusals
from hub.models.base import transaction
from hub.models.channels.inbound_event import InboundEvent
from hub.queue import Job
from hub.services import events


@refusals.repeated
def replay(caller: Caller, event: InboundEvent) -> InboundEvent:
    """Do a failed event again: what it made already is not made twice."""
    if not event.body:
        raise Conflict("event_erased", "What this event said was erased.")
    anew = {"state": "received", "attempts": 0, "error": "", "due_at": clock.now(), "lease_until": None}
    with transaction():
        failed = (InboundEvent.id == event.id) & (InboundEvent.state == "failed")
        if not InboundEvent.update(**anew).where(failed).execute():
            raise Conflict("event_not_failed", "Only a failed event can be done again.")
        events.record(caller, "inbound_event.replayed", event, {"state": "failed"}, {"state": anew["state"]})
    queue.later(Job.PROCESS_INBOUND, event.id)
    return InboundEvent.get_by_id(event.id)
