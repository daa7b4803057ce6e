"""Proxies of the platform: kept, pasted by the thousand, given to businesses and channels, taken by their calls."""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import TypeVar
from uuid import UUID

from peewee import IntegrityError, ModelSelect

from hub import queue
from hub.access.callers import Caller
from hub.errors import BadInput, Conflict, NotFound
from hub.lib import clock, http
from hub.lib.cache import Cache
from hub.lib.fields import N_
from hub.lib.json_types import JsonObject, Values
from hub.models import refusals
from hub.models.accounts.tenant import Tenant
from hub.models.base import Model, after_commit, db, release, transaction
from hub.models.channels.channel import Channel
from hub.models.platform.proxy import Proxy, ProxyStatus, digest
from hub.models.secret import Secret
from hub.queue import Job
from hub.services import changes, events

Recipient = TypeVar("Recipient", bound=Model)
_AT_ONCE = 25           # rows of one transaction: nobody else is served meanwhile
KNOWN = N_("This proxy is known already.")
_PLACE = ("host", "port", "protocol", "username")
# Other processes follow a change after this at the latest.
_ways: Cache[int, str | None] = Cache(5.0)


def found(uuid: UUID) -> Proxy:
    """The proxy of that id; NotFound."""
    row = Proxy.get_or_none(Proxy.uuid == uuid)
    if row is None:
        raise NotFound(message="There is no such proxy.")
    return row


def search(words: str = "", status: str | None = None) -> "ModelSelect[Proxy]":
    """Those whose host, label or country holds the words, with whom they are given to."""
    rows = Proxy.select(Proxy, Tenant, Channel).join(Tenant, "LEFT JOIN").switch(Proxy).join(Channel, "LEFT JOIN")
    rows = rows if status is None else rows.where(Proxy.status == status)
    return rows.where(Proxy.search_text.holds(words) | (Proxy.country == words.upper())) if words else rows


def free(protocol: str | None = None, country: str = "") -> "ModelSelect[Proxy]":
    """Those that nobody was given and that are not known to fail."""
    rows = search().where(Proxy.for_tenant.is_null(), Proxy.for_channel.is_null(),
                          Proxy.status.in_((ProxyStatus.ACTIVE, ProxyStatus.UNCHECKED)))
    rows = rows.where(Proxy.protocol == protocol) if protocol else rows
    return rows.where(Proxy.country == country) if country else rows


def create(caller: Caller, values: Values) -> Proxy:
    """A new proxy, which is checked at once. Conflict for one that is known."""
    made, _ = _create_some(caller, [values])
    if not made:
        raise Conflict("proxy_known", KNOWN, {"field": "host"})
    return made[0]


def create_all(caller: Caller, given: Sequence[Values]) -> list[int]:
    """The positions of those that are known already; the others are new, a few in one transaction."""
    known: list[int] = []
    for first in range(0, len(given), _AT_ONCE):
        known += [first + index for index in _create_some(caller, given[first:first + _AT_ONCE])[1]]
        _let_others()
    return known


def _let_others() -> None:
    """Have their turn, and the connection."""
    release()
    time.sleep(0)


@refusals.repeated
def _create_some(caller: Caller, given: Sequence[Values]) -> tuple[list[Proxy], list[int]]:
    made: list[Proxy] = []
    known: list[int] = []
    with transaction():
        for index, values in enumerate(given):
            try:
                with db.atomic():
                    made.append(changes.create(caller, Proxy, _columns(values)))
            except IntegrityError:
                known.append(index)
    queue.later_all((Job.CHECK_PROXY, row.id, 0.0) for row in made)
    return made, known


def _columns(values: Values) -> JsonObject:
    """As the row keeps them: name and password sealed."""
    columns = dict(values)
    for name in ("username", "password"):
        if name in columns:
            columns[name] = Secret(str(columns[name])) if columns[name] else None
    if "host" in columns:
        columns["digest"] = digest(str(columns["host"]), int(columns["port"]), str(columns["protocol"]),
                                   str(values.get("username") or ""))
    return columns


@refusals.repeated
def change(caller: Caller, row: Proxy, values: Values) -> Proxy:
    """Write what is given. What leads elsewhere now, or is used again, is checked anew."""
    whole: JsonObject = {name: getattr(row, name) for name in _PLACE[:3]} | {"username": row.shown_username}
    moved = {name: values[name] for name in (*_PLACE, "password") if name in values and (
        name == "password" or values[name] != whole[name])}
    columns = {name: value for name, value in values.items() if name not in (*_PLACE, "password")}
    if moved:
        placed = _columns({**whole, **moved})
        columns |= {name: placed[name] for name in (*moved, "digest")}
        columns.setdefault("status", ProxyStatus.UNCHECKED if row.status != ProxyStatus.DISABLED else row.status)
    try:
        changes.apply(caller, row, columns, _check_also(columns))
    except IntegrityError:
        raise Conflict("proxy_known", KNOWN, {"field": "host"}) from None
    _changed()
    if columns.get("status") == ProxyStatus.UNCHECKED:
        queue.later(Job.CHECK_PROXY, row.id)
    return row


def _check_also(columns: Values) -> JsonObject:
    """What is switched off owes no check; what is not known to work owes one now."""
    if "status" not in columns:
        return {}
    return {"due_at": None if columns["status"] == ProxyStatus.DISABLED else clock.now(), "lease_until": None}


def remove(caller: Caller, row: Proxy) -> None:
    """Delete a proxy; who was given it goes out directly."""
    changes.remove(caller, row)
    _changed()


def remove_all(caller: Caller, status: ProxyStatus) -> int:
    """Delete all that are in this state, a few in one transaction; how many there were."""
    count = 0
    while gone := refusals.committed(partial(_remove_some, caller, status)):
        count += gone
        _let_others()
    return count


def _remove_some(caller: Caller, status: ProxyStatus) -> int:
    rows = list(Proxy.select().where(Proxy.status == status).order_by(Proxy.id).limit(_AT_ONCE))
    for row in rows:
        remove(caller, row)
    return len(rows)


@refusals.repeated
def assign(caller: Caller, row: Proxy, tenant_uuid: UUID | None, channel_uuid: UUID | None) -> Proxy:
    """Give a proxy to a business, to one of its channels, or, without either, to nobody."""
    tenant, channel = _recipient(Tenant, tenant_uuid, "tenantId"), _recipient(Channel, channel_uuid, "channelId")
    if tenant is not None and channel is not None and channel.tenant_id != tenant.id:
        raise BadInput("VALIDATION_ERROR", N_("This channel is of another business."), {"field": "channelId"})
    given: JsonObject = {"for_tenant": tenant_uuid, "for_channel": channel_uuid}
    with transaction():
        now = found(row.uuid)
        Proxy.update(for_tenant=tenant, for_channel=channel, updated_at=clock.now()).where(Proxy.id == row.id).execute()
        events.record(caller, "proxy.assigned", row, {"for_tenant": now.tenant_uuid, "for_channel": now.channel_uuid},
                      given)
    _changed()
    return found(row.uuid)


def _recipient(model: type[Recipient], uuid: UUID | None, field: str) -> Recipient | None:
    row = None if uuid is None else model.get_or_none(model.uuid == uuid)
    if uuid is not None and row is None:
        raise BadInput("VALIDATION_ERROR", N_("There is nothing with this id."), {"field": field})
    return row


def way_out(channel: Channel) -> AbstractContextManager[None]:
    """While inside, calls leave through the channel's proxy, else its business's, else directly."""
    return http.through(_ways.of(channel.id, lambda: _way(channel)))


def _way(channel: Channel) -> str | None:
    """Always the same one of several, so that a messenger sees one address; a failing one only if all fail.

    Whoever was given a proxy never goes out directly: their own address may be what they want to keep to themselves.
    """
    rows = list(Proxy.usable(channel.tenant_id, channel.id).order_by(Proxy.id))
    own = [row for row in rows if row.for_channel_id is not None] or rows
    working = [row for row in own if row.status != ProxyStatus.FAILED] or own
    return working[channel.id % len(working)].url if working else None


def _changed() -> None:
    after_commit(_ways.clear)
