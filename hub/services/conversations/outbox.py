"""Lines go out: from the AI only while it still has the floor, from people always; then through the channel."""

from dataclasses import dataclass
from functools import partial

from peewee import ColumnBase, IntegrityError

from hub import queue
from hub.channels import config_of, kind_of
from hub.access.callers import UserCaller
from hub.errors import BadInput, Conflict, TooLarge
from hub.lib import clock, text
from hub.models import refusals
from hub.lib.json_types import JsonObject
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.delivery import Delivery
from hub.models.conversations.message import Message
from hub.models.conversations.turn import Turn
from hub.models.accounts.tenant import Tenant
from hub.queue import Job
from hub.services import events, work
from hub.services.conversations import floor

# A customer's line to which the AI owes an answer. Agents wait at most five minutes before they give one; how often it
# was tried stands on the turn.
OWED = work.Kind(Message, Job.ANSWER, due="answer_at", lease="answer_lease", has_state=False, first_s=300,
                 back_off_s=(), ready=lambda: Tenant.is_serving(Message.tenant))


@dataclass(frozen=True)
class Posted:
    message: Message
    delivery: Delivery | None


class Overtaken(Exception):
    """The floor moved, or a newer line came: this answer may not be sent any more."""


class Superseded(Exception):
    """Our claim on the turn ran out (the process was frozen, say) and another worker began it anew."""


def post_answer(turn: Turn, conversation: Conversation, content: str, **values: object) -> Message:
    """Commit an AI answer and tell everybody; Overtaken when it may not be given any more."""
    posted = refusals.committed(lambda: write_answer(turn, conversation, content, **values))
    announce(posted, conversation)
    return posted.message


def write_answer(turn: Turn, conversation: Conversation, content: str, **values: object) -> Posted:
    """Inside the caller's transaction: message, delivery, turn and what was owed change together, so an answer is
    given once or not at all. Overtaken unless floor and last customer line are still those the turn read."""
    posted = _write(conversation, unmoved(turn, conversation), role="assistant", content=content,
                    turn_uuid=str(turn.uuid), **values)
    turn.reply = posted.message
    settle(turn)
    return posted


def unmoved(turn: Turn, conversation: Conversation) -> ColumnBase:
    """SQL: the AI still has the floor at the version, and no customer line is newer than, what the turn read."""
    return ((Conversation.floor == "ai") & (Conversation.floor_version == turn.floor_version)
            & (Conversation.customer_lines == conversation.customer_lines) & (Conversation.is_open == 1))


def settle(turn: Turn) -> None:
    """The turn's result, once, and nothing is owed any more. Superseded when the turn is not ours any more."""
    ours = (Turn.update(state=turn.state).where(Turn.id == turn.id, Turn.attempts == turn.attempts,
                                                Turn.state == "running").execute())
    if not ours:
        raise Superseded
    turn.save()
    Message.update(**work.settled(OWED)).where(Message.id == turn.question_id).execute()


def reply(caller: UserCaller, conversation: Conversation, content: str, client_id: str) -> Message:
    """An operator's line. It takes the floor from the AI; the same `client_id` again is the same message."""
    content, user = _checked(conversation, content), caller.user
    external_id = f"user-{user.id}-{conversation.id}:{client_id}"
    for _ in range(3):
        seen = Message.get_or_none(Message.channel == conversation.channel_id, Message.external_id == external_id)
        if seen is not None:
            return seen
        if conversation.floor != "operator":
            conversation = floor.take_over(caller, conversation)
        try:
            posted = refusals.committed(partial(
                _write, conversation, Conversation.floor == "operator", role="operator", content=content, user=user,
                name=user.name, external_id=external_id, agent=None))
        except Overtaken:
            conversation.floor = "ai"       # given away at this moment: take it again
        except IntegrityError:
            continue                        # the same line from another tab: there it is
        else:
            announce(posted, conversation)
            return posted.message
    raise Conflict("reply_conflict", "Somebody else changed this conversation at the same moment.")


def _checked(conversation: Conversation, content: str) -> str:
    content = text.clean(content)
    if not content:
        raise BadInput("text_empty", "The message has no text.", {"field": "content"})
    limit = kind_of(conversation.channel).LIMITS.text
    if len(content) > limit:
        raise TooLarge("text_too_long", f"This channel carries at most {limit} characters.", {"limit": limit})
    return content


def _write(conversation: Conversation, still: ColumnBase | bool, *, role: str, content: str,
           **values: object) -> Posted:
    kind = kind_of(conversation.channel)
    rows = list(Conversation.update(change=Conversation.change + 1, **_shown(role, content))
                .where(Conversation.id == conversation.id, still).returning(Conversation.change).tuples().execute())
    if not rows:
        raise Overtaken
    conversation.change = rows[0][0]
    message = Message.create(tenant=conversation.tenant_id, conversation=conversation, change=conversation.change,
                             channel=conversation.channel_id, role=role, text=content,
                             status="sent" if kind.LIMITS.pull else "queued", **values)
    return Posted(message, None if kind.LIMITS.pull else _deliveries(conversation, message)[0])


def _deliveries(conversation: Conversation, message: Message) -> list[Delivery]:
    """One for each part in which the channel carries the text."""
    channel = conversation.channel
    parts = kind_of(channel).parts(config_of(channel), message.text)
    return [Delivery.create(tenant=conversation.tenant_id, message=message, part=part, conversation=conversation,
                            channel=channel) for part in range(len(parts))]


def _shown(role: str, content: str) -> JsonObject:
    return {"last_role": role, "last_text": text.shorten(content, 160), "last_message_at": clock.now(), "unread": 0,
            "has_unread": 0, "customer_unread": Conversation.customer_unread + 1,
            "messages_count": Conversation.messages_count + 1}


def announce(posted: Posted, conversation: Conversation) -> None:
    """After the commit: everybody sees it, and the channel gets it."""
    events.publish(events.message_new(posted.message, conversation), events.list_changed(conversation))
    if posted.delivery is not None:
        queue.later(Job.DELIVER, posted.delivery.id)


