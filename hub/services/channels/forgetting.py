"""Of the stored raw events only what others said stays when a person is erased.

What the person sent is taken out of a body whatever becomes of the rest; a body of which nothing is left is emptied.
Where others wrote the person's e-mail or telephone number it is made unreadable, but not before the event is done: what
was accepted from somebody is handled as it came. A number or a name by itself is nobody's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

import orjson
from peewee import SQL, ModelSelect

from hub.channels import config_of, kind_of
from hub.channels.base import Hook
from hub.lib.contacts import Contacts
from hub.lib.json_types import JsonObject
from hub.models.accounts.tenant import Tenant
from hub.models.channels.channel import Channel
from hub.models.channels.inbound_event import InboundEvent, InboundState
from hub.models.channels.inbound_identity import InboundIdentity

_ERASED: JsonObject = {"body": b"", "headers": {}, "query": {}, "error": "", "state": InboundState.DONE,
                       "lease_until": None}
_FINISHED = (InboundState.DONE, InboundState.FAILED)


@dataclass(frozen=True)
class Person:
    """By what stored events know somebody."""

    identities: frozenset[tuple[str, str]]
    contacts: Contacts


def forget_waiting(tenant: Tenant | int, person: Person) -> None:
    """Take out what the person sent and nobody has begun to handle: it brings them back no more."""
    waiting = _events(tenant).where(InboundEvent.id.in_(_of(tenant, person)), InboundEvent.state == "received")
    for event in list(waiting):
        _forget(event, person)


def forget(tenant: Tenant | int, person: Person, after: int, until: int, limit: int) -> tuple[int, list[int]]:
    """The next events after one, up to another: (the last that was looked at or 0, those that are to be come back to).
    """
    some = list(_events(tenant).where(InboundEvent.id > after, InboundEvent.id <= until)
                .order_by(InboundEvent.id).limit(limit))
    return some[-1].id if some else 0, [event.id for event in some if not _forget(event, person)]


def again(tenant: Tenant | int, person: Person, numbers: Iterable[int]) -> list[int]:
    """The same of single ones; those that still are not done."""
    return [event.id for event in list(_events(tenant).where(InboundEvent.id.in_(list(numbers))))
            if not _forget(event, person)]


def sent_by(tenant: Tenant | int, identities: Iterable[tuple[str, str]], after: int,
            limit: int) -> list[tuple[InboundEvent, bytes]]:
    """The next events after one with something of these identities, each with that part of its body."""
    person = Person(frozenset(identities), Contacts())
    some = _events(tenant).where(InboundEvent.id.in_(_of(tenant, person)), InboundEvent.id > after)
    return [(event, _split(event, person)[0]) for event in some.order_by(InboundEvent.id).limit(limit)]


def _events(tenant: Tenant | int) -> "ModelSelect[InboundEvent]":
    return (InboundEvent.select(InboundEvent, Channel).join(Channel)
            .where(InboundEvent.tenant == tenant, InboundEvent.body != b""))


def _of(tenant: Tenant | int, person: Person) -> "ModelSelect[InboundIdentity]":
    """SQL: the numbers of events with something of the person."""
    told = [(InboundIdentity.kind == kind) & (InboundIdentity.value == value) for kind, value in person.identities]
    return InboundIdentity.select(InboundIdentity.event).where(InboundIdentity.tenant == tenant,
                                                               reduce(or_, told, SQL("1 = 0")))


def _split(event: InboundEvent, person: Person) -> tuple[bytes, bytes]:
    hook = Hook(event.headers, bytes(event.body), event.query)
    return kind_of(event.channel).split(config_of(event.channel), hook, person.identities)


def _forget(event: InboundEvent, person: Person) -> bool:
    """False when it is to be come back to: somebody handles it now, or it waits and what is left tells of the person.
    """
    if event.state == InboundState.PROCESSING:
        return not (_split(event, person)[0] or _masked(event, bytes(event.body), person))
    theirs, rest = _split(event, person)
    values: JsonObject = ({"body": rest} if theirs else {}) if rest else {**_ERASED}
    told = _masked(event, rest, person) if rest else {}
    is_done = event.state in _FINISHED or not told
    if is_done:
        values |= told
    if not values:
        return is_done
    if not event.digest:                            # of an earlier release: the same event again is still the same
        values["digest"] = Hook({}, bytes(event.body)).digest
    as_read = (InboundEvent.id == event.id) & (InboundEvent.state == event.state)
    written = bool(InboundEvent.update(**values).where(as_read & (InboundEvent.attempts == event.attempts)).execute())
    if written and theirs:
        for kind, value in person.identities:
            InboundIdentity.delete().where(InboundIdentity.event == event.id, InboundIdentity.kind == kind,
                                           InboundIdentity.value == value).execute()
    return written and is_done


def _masked(event: InboundEvent, body: bytes, person: Person) -> JsonObject:
    """{column: value} of what tells of the person in somebody else's event."""
    was = {"body": body, "headers": event.headers, "query": event.query, "error": event.error}
    now = {"body": _masked_body(body, person.contacts),
           **{name: person.contacts.masked(was[name]) for name in ("headers", "query", "error")}}
    return {name: value for name, value in now.items() if value != was[name]}


def _masked_body(body: bytes, contacts: Contacts) -> bytes:
    try:
        was = orjson.loads(body)
    except orjson.JSONDecodeError:
        text: str = contacts.masked(body.decode(errors="surrogateescape"))
        return text.encode(errors="surrogateescape")
    now = contacts.masked(was)
    return body if now == was else orjson.dumps(now)
