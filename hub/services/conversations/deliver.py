"""One delivery through its channel: claimed, sent without holding the database, and the result written on the row."""

from typing import Any

import structlog

from hub import queue
from hub.channels import CHANNELS
from hub.channels.base import ChannelError, Outbound
from hub.lib import clock
from hub.models.base import locked, release, transaction
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.delivery import Delivery
from hub.models.conversations.message import Message
from hub.queue import Job
from hub.services import events, leases

log = structlog.get_logger(__name__)

_ATTEMPTS = 8
_BACK_OFF_S = (2, 5, 15, 60, 300, 900, 3600)
# Whatever a receiver asks for: nobody reads an answer of yesterday.
_LONGEST_WAIT_S = 3600


def deliver(delivery_id: int) -> None:
    """Send one queued delivery. Running it twice sends once."""
    delivery = _claim(delivery_id)
    if delivery is not None:
        with leases.held(Delivery, "lease_until", delivery_id):
            _send(delivery)


def _send(delivery: Delivery) -> None:
    channel, outbound = delivery.channel, _outbound(delivery)
    kind = CHANNELS[str(channel.kind)]
    config = kind.Config.model_validate(channel.config)
    release()
    try:
        sent = kind.send(config, channel.secret.reveal(), outbound)
    except ChannelError as error:
        _failed(delivery, error)
        return
    _finish(delivery, "sent", external_id=sent.external_id, error="")


def _claim(delivery_id: int) -> Delivery | None:
    """Take a due delivery. One whose sender died while sending is in doubt: see `_abandoned`."""
    moment = clock.ahead(clock.SKEW_S)
    mine = (Delivery.update(state="sending", lease_until=leases.until(), attempts=Delivery.attempts + 1)
            .where(Delivery.id == delivery_id, Delivery.state == "queued", Delivery.due_at <= moment,
                   Delivery.first_in_line()).execute())
    if not mine:
        _abandoned(delivery_id)
        return None
    return (Delivery.select(Delivery, Message, Channel).join(Message).switch(Delivery).join(Channel)
            .where(Delivery.id == delivery_id).get())


def _abandoned(delivery_id: int) -> None:
    """A worker died between sending and writing the result. Only a provider that knows our key may be asked again."""
    delivery = (Delivery.select(Delivery, Channel).join(Channel)
                .where(Delivery.id == delivery_id, Delivery.state == "sending",
                       Delivery.lease_until < clock.now()).first())
    if delivery is None:
        return
    config = CHANNELS[str(delivery.channel.kind)].Config.model_validate(delivery.channel.config)
    if getattr(config, "idempotent", False) and delivery.attempts < _ATTEMPTS:
        _again(delivery, 0, "The sender stopped in the middle.")
    else:
        _finish(delivery, "unknown", error="The sender stopped in the middle; it may have arrived.")


def _outbound(delivery: Delivery) -> Outbound:
    message: Message = delivery.message
    conversation = message.conversation
    return Outbound(str(message.uuid), str(conversation.external_id or ""), str(message.text), str(conversation.uuid),
                    clock.iso(message.created_at) or "")


def _failed(delivery: Delivery, error: ChannelError) -> None:
    if error.in_doubt:
        _finish(delivery, "unknown", error=error.reason)
    elif error.permanent or delivery.attempts >= _ATTEMPTS:
        _finish(delivery, "failed", error=error.reason)
    else:
        wait = error.retry_after or _BACK_OFF_S[min(delivery.attempts, len(_BACK_OFF_S)) - 1]
        _again(delivery, min(wait, _LONGEST_WAIT_S), error.reason)


def _again(delivery: Delivery, wait_s: float, reason: str) -> None:
    (Delivery.update(state="queued", due_at=clock.ahead(wait_s), lease_until=None, error=reason[:255])
     .where(Delivery.id == delivery.id, Delivery.state == "sending").execute())
    queue.later(Job.DELIVER, delivery.id, wait_s)


def _finish(delivery: Delivery, state: str, **values: Any) -> None:
    """The result on the row, on the message, and to everybody who looks."""
    values["error"] = str(values.get("error", ""))[:255]
    with transaction():
        list(locked(Conversation.select(Conversation.id).where(Conversation.id == delivery.conversation_id)))
        done = (Delivery.update(state=state, lease_until=None, updated_at=clock.now(), **values)
                .where(Delivery.id == delivery.id, Delivery.state == "sending").execute())
        if not done:
            return
        message = Message.get_by_id(delivery.message_id)
        message.change, _ = Conversation.bump(message.conversation_id)
        message.status = state
        message.save(only=[Message.status, Message.change])
    log.info("delivery.finished", delivery=delivery.id, state=state)
    events.publish(events.message_changed(message, message.conversation))
    following = Delivery.next_after(delivery)
    if following is not None:
        queue.later(Job.DELIVER, following)
