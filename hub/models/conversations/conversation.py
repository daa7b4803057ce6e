"""A dialog with one customer on one channel: its sequence, its floor, and what lists need to show it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Self

from peewee import (
    JOIN,
    CharField,
    ColumnBase,
    Node,
    DateTimeField,
    Field,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    SmallIntegerField,
)

from hub.lib import clock, ids
from hub.models.agents.agent import Agent
from hub.models.platform.tenant_number import NumberField
from hub.models.base import Model, TenantModel, cascade_key
from hub.models.channels.channel import Channel
from hub.models.customers.customer import Customer, CustomerIdentity
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.conversations.message_enums import MessageRole
from hub.models.fields import EnumField


class Floor(StrEnum):
    AI = "ai"
    OPERATOR = "operator"
    NOBODY = "nobody"


class FloorReason(StrEnum):
    """Why the floor is where it is; a person's own words stand beside it, in `floor_note`."""

    PAUSED = "paused"
    CLOSED = "closed"
    REOPENED = "reopened"
    RELEASED = "released"
    ESCALATED = "escalated"
    REQUESTED_BY_OPERATOR = "requested_by_operator"
    ASKED_FOR_PERSON = "asked_for_person"
    OUTSIDE_HOURS = "outside_hours"
    NO_AGENT = "no_agent"
    NOTHING_FOUND = "nothing_found"
    THIN_EVIDENCE = "thin_evidence"
    MODEL_HANDED_OVER = "model_handed_over"
    GUARD = "guard"
    FAILED_TOO_OFTEN = "failed_too_often"


class PausedBy(StrEnum):
    HUMAN = "human"
    AGENT = "agent"
    SYSTEM = "system"


class Mode(StrEnum):
    LEARNING = "learning"
    SEMI_AUTO = "semi-auto"
    AUTO = "auto"


# Reasons that are a documented status word of their own.
_OWN_STATUS = (FloorReason.PAUSED, FloorReason.ESCALATED)


class Conversation(TenantModel):
    STRANGERS_403 = True                                            # the documents ask for 403 here, not 404

    tenant = cascade_key(Tenant, backref="conversations", index=False)
    number = NumberField()
    customer = cascade_key(Customer, backref="conversations", index=False)
    channel = cascade_key(Channel, index=False)
    agent = ForeignKeyField(Agent, null=True, on_delete="SET NULL")
    external_id = CharField(null=True)                              # the chat's id at a messenger
    # Counts up inside the transaction with every visible change; clients ask `since=` this number.
    change = IntegerField(default=0)
    # The floor: who may speak to the customer now. An AI answer commits only at the version it started from.
    floor = EnumField(Floor, default=Floor.AI, max_length=8)
    floor_user = ForeignKeyField(User, null=True, on_delete="SET NULL", index=False)
    floor_version = IntegerField(default=0)
    floor_code = EnumField(FloorReason, blank=True, default="", max_length=32)
    floor_note = CharField(default="")                              # why, in a person's own words
    # Code or words, as the release before reads and writes them; leaves with the next one.
    floor_reason = CharField(default="")
    paused_by = EnumField(PausedBy, null=True, max_length=8)        # since `floor_at`, while the reason is `paused`
    floor_at = DateTimeField(default=clock.now)
    mode = EnumField(Mode, default=Mode.AUTO, max_length=12)
    is_open = SmallIntegerField(default=1)
    # What the inbox sorts and shows, so that a list is one indexed read.
    has_unread = SmallIntegerField(default=0)
    unread = IntegerField(default=0)                                # customer lines that no operator has seen
    customer_unread = IntegerField(default=0)                       # our lines that the customer has not seen
    messages_count = IntegerField(default=0)
    customer_lines = IntegerField(default=0)                        # an AI answer commits only at the count it read
    last_role = EnumField(MessageRole, blank=True, default="", max_length=12)
    last_text = CharField(default="", max_length=160)
    first_message_at = DateTimeField(null=True)
    last_message_at = DateTimeField(default=clock.now)

    class Meta:
        # Row-value paging walks these indexes: no sort, the same time at 1,000 and 100,000 rows. Every line moves its
        # conversation in each of them, so there is no index that none of our questions needs.
        indexes = ((("tenant", "is_open", "has_unread", "last_message_at", "id"), False),
                   (("tenant", "has_unread", "last_message_at", "id"), False),
                   (("tenant", "floor", "is_open", "has_unread", "last_message_at", "id"), False),
                   (("floor_user", "is_open", "has_unread", "last_message_at", "id"), False),
                   (("customer", "channel", "is_open"), False))

    # What a view of one conversation shows beside it.
    newest: Sequence[Model]
    suggestion: Model | None

    @property
    def status(self) -> str:
        """The documented status words, all views of the floor."""
        if not self.is_open:
            return "resolved"
        if self.floor == "nobody":
            return self.floor_code if self.floor_code in _OWN_STATUS else "waiting_operator"
        return "waiting_customer" if self.floor == "operator" and self.last_role == "operator" else "active"

    @property
    def handoff(self) -> str:
        """none | requested | active | released."""
        if self.floor == "operator":
            return "active"
        if self.floor == "nobody":
            return "none" if self.floor_code == "paused" else "requested"
        return "released" if self.floor_code == "released" else "none"

    @property
    def paused_at(self) -> datetime | None:
        return self.floor_at if self.floor_code == FloorReason.PAUSED and self.floor == Floor.NOBODY else None

    @property
    def updated_at(self) -> datetime:
        """The last line or the last move of the floor."""
        return max(self.last_message_at, self.floor_at)

    @property
    def agent_ref(self) -> ids.RowId | None:
        return self.agent.ref if self.agent else None

    @classmethod
    def with_people(cls, tenant: Tenant | int) -> "ModelSelect[Self]":
        """The tenant's conversations with customer, channel, agent and the operator who has the floor loaded."""
        return (cls.select(cls, Customer, Channel, User, Agent).join(Customer).switch(cls).join(Channel).switch(cls)
                .join(Agent, JOIN.LEFT_OUTER).switch(cls)
                .join(User, JOIN.LEFT_OUTER, on=cls.floor_user).where(cls.tenant == tenant))

    @classmethod
    def written_by(cls, tenant: Tenant | int | Node, kind: str | Node, value: str | Node,
                   channel: Channel | int | Node) -> ColumnBase:
        """SQL: of the customer whom the channel knows by (kind, value).

        A subquery: with a join, a Postgres without statistics reads all conversations of the channel.
        """
        who = CustomerIdentity
        customer = who.select(who.customer).where(who.tenant == tenant, who.kind == kind, who.value == value)
        return (cls.customer == customer) & (cls.channel == channel)

    @classmethod
    def current(cls, customer: Customer, channel: Channel) -> Self | None:
        """The conversation a new line of that customer on that channel belongs to: the latest one."""
        return (cls.select().where(cls.customer == customer, cls.channel == channel)
                .order_by(cls.id.desc()).first())

    @classmethod
    def status_is(cls, status: str) -> ColumnBase:
        """The SQL of one documented status word (`closed` is `resolved`)."""
        nobody = (cls.is_open == 1) & (cls.floor == "nobody")
        answered = (cls.floor == "operator") & (cls.last_role == "operator")
        return {"resolved": cls.is_open == 0, "closed": cls.is_open == 0,
                "paused": nobody & (cls.floor_code == "paused"),
                "escalated": nobody & (cls.floor_code == "escalated"),
                "waiting_operator": nobody & cls.floor_code.not_in(_OWN_STATUS),
                "waiting_customer": (cls.is_open == 1) & answered,
                "active": (cls.is_open == 1) & (cls.floor != "nobody") & ~answered}[status]

    @classmethod
    def is_answered_by(cls, agent: str) -> ColumnBase:
        """SQL: the agent with that uuid answers there; nobody where it is none."""
        return cls.agent.in_(Agent.select(Agent.id).where(Agent.uuid == ids.parse(agent)))

    @classmethod
    def by_urgency(cls) -> tuple[Field, ...]:
        """The columns of the inbox's order, all descending: unread first, then the latest."""
        return (cls.has_unread, cls.last_message_at, cls.id)

    @property
    def operator_name(self) -> str | None:
        """Who has the floor, by name."""
        return self.floor_user.name if self.floor_user else None

    @classmethod
    def moved_elsewhere(cls) -> ColumnBase:
        """SQL: the release before this one moved the floor, and what it wrote as the reason was not looked at yet."""
        return (cls.floor_reason != cls.floor_code) & ((cls.floor_reason != cls.floor_note) | (cls.floor_note == ""))

    @classmethod
    def bump(cls, conversation_id: int, **changes: object) -> tuple[int, int]:
        """One visible change, inside the caller's transaction: the new (change, floor_version).

        The UPDATE also locks the row, so all writers of one conversation go one after the other.
        """
        query = cls.update(change=cls.change + 1, **changes).where(cls.id == conversation_id)
        rows = list(query.returning(cls.change, cls.floor_version).tuples().execute())
        return rows[0] if rows else (0, -1)


Conversation.add_index(Conversation.id, name="conversation_moved_elsewhere", where=Conversation.moved_elsewhere())
