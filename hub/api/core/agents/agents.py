"""/api/agents: the AI agents and their settings."""

from typing import Annotated, Literal

from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import PLATFORM, core
from hub.api.kit.crud import crud
from hub.api.kit.filters import Filters, equals, holds
from hub.api.kit.schema import Out
from hub.api.kit.table import patch, post
from hub.lib.json_types import JsonObject
from hub.models.agents.agent import Agent
from hub.services.agents import agents
from hub.web.schema import CleanText, In, OneLine, Search

Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class WorkingDay(In):
    """When the agent answers on a day of the week, in the tenant's time zone."""

    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    start: Hour
    end: Hour
    enabled: bool = True


class AgentIn(In):
    """A new agent."""

    name: Annotated[OneLine, Field(min_length=1, max_length=255)]
    is_active: bool = False
    model: Annotated[OneLine, Field(max_length=100)] = ""
    system_instructions: Annotated[CleanText, Field(min_length=10, max_length=40_000)]
    check_before_send: bool = False
    auto_detect_language: bool = True
    response_language: Literal["ru", "en"] | None = None
    creativity_level: Literal["precise", "balanced", "creative"] = "balanced"
    response_delay_seconds: Annotated[int, Field(ge=0, le=300)] = 45
    schedule_enabled: bool = False
    working_schedule: Annotated[list[WorkingDay], Field(max_length=14)] = []
    no_answer_message: Annotated[CleanText, Field(max_length=2000)] | None = None


class AgentOut(Out, columns=(
        Agent.id, Agent.number, Agent.name, Agent.is_active, Agent.model, Agent.system_instructions,
        Agent.check_before_send, Agent.auto_detect_language, Agent.response_language, Agent.creativity_level,
        Agent.response_delay_seconds, Agent.schedule_enabled, Agent.no_answer_message, Agent.total_messages,
        Agent.total_conversations, Agent.average_response_time, Agent.created_at, Agent.updated_at)):
    """An AI agent; `average_response_time` in seconds."""

    working_schedule: list[JsonObject]


class AgentsQuery(Filters):
    """Which agents: by a part of the name, by being switched on."""

    search: Annotated[Search, holds(Agent.search_text)] = ""
    is_active: Annotated[bool | None, equals(Agent.is_active)] = None


def duplicate(caller: UserCaller, agent: Agent) -> AgentOut:
    """Make a copy with the same settings, switched off."""
    return AgentOut.of(agents.duplicate(caller, agent))


def toggle(caller: UserCaller, agent: Agent) -> AgentOut:
    """Switch an agent on or off."""
    return AgentOut.of(agents.change(caller, agent, is_active=not agent.is_active))


core.table(
    "agents",
    *crud("/api/agents", Agent, AgentOut, AgentIn, AgentsQuery, read=Permission.VIEW_CONVERSATIONS,
          write=Permission.MANAGE_AUTOSEND, update=Permission.MANAGE_KNOWLEDGE_BASE, service=agents,
          delete_status=200, ascending=True),
    post("/api/agents/<agent>/duplicate", duplicate, permission=Permission.MANAGE_AUTOSEND, status=201),
    patch("/api/agents/<agent>/toggle", toggle, permission=Permission.MANAGE_KNOWLEDGE_BASE),
    dialect=PLATFORM.named("agent"),
)
