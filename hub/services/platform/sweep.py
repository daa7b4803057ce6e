"""Looks for work that is due and was forgotten: after FLUSHALL, a killed worker, a Redis that was away."""

from typing import Any

from hub import queue
from hub.lib import clock
from hub.models.conversations.delivery import Delivery
from hub.models.platform.idempotency import IdempotencyKey
from hub.models.channels.inbound_event import InboundEvent
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.conversations.message import Message
from hub.models.accounts.login_failure import LoginFailure
from hub.models.accounts.session import RevokedToken, UserSession
from hub.models.conversations.turn import Turn
from hub.queue import Job
from hub.services.agents import answer
from hub.services.platform import catch_up

_AT_ONCE = 500
_KEYS_KEPT_S = 24 * 3600
# No turn takes so long: its worker is gone, and a newer line took over what it owed.
_TURN_ENDS_S = 600
# Work this fresh has a hint on its way; asking again would only run it twice for nothing.
_GRACE_S = 5.0


def sweep() -> int:
    """Queue what is due; how much there was. A lane with much to do already is not given the same again."""
    moment = clock.ahead(-_GRACE_S)
    catch_up.catch_up()
    catch_up.index_lines()
    found = [(job, row_id, 0.0) for job, query in _due(moment) if queue.waiting(job) < _AT_ONCE
             for (row_id,) in query.limit(_AT_ONCE).tuples()]
    if found:
        queue.later_all(found)
    return len(found)


def _due(moment: Any) -> list[tuple[Job, Any]]:
    """(job, rows that it should look at): every kind of work that is a row."""
    delivery = ((Delivery.state == "queued") & (Delivery.due_at <= moment) & Delivery.first_in_line()) | \
               ((Delivery.state == "sending") & (Delivery.lease_until <= moment))
    return [
        (Job.PROCESS_INBOUND, InboundEvent.select(InboundEvent.id).where(InboundEvent.state == "received",
                                                                InboundEvent.due_at <= moment)),
        (Job.ANSWER, answer.owed(moment)),
        (Job.DELIVER, Delivery.select(Delivery.id).where(delivery)),
        (Job.INDEX, KnowledgeDoc.select(KnowledgeDoc.id).where(KnowledgeDoc.state.in_(("pending", "indexing")),
                                                               KnowledgeDoc.due_at <= moment)),
    ]


def tidy() -> None:
    """Delete what has expired, end what nobody ended."""
    moment = clock.now()
    UserSession.delete().where(UserSession.expires_at < moment).execute()
    RevokedToken.delete().where(RevokedToken.expires_at < moment).execute()
    LoginFailure.delete().where(LoginFailure.updated_at < clock.ahead(-_KEYS_KEPT_S)).execute()
    IdempotencyKey.delete().where(IdempotencyKey.created_at < clock.ahead(-_KEYS_KEPT_S)).execute()
    covered = Message.select(Message.id).where(Message.answer_at.is_null())
    (Turn.update(state="overtaken", reason="newer_line")
     .where(Turn.state == "running", Turn.created_at < clock.ahead(-_TURN_ENDS_S), Turn.question.in_(covered))
     .execute())
