"""/api/channels/<channel>/events: what came in and could not be used, to look at and to do again."""

from typing import Annotated

from pydantic import BeforeValidator

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.schema import Id, Many, Moment, Out
from hub.api.kit.table import get, post
from hub.errors import NotFound
from hub.lib.json_types import JsonObject
from hub.models.channels.channel import Channel
from hub.models.channels.inbound_event import InboundEvent, InboundState
from hub.services.channels import inbound_events
from hub.web.schema import In

_LONGEST = 10_000       # characters of a body that are shown


def _beginning(body: bytes) -> str:
    return bytes(body).decode("utf-8", "replace")[:_LONGEST]


class EventOut(Out):
    """A stored event: `state` is received, processing, done or failed; `body` as it was posted, its beginning."""

    id: Id
    external_id: str
    state: str
    error: str
    attempts: int
    headers: JsonObject
    query: JsonObject
    body: Annotated[str, BeforeValidator(_beginning)]
    created_at: Moment


class EventsQuery(In):
    """Which events: by their state."""

    state: InboundState = InboundState.FAILED


def index(caller: UserCaller, channel: Channel, query: EventsQuery) -> Many[EventOut]:
    """List a channel's events, those that failed unless another state is asked for."""
    rows = InboundEvent.of(caller.tenant).where(InboundEvent.channel == channel, InboundEvent.state == query.state)
    return Many(EventOut.of, rows)


def replay(caller: UserCaller, channel: Channel, inbound_event: InboundEvent) -> EventOut:
    """Do a failed event again; what it made already is not made twice."""
    if inbound_event.channel_id != channel.id:
        raise NotFound(message="There is no such event.")
    return EventOut.of(inbound_events.replay(caller, inbound_event))


core.table(
    "channel-events",
    get("/api/channels/<channel>/events", index, permission=Permission.MANAGE_CHANNELS),
    post("/api/channels/<channel>/events/<inbound_event>/replay", replay, permission=Permission.MANAGE_CHANNELS),
)
