"""AI agents: which one answers, and the changes people make to them."""


from hub.access.callers import Caller
from hub.lib import text
from hub.lib.cache import Cache
from hub.lib.json_types import JsonObject
from hub.models.agents.agent import Agent
from hub.services import changes

# One look per tenant and five seconds: the agent is needed at every line, and changes seldom.
_serving: Cache[int, Agent | None] = Cache(5.0)


def serving(tenant_id: int) -> Agent | None:
    """The agent that answers for this tenant now; None when none is switched on."""
    return _serving.of(tenant_id, lambda: Agent.serving(tenant_id))


def delay(tenant_id: int) -> float:
    """Seconds the serving agent waits before it answers."""
    agent = serving(tenant_id)
    return float(agent.response_delay_seconds) if agent else 0.0


# What the first agent of a business is called and told, until its people say otherwise.
_FIRST = {
    "ru": ("Помощник", "Отвечай клиенту вежливо и коротко, только по найденным статьям."),
    "en": ("Assistant", "Answer the customer politely and briefly, from the articles that were found alone.")}


def first(language: str, name: str = "") -> JsonObject:
    """The values of an agent that answers at once from what there is; `language` ru | en (anything else: en)."""
    usual, instructions = _FIRST.get(language, _FIRST["en"])
    return {"name": name or usual, "is_active": True, "response_delay_seconds": 0, "system_instructions": instructions}


def create(caller: Caller, **values: object) -> Agent:
    return changes.create(caller, Agent, values)


def change(caller: Caller, agent: Agent, **values: object) -> Agent:
    """Write what is given; every later answer uses it."""
    changes.apply(caller, agent, values)
    _serving.remove(agent.tenant_id)
    return agent


def duplicate(caller: Caller, agent: Agent) -> Agent:
    """A copy with the same settings, switched off, so that two do not answer at once."""
    skip = {"id", "uuid", "number", "search_text", "created_at", "updated_at", "total_messages", "total_conversations",
            "average_response_time"}
    values = {name: value for name, value in agent.__data__.items() if name not in skip}
    return changes.create(caller, Agent, {**values, "name": f"{text.shorten(agent.name, 248)} (copy)",
                                          "is_active": False})


def remove(caller: Caller, agent: Agent) -> None:
    changes.remove(caller, agent)
    _serving.remove(agent.tenant_id)
