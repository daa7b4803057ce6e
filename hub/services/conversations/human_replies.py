"""What a person's reply does to the AI: it stays silent until it is asked again, or for a time."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from peewee import ColumnBase, fn
from pydantic import BeforeValidator, Field

from hub.access.callers import Service
from hub.errors import Conflict
from hub.lib import clock
from hub.lib.fields import Control, N_
from hub.models.accounts.tenant import Tenant, TenantStatus
from hub.models.conversations.conversation import Conversation, Floor, FloorReason
from hub.models.conversations.message import Message
from hub.models.conversations.message_enums import MessageRole
from hub.services import tenant_settings
from hub.services.conversations import floor
from hub.services.tenant_settings import Group

_AT_ONCE = 200
# The documented values are Russian; English ones and other forms are understood.
_UNITS = {"дней": "days", "часов": "hours", "минут": "minutes"}
_SPELLED = {**{english: unit for unit, english in _UNITS.items()}, "дни": "дней", "часы": "часов", "минуты": "минут"}


def _unit(value: object) -> object:
    return _SPELLED.get(value.strip().lower(), value.strip().lower()) if isinstance(value, str) else value


class HumanReplies(Group):
    """A person who answers has the conversation; whether that ends by itself, and when a paused one goes on."""

    NAME: ClassVar = "human_replies"

    stop_on_human_reply: Annotated[bool, Field(title=N_("A person's reply is a pause for the AI"), description=N_(
        "After the time below the AI answers there again. Otherwise it waits until the conversation is given back."
    ))] = False
    auto_resume_after: Annotated[int, Field(ge=1, le=10_000, title=N_("The AI goes on after"), description=N_(
        "Counted from the pause or from the person's last line."))] = 30
    auto_resume_unit: Annotated[
        Literal["дней", "часов", "минут"], BeforeValidator(_unit), Field(title=N_("Unit")),
        Control(options={"минут": N_("minutes"), "часов": N_("hours"), "дней": N_("days")})] = "дней"

    @property
    def pause(self) -> timedelta:
        """How long the AI stays silent."""
        return timedelta(**{_UNITS[self.auto_resume_unit]: self.auto_resume_after})


def resume(_: int = 0) -> None:
    """Give the AI what it was paused in for long enough. A person who moves the floor meanwhile keeps it."""
    for conversation in _due():
        with suppress(Conflict):        # no agent is on, or somebody was faster
            floor.resume(Service("resume", conversation.tenant_id), conversation)


def _due() -> Iterable[Conversation]:
    """Of every business at work, by the index of its own conversations."""
    for (tenant_id,) in list(Tenant.select(Tenant.id).where(Tenant.status == TenantStatus.ACTIVE).tuples()):
        rules = tenant_settings.of(tenant_id, HumanReplies)
        yield from list(Conversation.with_people(tenant_id).where(_is_over(rules)).limit(_AT_ONCE))


def _is_over(rules: HumanReplies) -> ColumnBase:
    """SQL: open conversations whose pause is over."""
    since = clock.now() - rules.pause
    paused = (Conversation.floor == Floor.NOBODY) & (Conversation.floor_code == FloorReason.PAUSED)
    lately = fn.EXISTS(Message.select(Message.id).where(
        Message.conversation == Conversation.id, Message.role == MessageRole.OPERATOR, Message.created_at > since))
    which = paused | ((Conversation.floor == Floor.OPERATOR) & ~lately) if rules.stop_on_human_reply else paused
    return (Conversation.is_open == 1) & (Conversation.floor_at <= since) & which
