"""Stored events afterwards: shown when they failed, done again, forgotten with the person they tell of."""

import json
import re
from urllib.parse import quote

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


def naming(tenant: Tenant | int, identities: list[tuple[str, str]], words: list[str]) -> list[int]:
    """The stored events that tell of this person, of whoever else they may tell as well.

    `identities` are (kind, value) as they were read; `words` (an id, an e-mail, a phone) find the person in what was
    not: a part that could not be used, a status, a name in somebody else's line. A slow look at every body.
    """
    found = {number for kind, value in identities for (number,) in InboundIdentity.select(InboundIdentity.event).where(
        InboundIdentity.tenant == tenant, InboundIdentity.kind == kind, InboundIdentity.value == value).tuples()}
    named = _any_of([word for word in words if word])
    rows = InboundEvent.of(tenant).select(InboundEvent.id, InboundEvent.body, InboundEvent.query, InboundEvent.error)
    for row in rows.order_by(InboundEvent.id).iterator():
        if named.search(bytes(row.body)) or named.search(f"{row.query} {row.error}".encode()):
            found.add(row.id)
    return sorted(found)


def forget(numbers: list[int]) -> None:
    """Empty these events; the rows stay, so that a repeated event is none."""
    for start in range(0, len(numbers), _BATCH):
        batch = numbers[start:start + _BATCH]
        InboundEvent.update(**_ERASED).where(InboundEvent.id.in_(batch)).execute()
        InboundIdentity.delete().where(InboundIdentity.event.in_(batch)).execute()


def _any_of(words: list[str]) -> re.Pattern[bytes]:
    """Each word by itself, as it stands, as JSON may write it, and as an address does."""
    written = {spelled for word in words for spelled in (word, json.dumps(word)[1:-1], quote(word, safe=""))}
    either = b"|".join(re.escape(spelled.encode()) for spelled in sorted(written)) or b"(?!)"     # of none, nothing
    return re.compile(rb"(?<![0-9A-Za-z])(?:" + either + rb")(?![0-9A-Za-z])", re.IGNORECASE)
