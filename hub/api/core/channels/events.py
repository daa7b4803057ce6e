"""/api/channels/<channel>/events: what came in and could not be used, to look at and to do again."""

from typing import Annotated

from pydantic import BeforeValidator

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.crud import crud
from hub.api.kit.filters import Filters, equals
from hub.api.kit.schema import Out
from hub.api.kit.table import post
from hub.lib.json_types import JsonObject
from hub.models.channels.channel import Channel
from hub.models.channels.inbound_event import InboundEvent, InboundState
from hub.services.channels import inbound_events

_LONGEST = 10_000       # characters of a body that are shown
Beginning = Annotated[str, BeforeValidator(lambda body: bytes(body).decode("utf-8", "replace")[:_LONGEST])]


class EventOut(Out, columns=(InboundEvent.id, InboundEvent.external_id, InboundEvent.state, InboundEvent.error,
                             InboundEvent.attempts, InboundEvent.created_at)):
    """A stored event: `state` is received, processing, done or failed; `body` as it was posted, its beginning."""

    headers: JsonObject
    query: JsonObject
    body: Beginning


class EventsQuery(Filters):
    """Those that failed, unless another state is asked for."""

    state: Annotated[InboundState, equals(InboundEvent.state)] = InboundState.FAILED


def replay(caller: UserCaller, channel: Channel, inbound_event: InboundEvent) -> EventOut:
    """Do a failed event again; what it made already is not made twice."""
    return EventOut.of(inbound_events.replay(caller, inbound_event))


core.table(
    "channel-events",
    *crud("/api/channels/<channel>/events", InboundEvent, EventOut, query=EventsQuery, only=["list"],
          read=Permission.MANAGE_CHANNELS),
    post("/api/channels/<channel>/events/<inbound_event>/replay", replay, permission=Permission.MANAGE_CHANNELS),
)
