"""How many conversations began with each agent, counted from the events."""

from collections import Counter

from hub.models.agents.agent import Agent
from hub.services import event_readers


def count() -> int:
    """Count what began since the last time; how many events there were. The sweeper calls it."""
    with event_readers.after("agent_statistics", ("conversation.created",)) as found:
        begun = Counter((event.tenant_id, event.new["agent"]) for event in found
                        if event.new and event.new.get("agent"))
        for (tenant_id, agent), number in begun.items():
            (Agent.update(total_conversations=Agent.total_conversations + number)
             .where(Agent.tenant == tenant_id, Agent.uuid == agent).execute())
    return len(found)
