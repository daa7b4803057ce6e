"""/api/agents: the AI agents and their settings."""

from typing import Annotated, Any, Literal

from pydantic import Field

from hub.access.identity import Who
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.schema import CleanText, In, Moment, OneLine, Out, Search, Uuid
from hub.api.kit.table import delete, get, patch, post
from hub.models.agents.agent import Agent
from hub.services.agents import agents

Name = Annotated[OneLine, Field(min_length=1, max_length=255)]
Instructions = Annotated[CleanText, Field(min_length=10, max_length=40_000)]
Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class WorkingDay(In):
    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    start: Hour
    end: Hour


class AgentPatch(In):
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
    name: Name
    system_instructions: Instructions


class AgentOut(Out):
    id: Uuid = Field(validation_alias="uuid")
    number: int = Field(validation_alias="id")
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
    working_schedule: list[dict[str, Any]]
    no_answer_message: str | None
    total_messages: int
    total_conversations: int
    average_response_time: int | None
    created_at: Moment
    updated_at: Moment


class AgentsQuery(In):
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    search: Search = ""
    is_active: bool | None = None


def index(who: Who, query: AgentsQuery) -> dict[str, Any]:
    """Agents, oldest first, in numbered pages as this contract has them (a tenant has few)."""
    rows = Agent.of(who.tenant)
    if query.search:
        rows = rows.where(Agent.name.contains(query.search))
    if query.is_active is not None:
        rows = rows.where(Agent.is_active == query.is_active)
    total = rows.count()
    page = rows.order_by(Agent.id).paginate(query.page, query.limit)
    return {"agents": [AgentOut.model_validate(agent) for agent in page],
            "pagination": {"page": query.page, "limit": query.limit, "total": total,
                           "pages": -(-total // query.limit)}}


def show(who: Who, agent: Agent) -> dict[str, AgentOut]:
    return {"agent": AgentOut.model_validate(agent)}


def create(who: Who, body: AgentIn) -> dict[str, AgentOut]:
    return {"agent": AgentOut.model_validate(agents.create(who.tenant, **body.model_dump()))}


def update(who: Who, agent: Agent, body: AgentPatch) -> dict[str, AgentOut]:
    return {"agent": AgentOut.model_validate(agents.change(agent, **body.given()))}


def duplicate(who: Who, agent: Agent) -> dict[str, AgentOut]:
    return {"agent": AgentOut.model_validate(agents.duplicate(agent))}


def toggle(who: Who, agent: Agent) -> dict[str, AgentOut]:
    """Switch on or off."""
    return {"agent": AgentOut.model_validate(agents.change(agent, is_active=not agent.is_active))}


def remove(who: Who, agent: Agent) -> dict[str, bool]:
    agents.remove(agent)
    return {"success": True}


core.table(
    "agents",
    get("/api/agents", index, permission=Permission.VIEW_CONVERSATIONS),
    post("/api/agents", create, permission=Permission.MANAGE_AUTOSEND, status=201),
    get("/api/agents/<agent>", show, permission=Permission.VIEW_CONVERSATIONS),
    patch("/api/agents/<agent>", update, permission=Permission.MANAGE_KNOWLEDGE_BASE),
    delete("/api/agents/<agent>", remove, permission=Permission.MANAGE_AUTOSEND, status=200),
    post("/api/agents/<agent>/duplicate", duplicate, permission=Permission.MANAGE_AUTOSEND, status=201),
    patch("/api/agents/<agent>/toggle", toggle, permission=Permission.MANAGE_KNOWLEDGE_BASE),
    case="snake",
)
