"""One line of a conversation, from anybody; its state, and when an AI answer to it is due."""

import math
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from peewee import (
    CharField,
    DateTimeField,
    DoubleField,
    Field,
    ForeignKeyField,
    IntegerField,
    JSONField,
    TextField,
)

from hub.lib.json_types import JsonObject
from hub.models.agents.agent import Agent
from hub.models.base import TenantModel, cascade_key
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.conversations.message_enums import ContentType, MessageEvent, MessageRole, MessageStatus
from hub.models.fields import EnumField
from hub.models.prepared import Prepared

if TYPE_CHECKING:
    from hub.models.conversations.turn import Turn


class Message(TenantModel):
    tenant = cascade_key(Tenant, index=False)
    conversation = cascade_key(Conversation, backref="messages", index=False)
    channel = cascade_key(Channel, index=False)
    change = IntegerField()                                         # conversation.change of its last change
    number = IntegerField(default=0)                                # the same of its first: what people know it by
    is_indexed = IntegerField(default=0)                            # in the full text, models/…/line_search.py
    role = EnumField(MessageRole, max_length=12)
    user = ForeignKeyField(User, null=True, on_delete="SET NULL", index=False)
    agent = ForeignKeyField(Agent, null=True, on_delete="SET NULL", index=False)
    name = CharField(default="")                                    # who spoke, as shown then
    text = TextField(default="")
    content_type = EnumField(ContentType, default=ContentType.TEXT, max_length=16)
    attachments = JSONField[list[JsonObject]](default=list)
    sources = JSONField[list[JsonObject]](default=list)             # [{"title", "quote", "url", "doc", "score"}]
    event = EnumField(MessageEvent, null=True, max_length=32)
    # Unique per channel: the provider's id, or "<sender>:<client id>" for lines typed on our own pages.
    external_id = CharField(null=True)
    reply_to = CharField(null=True, max_length=36)                  # uuid of the line it answers
    said_at = DateTimeField(null=True)                              # by the provider's clock, where it tells
    # Where the line stands, if it came after lines that were said later: between the positions of two others.
    late_position = DoubleField(null=True)
    status = EnumField(MessageStatus, default=MessageStatus.RECEIVED, max_length=12)
    turn_uuid = CharField(null=True, max_length=36)                 # the ledger row an AI line came from
    confidence = JSONField[float | None](null=True)
    edited_at = DateTimeField(null=True)
    deleted_at = DateTimeField(null=True)                           # by its sender: the text is gone
    reactions = JSONField[list[dict[str, str]]](default=list)                      # [{"emoji", "by": "customer"}]
    # The AI owes an answer while `answer_at` is set; a worker that took it holds `answer_lease`.
    answer_at = DateTimeField(null=True)
    answer_lease = DateTimeField(null=True)

    class Meta:
        indexes = ((("conversation", "change"), False), (("conversation", "id"), False),
                   (("channel", "external_id"), True))

    # The AI turn that wrote this line, where it was read (Turn.with_turns).
    turn_row: "Turn | None" = None

    def save(self, force_insert: bool = False, only: Iterable[Field | str] | None = None) -> int:
        """As peewee's. A new line's number is that of its first change; changed text goes into the full text anew."""
        self.number = self.number or self.change
        names = None if only is None else [field if isinstance(field, str) else field.name for field in only]
        if names is None or "text" in names:
            self.is_indexed = 0
            names = names and [*names, "is_indexed"]
        return super().save(force_insert, names)

    @property
    def is_sent(self) -> bool:
        """Has it left the hub, or did it come from outside?"""
        return self.status not in (MessageStatus.QUEUED, MessageStatus.FAILED, MessageStatus.UNKNOWN)

    @property
    def client_id(self) -> str | None:
        """The id the sender's own page gave this line."""
        text = str(self.external_id or "")
        return text.rsplit(":", 1)[1] if ":" in text else None

    @classmethod
    def since(cls, conversation: Conversation | int, change: int, limit: int = 100) -> list["Message"]:
        """Exactly what changed after `change`, oldest change first."""
        return list(cls.select().where(cls.conversation == conversation, cls.change > change)
                    .order_by(cls.change, cls.id).limit(limit))

    @property
    def position(self) -> float:
        """Where the line stands in its conversation: as it came, or where a late one belongs."""
        return float(self.id) if self.late_position is None else self.late_position

    @classmethod
    def position_of(cls, conversation: Conversation | int, number: int | None) -> float | None:
        """The position that lines before the one with that number are below; None without a number."""
        if number is None:
            return None
        later = cls.select(cls.id, cls.late_position).where(cls.conversation == conversation, cls.number >= number)
        found = later.order_by(cls.id).first()
        return None if found is None else found.position

    @classmethod
    def history(cls, conversation: Conversation | int, before: float | None = None, limit: int = 30) -> list["Message"]:
        """The last `limit` lines (before that position), in the order of their positions."""
        some = cls.select().where(cls.conversation == conversation)
        number = conversation if isinstance(conversation, int) else conversation.id
        if _LATE.first(conversation=number) is None:        # nearly always: one query is enough
            query = some if before is None else some.where(cls.id < math.ceil(before))
            return list(query.order_by(cls.id.desc()).limit(limit))[::-1]
        on_time, late = some.where(cls.late_position.is_null()), some.where(cls.late_position.is_null(False))
        if before is not None:
            on_time, late = on_time.where(cls.id < math.ceil(before)), late.where(cls.late_position < before)
        found = [*on_time.order_by(cls.id.desc()).limit(limit),
                 *late.order_by(cls.late_position.desc(), cls.id.desc()).limit(limit)]
        return sorted(found, key=lambda line: (line.position, line.id))[-limit:]

    def came(self, said_at: datetime) -> None:
        """Keep when the line was said, by its provider; and its place, if lines that were said later are here."""
        cls = type(self)
        later = (cls.select().where(cls.conversation == self.conversation_id, cls.said_at > said_at, cls.id != self.id)
                 .order_by(cls.said_at, cls.id).first())
        if later is not None:
            before = cls.history(self.conversation_id, later.position, 1)
            self.late_position = ((before[0].position if before else later.position - 1) + later.position) / 2
        self.said_at = said_at
        self.save(only=[cls.said_at, cls.late_position])


# Only what is owed is indexed: the sweeper's look costs the same however many messages there are.
Message.add_index(Message.answer_at, where=Message.answer_at.is_null(False), name="message_owed")
# Where a late line belongs; what only channels write that tell when a line was said, and lines that came late.
Message.add_index(Message.conversation, Message.said_at, where=Message.said_at.is_null(False), name="message_said")
Message.add_index(Message.conversation, Message.late_position, where=Message.late_position.is_null(False),
                  name="message_late")
# What the sweeper has still to put into the full text, business by business.
Message.add_index(Message.tenant, Message.id, where=Message.is_indexed == 0, name="message_unindexed")
_LATE = Prepared(lambda slots: (
    Message.select(Message.id).where(Message.conversation == slots[0](Message.conversation),
                                     Message.late_position.is_null(False)).limit(1)))
