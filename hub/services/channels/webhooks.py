"""What a provider posts: verified, stored raw, answered at once; a job makes messages of it."""

from datetime import timedelta

import structlog

from hub import queue
from hub.channels import CHANNELS
from hub.channels.base import Denied, Hook, Inbound
from hub.errors import Forbidden, HubError, NotFound
from hub.lib import clock
from hub.models.base import Away
from hub.models.channels.channel import Channel
from hub.models.channels.inbound_event import InboundEvent
from hub.models.accounts.tenant import Tenant
from hub.queue import Job
from hub.services.conversations import inbox

log = structlog.get_logger(__name__)

_ATTEMPTS = 6
# Making messages of one event takes milliseconds, and making them twice changes nothing.
_LEASE = timedelta(seconds=15)


def accept(kind: str, token: str, hook: Hook) -> bool:
    """Verify and store one event. False when the same event is stored already."""
    channel = Channel.by_token(token, kind) if hasattr(CHANNELS.get(kind), "verify") else None
    if channel is None:
        raise NotFound("channel_not_found", "There is no such channel.")
    module = CHANNELS[kind]
    try:
        module.verify(module.Config.model_validate(channel.config), channel.secret.reveal(), hook)
    except Denied:
        raise Forbidden("WEBHOOK_SIGNATURE_INVALID", "The signature does not match.") from None
    rows = list(InboundEvent.insert(tenant=channel.tenant_id, channel=channel, external_id=module.event_id(hook),
                                    headers={}, body=hook.body).on_conflict_ignore()
                .returning(InboundEvent.id).tuples().execute())
    if rows:
        queue.later(Job.PROCESS_INBOUND, rows[0][0])
    return bool(rows)


def process(event_id: int) -> None:
    """Make messages of one stored event; what cannot be understood stays, marked, for a person to look at."""
    event = _claim(event_id)
    if event is None:
        return
    channel = event.channel
    module = CHANNELS[str(channel.kind)]
    try:
        lines = module.parse(module.Config.model_validate(channel.config), Hook(event.headers, bytes(event.body)))
    except ValueError as error:
        _finish(event, "failed", str(error))
        return
    wrong = [problem for line in lines if (problem := _receive(channel, line))]
    _finish(event, "failed" if wrong else "done", " ".join(wrong))


def _receive(channel: Channel, line: Inbound) -> str:
    """What is wrong with the line, or nothing: the good lines of an event are stored whatever the others are like."""
    try:
        inbox.receive(channel, line)
    except Away:            # nothing is wrong with the line: the event stays due
        raise
    except (ValueError, HubError) as error:
        return str(error)
    return ""


def _claim(event_id: int) -> InboundEvent | None:
    moment = clock.ahead(clock.SKEW_S)
    mine = (InboundEvent.update(due_at=moment + _LEASE, attempts=InboundEvent.attempts + 1)
            .where(InboundEvent.id == event_id, InboundEvent.state == "received", InboundEvent.due_at <= moment,
                   InboundEvent.attempts < _ATTEMPTS).execute())
    if not mine:
        (InboundEvent.update(state="failed", error="It failed too often.")
         .where(InboundEvent.id == event_id, InboundEvent.state == "received",
                InboundEvent.attempts >= _ATTEMPTS).execute())
        return None
    return (InboundEvent.select(InboundEvent, Channel, Tenant).join(Channel).join(Tenant)
            .where(InboundEvent.id == event_id).get())


def _finish(event: InboundEvent, state: str, error: str) -> None:
    InboundEvent.update(state=state, error=error[:255]).where(InboundEvent.id == event.id).execute()
    log.info("inbound_event.finished", inbound_event=event.id, state=state)
