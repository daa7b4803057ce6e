"""One delivery through its channel: claimed, sent without holding the database, and the result written on the row."""


import structlog
from peewee import SQL, ColumnBase, IntegrityError, fn

from hub import queue
from hub.channels import config_of, kind_of
from hub.channels.base import Attachment, ChannelError, Outbound
from hub.lib import clock
from hub.lib.json_types import JsonObject
from hub.models import refusals
from hub.models.accounts.tenant import Tenant
from hub.models.base import db, locked, release
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.delivery import Delivery
from hub.models.conversations.message import Message
from hub.queue import Job
from hub.services import events, work
from hub.services.conversations import statuses
from hub.services.platform import proxies

log = structlog.get_logger(__name__)

_BACK_OFF_S = (2, 5, 15, 60, 300, 900, 3600)
# Whatever a receiver asks for: nobody reads an answer of yesterday.
_LONGEST_PAUSE_S = 3600


def _ready() -> ColumnBase:
    """SQL: it is the first of its conversation, its channel is not paused, nor its business suspended."""
    paused = Channel.select(SQL("1")).where(Channel.id == Delivery.channel, _paused())
    return Delivery.first_in_line() & ~fn.EXISTS(paused) & Tenant.is_serving(Delivery.tenant)


def _paused() -> ColumnBase:
    """SQL: the provider asked us to wait. A moment that lies too far ahead is a clock's error."""
    return (Channel.paused_until > clock.now()) & (Channel.paused_until <= clock.ahead(_LONGEST_PAUSE_S + 5))


DELIVERIES = work.Kind(
    Delivery, Job.DELIVER, running="sending", attempts=8, back_off_s=_BACK_OFF_S, repeatable=False, ready=_ready,
    load=lambda: Delivery.select(Delivery, Message, Channel).join(Message).switch(Delivery).join(Channel))


def deliver(delivery_id: int) -> None:
    """Send one queued delivery. Running it twice sends once."""
    with work.taken(DELIVERIES, delivery_id) as delivery:
        if delivery is not None:
            _send(delivery)
        else:
            _abandoned(delivery_id)
            _wait_for_channel(delivery_id)


def _send(delivery: Delivery) -> None:
    channel, outbound = delivery.channel, _outbound(delivery)
    config, way_out = config_of(channel), proxies.way_out(channel)
    release()
    try:
        with way_out:
            sent = kind_of(channel).send(config, channel.secret.reveal(), outbound)
    except ChannelError as error:
        _failed(delivery, error)
        return
    _finish(delivery, "sent", external_id=sent.external_id)


def _abandoned(delivery_id: int) -> None:
    """A worker died between sending and writing the result. Only a provider that knows our key may be asked again."""
    delivery = work.abandoned(DELIVERIES, delivery_id)
    if delivery is None:
        return
    channel = delivery.channel
    if kind_of(channel).may_repeat(config_of(channel)) and not DELIVERIES.exhausted(delivery):
        _again(delivery, 0, "The sender stopped in the middle.")
    else:
        _finish(delivery, "unknown", error="The sender stopped in the middle; it may have arrived.")


def _wait_for_channel(delivery_id: int) -> None:
    """Ask again when the channel's pause is over."""
    until = (Channel.select(Channel.paused_until).join(Delivery, on=Delivery.channel == Channel.id)
             .where(Delivery.id == delivery_id, Delivery.state == "queued", _paused()).scalar())
    if until is not None:
        queue.later(Job.DELIVER, delivery_id, (until - clock.now()).total_seconds() + clock.SKEW_S)


def _outbound(delivery: Delivery) -> Outbound:
    message: Message = delivery.message
    conversation, channel = message.conversation, delivery.channel
    parts = kind_of(channel).parts(config_of(channel), message.text)
    last = delivery.part == len(parts) - 1
    return Outbound(statuses.key(message, delivery.part), str(conversation.external_id or ""),
                    parts[min(delivery.part, len(parts) - 1)], str(conversation.uuid),
                    clock.iso(message.created_at) or "",
                    tuple(Attachment(**given) for given in message.attachments) if last else ())


def _failed(delivery: Delivery, error: ChannelError) -> None:
    wait_s = min(error.retry_after, _LONGEST_PAUSE_S) if error.retry_after else None
    if wait_s:
        Channel.update(paused_until=clock.ahead(wait_s)).where(Channel.id == delivery.channel_id).execute()
    if error.in_doubt:
        _finish(delivery, "unknown", error=error.reason)
    elif error.permanent or DELIVERIES.exhausted(delivery):
        _finish(delivery, "failed", error=error.reason)
    else:
        _again(delivery, wait_s, error.reason)


def _again(delivery: Delivery, wait_s: float | None, reason: str) -> None:
    wait_s = work.retry(DELIVERIES, delivery, reason, wait_s)
    if wait_s is not None:
        queue.later(Job.DELIVER, delivery.id, wait_s)


def _finish(delivery: Delivery, state: str, **values: object) -> None:
    """The result on the row, on the message, and to everybody who looks."""
    message = refusals.committed(lambda: _settled(delivery, state, values))
    if message is None:
        return
    log.info("delivery.finished", delivery=delivery.id, state=state)
    events.publish(events.message_changed(message, message.conversation))
    following = Delivery.next_after(delivery)
    if following is not None:
        queue.later(Job.DELIVER, following)


def _settled(delivery: Delivery, state: str, values: JsonObject) -> Message | None:
    """The message with its new state; None when the delivery is not ours any more."""
    list(locked(Conversation.select(Conversation.id).where(Conversation.id == delivery.conversation_id)))
    if not _written(delivery, state, **values):
        return None
    if state == "failed":       # what follows makes no sense without it
        (Delivery.update(state="failed", error="An earlier part failed.")
         .where(Delivery.message == delivery.message_id, Delivery.part > delivery.part, Delivery.state == "queued")
         .execute())
    return statuses.show(delivery)


def _written(delivery: Delivery, state: str, **values: object) -> bool:
    """A receiver that names two lines alike: the first one keeps the name."""
    try:
        with db.atomic():
            return work.finish(DELIVERIES, delivery, state, updated_at=clock.now(), **values)
    except IntegrityError:
        return work.finish(DELIVERIES, delivery, state, updated_at=clock.now(), **{**values, "external_id": None})
