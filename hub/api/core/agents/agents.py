"""/api/agents: the AI agents and their settings."""

from typing import Annotated, Literal

from peewee import ModelSelect
from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import PLATFORM, core
from hub.api.kit.crud import crud
from hub.api.kit.schema import Id, Moment, Out
from hub.api.kit.table import patch, post
from hub.lib.json_types import JsonObject
from hub.models.accounts.tenant import Tenant
from hub.models.agents.agent import Agent
from hub.services.agents import agents
from hub.web.schema import CleanText, In, OneLine, Search

Name = Annotated[OneLine, Field(min_length=1, max_length=255)]
Instructions = Annotated[CleanText, Field(min_length=10, max_length=40_000)]
Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class WorkingDay(In):
    """When the agent answers on a day of the week, in the tenant's time zone."""

    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    start: Hour
    end: Hour
    enabled: bool = True


class AgentPatch(In):
    """What of an agent can be changed; what is not sent stays as it is."""

    name: Name = ""
    is_active: bool = False
    model: Annotated[OneLine, Field(max_length=100)] = ""
    system_instructions: Instructions = ""
    check_before_send: bool = False
    auto_detect_language: bool = True
    response_language: Literal["ru", "en"] | None = None
    creativity_level: Literal["precise", "balanced", "creative"] = "balanced"
    response_delay_seconds: Annotated[int, Field(ge=0, le=300)] = 45
    schedule_enabled: bool = False
    working_schedule: Annotated[list[WorkingDay], Field(max_length=14)] = []
    no_answer_message: Annotated[CleanText, Field(max_length=2000)] | None = None


class AgentIn(AgentPatch):
    """A new agent."""

    name: Name
    system_instructions: Instructions


class AgentOut(Out):
    """An AI agent; `average_response_time` in seconds."""

    id: Id
    number: int
    name: str
    is_active: bool
    model: str
    system_instructions: str
    check_before_send: bool
    auto_detect_language: bool
    response_language: str | None
    creativity_level: str
    response_delay_seconds: int
    schedule_enabled: bool
    working_schedule: list[JsonObject]
    no_answer_message: str | None
    total_messages: int
    total_conversations: int
    average_response_time: int | None
    created_at: Moment
    updated_at: Moment


class AgentsQuery(In):
    """Which agents: by a part of the name, by being switched on."""

    search: Search = ""
    is_active: bool | None = None

    def select(self, tenant: Tenant | int) -> "ModelSelect[Agent]":
        rows = Agent.of(tenant).where(Agent.search_text.holds(self.search))
        return rows if self.is_active is None else rows.where(Agent.is_active == self.is_active)


def duplicate(caller: UserCaller, agent: Agent) -> AgentOut:
    """Make a copy with the same settings, switched off."""
    return AgentOut.of(agents.duplicate(caller, agent))


def toggle(caller: UserCaller, agent: Agent) -> AgentOut:
    """Switch an agent on or off."""
    return AgentOut.of(agents.change(caller, agent, is_active=not agent.is_active))


core.table(
    "agents",
    *crud("/api/agents", Agent, AgentOut, AgentIn, AgentPatch, AgentsQuery, ascending=True,
          service=agents, read=Permission.VIEW_CONVERSATIONS, create=Permission.MANAGE_AUTOSEND,
          update=Permission.MANAGE_KNOWLEDGE_BASE, delete=Permission.MANAGE_AUTOSEND, delete_status=200),
    post("/api/agents/<agent>/duplicate", duplicate, permission=Permission.MANAGE_AUTOSEND, status=201),
    patch("/api/agents/<agent>/toggle", toggle, permission=Permission.MANAGE_KNOWLEDGE_BASE),
    dialect=PLATFORM.named("agent"),
)
