"""Should the AI answer this line? Everything is read once, then a pure function says yes, no, and why."""

from dataclasses import dataclass
from typing import Literal

from hub.access import flags
from hub.access.flags import Flag
from hub.ai import utterance
from hub.lib import clock, hours
from hub.lib.json_types import JsonObject
from hub.models.agents.agent import Agent
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.customers.customer import Customer
from hub.models.conversations.message import Message
from hub.models.accounts.tenant import Tenant
from hub.services.agents import agents

_HISTORY = 20


@dataclass(frozen=True)
class Context:
    """All that one AI turn reads, as it was at one moment."""

    conversation: Conversation
    tenant: Tenant
    agent: Agent | None
    question: Message
    lines: list[Message]            # the customer's unanswered lines, oldest first; the last one is `question`
    history: list[Message]          # what was said before them
    suggests: bool = True           # may what must not be sent be drafted for a person?

    @property
    def text(self) -> str:
        """All unanswered lines together: three quick lines are one question."""
        return "\n".join(line.text for line in self.lines)

    @property
    def language(self) -> str:
        fixed = None if self.agent is None or self.agent.auto_detect_language else self.agent.response_language
        return str(fixed or utterance.language(self.text))


@dataclass(frozen=True)
class Verdict:
    """`act`: silent | hand_over | greet | answer. `reason` is a code that the ledger keeps and "why?" explains."""

    act: Literal["silent", "hand_over", "greet", "answer"]
    reason: str
    send: bool = True               # False: the answer waits for a person's approval
    block_reason: str | None = None


def load(message: Message) -> Context:
    """Read everything the turn needs, in four queries."""
    conversation = (Conversation.select(Conversation, Tenant, Customer, Channel).join(Tenant).switch(Conversation)
                    .join(Customer).switch(Conversation).join(Channel)
                    .where(Conversation.id == message.conversation_id).get())
    said = Message.history(conversation, limit=_HISTORY)
    spoken = [line for line in said if line.role != "system"]
    cut = next((i for i in range(len(spoken), 0, -1) if spoken[i - 1].role != "customer"), 0)
    agent = agents.serving(conversation.tenant_id)
    return Context(conversation, conversation.tenant, agent, message, spoken[cut:] or [message], spoken[:cut],
                   flags.on(Flag.AI_SUGGESTIONS, conversation.tenant))


def decide(context: Context) -> Verdict:
    """What to do, from the context alone: no database, no clock but the agent's hours, no model."""
    conversation, agent = context.conversation, context.agent
    if conversation.floor != "ai" or not conversation.is_open:
        return Verdict("silent", "not_our_floor")
    if any(line.id > context.question.id for line in context.lines):
        return Verdict("silent", "newer_line")
    if agent is None:
        return Verdict("hand_over", "no_agent")
    if utterance.wants_person(context.text):
        return Verdict("hand_over", "asked_for_person")
    if agent.schedule_enabled and not within_hours(agent.working_schedule, context.tenant.timezone):
        return Verdict("hand_over", "outside_hours")
    blocked = _blocked(conversation, agent)
    if blocked and not context.suggests:
        return Verdict("silent", "suggestions_off")
    act: Literal["greet", "answer"] = "greet" if utterance.small_talk(context.text) else "answer"
    return Verdict(act, "small_talk" if act == "greet" else "question", blocked is None, blocked)


def _blocked(conversation: Conversation, agent: Agent) -> str | None:
    """Why an answer may not go out by itself, or None."""
    if agent.check_before_send:
        return "CHECK_BEFORE_SEND"
    return "MODE_" + conversation.mode.upper().replace("-", "_") if conversation.mode != "auto" else None


def within_hours(schedule: list[JsonObject], zone: str) -> bool:
    """Is it working time now in `zone`? `schedule`: [{"day": "monday", "start": "09:00", "end": "18:00"}]."""
    return hours.week(schedule).is_open(clock.local(zone))
