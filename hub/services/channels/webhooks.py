"""What a provider posts: verified, looked through, stored raw, answered at once; a job makes messages of it."""

from dataclasses import dataclass

import structlog

from hub import queue
from hub.access import callers
from hub.channels import CHANNELS, config_of, kind_of
from hub.channels.base import Challenge, Denied, Hook, Item, Parsed, Problem, Status
from hub.errors import BadInput, Forbidden, HubError, NotFound
from hub.models import refusals
from hub.models.accounts.tenant import Tenant
from hub.models.base import Away, transaction
from hub.models.channels.channel import Channel
from hub.models.channels.inbound_event import InboundEvent
from hub.models.channels.inbound_identity import InboundIdentity
from hub.queue import Job
from hub.services import work
from hub.services.conversations import incoming
from hub.services.conversations.statuses import NotYet

log = structlog.get_logger(__name__)

EVENTS = work.Kind(
    InboundEvent, Job.PROCESS_INBOUND, waiting="received", running="processing",
    load=lambda: InboundEvent.select(InboundEvent, Channel, Tenant).join(Channel).join(Tenant))
# How often an event waits for what it is about: half a minute in all.
_LATE_ATTEMPTS = 3


@dataclass(frozen=True)
class Accepted:
    """`is_new`: False when the same event is stored already. `problems`: what of it cannot be used."""

    is_new: bool
    problems: tuple[Problem, ...] = ()


def challenge(kind: str, token: str, hook: Hook) -> Challenge:
    """What a provider that checks the address wants to read."""
    found = _verify(_channel(kind, token), hook)
    if found is None:
        raise NotFound("challenge_not_found", "There is nothing to answer.")
    return found


def accept(kind: str, token: str, hook: Hook) -> Accepted:
    """Verify and store one event. BadInput when nothing of it can be used and the provider may be told so."""
    channel = _channel(kind, token)
    _verify(channel, hook)
    parsed = look_through(channel, hook)
    if parsed.problems and not parsed.items and kind_of(channel).refuses(config_of(channel)):
        raise _refused(parsed.problems)
    return Accepted(_store(channel, hook, parsed), parsed.problems)


def look_through(channel: Channel, hook: Hook) -> Parsed:
    """The event's usable items, and everything that is wrong with the others."""
    parsed = kind_of(channel).parse(config_of(channel), hook)
    wrong = {index: problem for index, item in parsed.items if (problem := _problem(channel, index, item))}
    return Parsed(tuple((index, item) for index, item in parsed.items if index not in wrong),
                  tuple(sorted((*parsed.problems, *wrong.values()), key=lambda problem: problem.index)))


def _problem(channel: Channel, index: int, item: Item) -> Problem | None:
    try:
        incoming.check(channel, item)
    except HubError as error:
        return Problem(index, str(error.details.get("field", "text")), error.message)
    return None


def _refused(problems: tuple[Problem, ...]) -> BadInput:
    first = problems[0]
    return BadInput("VALIDATION_ERROR", first.message,
                    {"field": first.field, "problems": [problem.data() for problem in problems[:100]]})


def _channel(kind: str, token: str) -> Channel:
    channel = Channel.by_token(token, kind) if kind in CHANNELS else None
    if channel is None or kind_of(channel).LIMITS.pull:
        raise NotFound("channel_not_found", "There is no such channel.")
    callers.check_active(channel.tenant)
    return channel


def _verify(channel: Channel, hook: Hook) -> Challenge | None:
    try:
        return kind_of(channel).verify(config_of(channel), channel.secret.reveal(), hook)
    except Denied:
        raise Forbidden("WEBHOOK_SIGNATURE_INVALID", "The signature does not match.") from None


@refusals.repeated
def _store(channel: Channel, hook: Hook, parsed: Parsed) -> bool:
    """False when the same event is there; another body under its id is refused where the provider may be told so."""
    headers, query = hook.kept()
    kind, digest = kind_of(channel), hook.digest
    external_id = kind.event_id(hook)
    with transaction():
        rows = list(InboundEvent.insert(tenant=channel.tenant_id, channel=channel, external_id=external_id,
                                        headers=headers, query=query, body=hook.body, digest=digest)
                    .on_conflict_ignore().returning(InboundEvent.id).tuples().execute())
        for kind_name, value in sorted(_people(parsed)) if rows else ():
            InboundIdentity.create(tenant=channel.tenant_id, event=rows[0][0], kind=kind_name, value=value)
    if rows:
        queue.later(Job.PROCESS_INBOUND, rows[0][0])
    elif kind.refuses(config_of(channel)):
        _same_body(InboundEvent.get_or_none(InboundEvent.channel == channel,
                                            InboundEvent.external_id == external_id), hook)
    return bool(rows)


def _people(parsed: Parsed) -> set[tuple[str, str]]:
    return {item.identity for _, item in parsed.items if not isinstance(item, Status)}


def _same_body(event: InboundEvent | None, hook: Hook) -> None:
    if event is not None and hook.digest != (event.digest or Hook({}, bytes(event.body)).digest):
        raise HubError("idempotency_key_reused", "This Idempotency-Key came with another body before.", status=422)


def process(event_id: int) -> None:
    """Make messages of one stored event; what cannot be used stays, marked, for a person to look at."""
    with work.taken(EVENTS, event_id) as event:
        if event is not None:
            _process(event)


def _process(event: InboundEvent) -> None:
    parsed = look_through(event.channel, Hook(event.headers, bytes(event.body), event.query))
    wrong = [problem.message for problem in parsed.problems]
    late = []
    for _, item in parsed.items:
        try:
            wrong += filter(None, [_take(event.channel, item)])
        except NotYet as error:
            late.append(str(error))
    if late and event.attempts < _LATE_ATTEMPTS:
        _wait(event, late[0])
        return
    wrong += late
    work.finish(EVENTS, event, "failed" if wrong else "done", error=" ".join(wrong))
    log.info("inbound_event.finished", inbound_event=event.id, state="failed" if wrong else "done")


def _take(channel: Channel, item: Item) -> str:
    """What is wrong with the item, or nothing: the good items of an event are taken whatever the others are like."""
    try:
        incoming.take(channel, item)
    except (*Away, NotYet):      # nothing is wrong with the item: the event stays due
        raise
    except (ValueError, HubError) as error:
        return str(error)
    return ""


def _wait(event: InboundEvent, reason: str) -> None:
    wait_s = work.retry(EVENTS, event, reason)
    if wait_s is not None:
        queue.later(Job.PROCESS_INBOUND, event.id, wait_s)
