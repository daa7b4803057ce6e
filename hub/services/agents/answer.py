"""One AI turn from the customer's line to the answer, a person, or silence. The ledger row says which and why."""

import time
from collections.abc import Callable

import structlog

from hub import queue
from hub.access.callers import Service
from hub.ai import utterance
from hub.ai.chat import Cancelled
from hub.lib import clock
from hub.models.base import release, transaction
from hub.models.conversations.conversation import Conversation, FloorReason
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.conversations.message import Message
from hub.models.conversations.turn import Turn
from hub.queue import Job
from hub.services import events, work
from hub.services.agents import compose, costs, decide
from hub.services.conversations import floor, outbox, texts
from hub.services.agents.compose import Composed
from hub.services.agents.decide import Context, Verdict

log = structlog.get_logger(__name__)

_ATTEMPTS = 3
_AI = Service("ai")       # who acts, as the log of events names it
_BATCH_S = 0.05         # faster than people read; slower than one event per token
_LOOK_S = 0.3           # how often a running answer looks whether it is still wanted


def answer(message_id: int) -> None:
    """Take the turn that is owed to a customer's line. Twice at once or again after a crash: one answer."""
    with work.taken(outbox.OWED, message_id) as message:
        if message is not None:
            _begin(message)


def _begin(message: Message) -> None:
    started = time.monotonic()
    context = decide.load(message)
    verdict = decide.decide(context)
    turn = None if verdict.act == "silent" else _open(context)
    if turn is None:
        _drop(message)
        return
    try:
        _take_unless_overtaken(context, verdict, turn)
    except outbox.Superseded:
        log.warning("answer.superseded", turn=turn.id, attempt=turn.attempts)
    finally:
        spent = int((time.monotonic() - started) * 1000)
        (Turn.update(total_ms=spent, finished_at=clock.now())
         .where(Turn.id == turn.id, Turn.attempts == turn.attempts).execute())


def _take_unless_overtaken(context: Context, verdict: Verdict, turn: Turn) -> None:
    try:
        _take(context, verdict, turn)
    except (outbox.Overtaken, Cancelled):
        _overtaken(context, turn)


def _drop(message: Message) -> None:
    Message.update(**work.settled(outbox.OWED)).where(Message.id == message.id).execute()


def _open(context: Context) -> Turn | None:
    """The ledger row first. A turn that a killed worker began is begun again on the same row, which makes it ours
    alone; None when it has ended: this process was stopped meanwhile, and another one took it."""
    conversation = context.conversation
    turn, _ = Turn.get_or_create(question=context.question, defaults={
        "tenant": context.tenant, "conversation": conversation, "floor_version": conversation.floor_version})
    turn.agent, turn.floor_version = context.agent, conversation.floor_version
    begun = list(Turn.update(attempts=Turn.attempts + 1, agent=turn.agent, floor_version=turn.floor_version)
                 .where(Turn.id == turn.id, Turn.state == "running").returning(Turn.attempts).tuples().execute())
    turn.attempts = begun[0][0] if begun else turn.attempts
    return turn if begun else None


def _take(context: Context, verdict: Verdict, turn: Turn) -> None:
    if turn.attempts > _ATTEMPTS:
        verdict = Verdict("hand_over", "failed_too_often")      # whatever kills the turn must not do so for ever
    if verdict.act == "hand_over":
        _hand_over(context, turn, verdict.reason)
        return
    if verdict.act == "greet":
        result = Composed(text=utterance.reply(utterance.small_talk(context.text) or "greeting", context.language),
                        reason="small_talk", confidence={"total": 1.0}, model="offline")
    else:
        events.publish(events.typing(context.conversation, "ai", _name(context), True))
        stream = _stream(context, turn) if verdict.send else None
        result = compose.compose(context, stream)
    _note(turn, result, verdict)
    if not result.text:
        _hand_over(context, turn, result.reason)
    elif not verdict.send:
        _suggest(context, turn, verdict.block_reason or "")
    else:
        _send(context, turn, result)


def _name(context: Context) -> str:
    return context.agent.name if context.agent else ""


def _stream(context: Context, turn: Turn) -> Callable[[str], None]:
    """Shows the text while it grows. A newer line stops it; a person's take-over makes it go on unseen, because the
    finished text is worth having as a suggestion."""
    sent_at = looked_at = time.monotonic()
    shown = True

    def on_text(text: str) -> None:
        nonlocal sent_at, looked_at, shown
        moment = time.monotonic()
        if moment - looked_at >= _LOOK_S:
            looked_at = moment
            shown = shown and _still_ours(context, turn)
        if shown and text and moment - sent_at >= _BATCH_S:
            sent_at = moment
            events.publish(events.reply_delta(context.conversation, str(turn.uuid), text, _name(context)))

    return on_text


def _still_ours(context: Context, turn: Turn) -> bool:
    """May the customer see more of this? False after a take-over; Cancelled when a newer line came, or the customer
    was erased."""
    seen = context.conversation
    found = (Conversation.select(Conversation.floor_version, Conversation.customer_lines)
             .where(Conversation.id == seen.id).tuples().first())
    release()
    version, lines = found or (0, -1)
    if lines != seen.customer_lines:
        raise Cancelled
    if version != seen.floor_version:
        events.publish(events.reply_withdrawn(seen, str(turn.uuid)))
    return bool(version == seen.floor_version)


def _note(turn: Turn, result: Composed, verdict: Verdict) -> None:
    """All reasons onto the ledger row; committed with what follows from them."""
    turn.reason, turn.block_reason, turn.intent = result.reason, verdict.block_reason, result.intent
    turn.confidence, turn.penalties, turn.text = result.confidence, result.penalties, result.text
    turn.sources = [{**found.source(), "used": index in result.used} for index, found in enumerate(result.found)]
    turn.model, turn.error = result.model, result.error
    turn.tokens_in, turn.tokens_out, turn.model_ms = result.tokens_in, result.tokens_out, result.model_ms
    turn.cost = costs.usd(result.model, result.tokens_in, result.tokens_out)


def _send(context: Context, turn: Turn, result: Composed) -> None:
    turn.state = "replied"
    outbox.post_answer(turn, context.conversation, result.text, agent=context.agent, name=_name(context),
                       sources=result.sources, confidence=result.confidence.get("total"))
    used = {context_found.doc.id for index, context_found in enumerate(result.found) if index in result.used}
    if used:
        (KnowledgeDoc.update(usage_count=KnowledgeDoc.usage_count + 1, last_used_at=clock.now())
         .where(KnowledgeDoc.id.in_(used)).execute())


def _suggest(context: Context, turn: Turn, block_reason: str) -> None:
    """The answer waits for a person; nothing of it was shown to the customer."""
    turn.state, turn.block_reason = "suggested", block_reason
    with transaction():
        outbox.settle(turn)
        Conversation.bump(context.conversation.id, has_unread=1)
    events.publish(events.suggestion_changed(context.conversation),
                   events.typing(context.conversation, "ai", None, False))


def _hand_over(context: Context, turn: Turn, reason: str) -> None:
    """No answer that may be sent: say so and call a person, both or neither."""
    turn.state, turn.reason = "handed_over", reason
    conversation, words = context.conversation, _fallback_text(context, reason)
    with transaction():
        posted = outbox.write_answer(turn, conversation, words, agent=context.agent, name=_name(context)) \
            if words else None
        moved = floor.write(_AI, conversation, "handoff.requested", outbox.unmoved(turn, conversation),
                            **floor.asked(FloorReason(reason)))
        if moved is None:
            raise outbox.Overtaken
        if posted is None:
            outbox.settle(turn)
    events.publish(events.reply_withdrawn(conversation, str(turn.uuid)))
    if posted is not None:
        outbox.announce(posted, conversation)
    floor.announce(moved)


def _fallback_text(context: Context, reason: str) -> str:
    """What the AI says before it hands over; nothing where the customer asked for a person anyway."""
    if context.agent is None or reason in ("asked_for_person", "outside_hours"):
        return ""
    return str(context.agent.no_answer_message or "") or texts.say("no_answer", context.language)


def _overtaken(context: Context, turn: Turn) -> None:
    """The floor moved: the text is kept as a suggestion. A newer line came: its own turn covers this one."""
    now = Conversation.with_people(context.tenant.id).where(Conversation.id == context.conversation.id).first()
    if now is None:
        return          # erased meanwhile, and everything with it
    person = now.floor_version != context.conversation.floor_version
    turn.reason = "floor_taken" if person and turn.text else "newer_line"
    turn.state = "suggested" if turn.reason == "floor_taken" and context.suggests else "overtaken"
    turn.block_reason, turn.reply = ("FLOOR_TAKEN" if person else None), None
    with transaction():
        outbox.settle(turn)
    events.publish(events.reply_withdrawn(context.conversation, str(turn.uuid)), events.suggestion_changed(now))
    if not person:
        _newest_owed(now)


def _newest_owed(conversation: Conversation) -> None:
    """The newer line's own hint may have come while this turn ran and found nothing due yet."""
    owed = (Message.select(Message.id).where(Message.conversation == conversation, Message.answer_at.is_null(False))
            .order_by(Message.id.desc()).limit(1).scalar())
    if owed is not None:
        queue.later(Job.ANSWER, owed)
