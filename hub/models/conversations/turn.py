"""The decision ledger: one AI turn with all of its reasons. Suggestions, "why?" and analytics read it."""

from enum import StrEnum
from typing import Self

from peewee import CharField, DateTimeField, FloatField, ForeignKeyField, IntegerField, JSONField, TextField

from hub.lib.json_types import JsonObject
from hub.lib import clock, ids
from hub.models.agents.agent import Agent
from hub.models.base import TenantModel, cascade_key
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.accounts.tenant import Tenant
from hub.models.fields import EnumField


class TurnState(StrEnum):
    RUNNING = "running"
    REPLIED = "replied"
    SUGGESTED = "suggested"
    HANDED_OVER = "handed_over"
    SILENT = "silent"
    OVERTAKEN = "overtaken"
    FAILED = "failed"


class TurnReason(StrEnum):
    """Why the turn ended as it did: from services/agents/decide.py, compose.py and answer.py."""

    ANSWERED = "answered"
    QUOTED = "quoted"
    CLARIFIED = "clarified"
    SMALL_TALK = "small_talk"
    QUESTION = "question"
    NOTHING_FOUND = "nothing_found"
    THIN_EVIDENCE = "thin_evidence"
    MODEL_HANDED_OVER = "model_handed_over"
    GUARD = "guard"
    ASKED_FOR_PERSON = "asked_for_person"
    OUTSIDE_HOURS = "outside_hours"
    NO_AGENT = "no_agent"
    NOT_OUR_FLOOR = "not_our_floor"
    NEWER_LINE = "newer_line"
    FLOOR_TAKEN = "floor_taken"
    FAILED_TOO_OFTEN = "failed_too_often"


class BlockReason(StrEnum):
    """What kept an answer from being sent by itself."""

    CHECK_BEFORE_SEND = "CHECK_BEFORE_SEND"
    MODE_LEARNING = "MODE_LEARNING"
    MODE_SEMI_AUTO = "MODE_SEMI_AUTO"
    FLOOR_TAKEN = "FLOOR_TAKEN"


class Turn(TenantModel):
    tenant = cascade_key(Tenant)
    conversation = cascade_key(Conversation, backref="turns")
    question = cascade_key(Message, unique=True)                          # the customer's line; one turn per line
    agent = ForeignKeyField(Agent, null=True, on_delete="SET NULL")
    attempts = IntegerField(default=0)                              # how often a worker began it
    floor_version = IntegerField()                                  # of the conversation when the turn began
    state = EnumField(TurnState, default=TurnState.RUNNING, max_length=16)
    reason = EnumField(TurnReason, blank=True, default="", max_length=64)
    block_reason = EnumField(BlockReason, null=True, max_length=32)
    intent = CharField(null=True, max_length=32)
    confidence = JSONField[dict[str, float]](default=dict)          # {"total", "similarity", "intent", "selfCheck"}
    penalties = JSONField[list[JsonObject]](default=list)           # [{"code", "message", "value"}]
    sources = JSONField[list[JsonObject]](default=list)             # what was found, and which of it was used
    text = TextField(default="")                                    # the answer, sent or not
    reply = ForeignKeyField(Message, null=True, on_delete="SET NULL", backref="answered_by")
    model = CharField(default="", max_length=100)
    tokens_in = IntegerField(default=0)
    tokens_out = IntegerField(default=0)
    cost = FloatField(null=True)                                    # in US dollars, by services/costs.py; None: unknown
    model_ms = IntegerField(default=0)
    total_ms = IntegerField(default=0)
    error = CharField(default="")
    finished_at = DateTimeField(null=True)
    updated_at = DateTimeField(default=clock.now)

    @classmethod
    def with_turns(cls, conversation: Conversation, lines: list[Message]) -> list[Message]:
        """The lines of that conversation with the AI turns that wrote them (`line.turn_row`), in one query."""
        wanted = [ids.parse(line.turn_uuid) for line in lines if line.turn_uuid]
        turns = {str(turn.uuid): turn for turn in
                 cls.select().where(cls.conversation == conversation, cls.uuid.in_(wanted))} if wanted else {}
        for line in lines:
            line.conversation, line.turn_row = conversation, turns.get(line.turn_uuid or "")
        return lines

    @property
    def tokens(self) -> int:
        """What the model read and wrote."""
        return self.tokens_in + self.tokens_out

    @property
    def articles(self) -> list[str]:
        """The uuids of the articles that the answer rests on."""
        return list(dict.fromkeys(source["doc"] for source in self.sources if source.get("used")))

    @classmethod
    def suggestion(cls, conversation: Conversation) -> Self | None:
        """The newest answer that waits for a person, if it is newer than the last thing we said."""
        last = (Message.select(Message.id).where(Message.conversation == conversation,
                                                 Message.role.in_(("operator", "assistant")))
                .order_by(Message.id.desc()).limit(1))
        turn = (cls.select().where(cls.conversation == conversation, cls.state == "suggested")
                .order_by(cls.id.desc()).first())
        said = last.scalar()
        return turn if turn is not None and (said is None or turn.question_id > said) else None
