"""One line of a conversation, from anybody; its state, and when an AI answer to it is due."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from peewee import CharField, DateTimeField, Field, ForeignKeyField, IntegerField, JSONField, TextField

from hub.lib.json_types import JsonObject
from hub.models.agents.agent import Agent
from hub.models.base import TenantModel, cascade_key
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.conversations.message_enums import ContentType, MessageEvent, MessageRole, MessageStatus
from hub.models.fields import EnumField

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

    @classmethod
    def id_of(cls, conversation: Conversation | int, number: int | None) -> int | None:
        """The id that lines before the one with that number are below; None without a number."""
        if number is None:
            return None
        later = cls.select(cls.id).where(cls.conversation == conversation, cls.number >= number)
        return later.order_by(cls.id).limit(1).scalar()

    @classmethod
    def history(cls, conversation: Conversation | int, before: int | None = None, limit: int = 30) -> list["Message"]:
        """The newest `limit` lines (before the line with id `before`), oldest first."""
        query = cls.select().where(cls.conversation == conversation)
        if before is not None:
            query = query.where(cls.id < before)
        return list(query.order_by(cls.id.desc()).limit(limit))[::-1]


# Only what is owed is indexed: the sweeper's look costs the same however many messages there are.
Message.add_index(Message.answer_at, where=Message.answer_at.is_null(False), name="message_owed")
# What the sweeper has still to put into the full text, business by business.
Message.add_index(Message.tenant, Message.id, where=Message.is_indexed == 0, name="message_unindexed")
