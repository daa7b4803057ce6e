"""Stored events afterwards: shown when they failed, done again, forgotten with the person they tell of."""


from hub import queue
from hub.access.callers import Caller
from hub.errors import Conflict
from hub.lib import clock
from hub.models import refusals
from hub.models.base import transaction
from hub.lib.json_types import JsonObject
from hub.models.accounts.tenant import Tenant
from hub.models.channels.inbound_event import InboundEvent
from hub.models.channels.inbound_identity import InboundIdentity
from hub.queue import Job
from hub.services import events

_BATCH = 200
_ERASED: JsonObject = {"body": b"", "headers": {}, "query": {}, "error": "", "state": "done", "lease_until": None}


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


def forget(tenant: Tenant | int, identities: list[tuple[str, str]], words: list[str]) -> int:
    """Empty every stored event that tells of this person; the rows stay, so that a repeated event is none.

    `identities` are (kind, value); `words` (an id, an e-mail, a phone) find the person in what could not be read.
    """
    found = [number for kind, value in identities for (number,) in InboundIdentity.select(InboundIdentity.event).where(
        InboundIdentity.tenant == tenant, InboundIdentity.kind == kind, InboundIdentity.value == value).tuples()]
    found += _unread(tenant, [word.encode() for word in words if word])
    for start in range(0, len(found), _BATCH):
        numbers = found[start:start + _BATCH]
        InboundEvent.update(**_ERASED).where(InboundEvent.id.in_(numbers)).execute()
        InboundIdentity.delete().where(InboundIdentity.event.in_(numbers)).execute()
    return len(set(found))


def _unread(tenant: Tenant | int, words: list[bytes]) -> list[int]:
    """Failed events of which nobody knows whom they tell of, but that hold one of the words."""
    known = InboundIdentity.select(InboundIdentity.event).where(InboundIdentity.event == InboundEvent.id)
    rows = (InboundEvent.of(tenant).where(InboundEvent.state == "failed", InboundEvent.id.not_in(known))
            .order_by(InboundEvent.id.desc()))
    return [row.id for row in rows.iterator() if any(word in bytes(row.body) for word in words)]
