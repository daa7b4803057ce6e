"""What the bus carries is facts under the names that the services have for them, in no contract's spelling."""

from collections.abc import Iterator
from typing import Any

from hub.models.agents.agent import Agent
from hub.services.conversations import conversations, floor, outbox
from tests import factories
from tests.factories import People
from tests.services import steps


def names(value: Any) -> Iterator[str]:
    """The names of fields, at every depth; not inside of what is stored as it came."""
    for name, inner in value.items() if isinstance(value, dict) else ():
        yield name
        yield from names(inner)


def test_a_conversations_events_are_spelled_as_columns_are(people: People, knowledge: Any, agent: Agent) -> None:
    with steps.listening() as heard:
        conversation, lines = steps.open_talk(people.tenant, "How much is delivery to Kazan?")
        steps.take(lines[0])
        conversation = floor.take_over(factories.caller(people.bob), conversation)
        outbox.reply(factories.caller(people.bob), conversation, "Good day", "client-1")
        conversations.typing(conversation, "operator", "Bob", True)
    assert {"message.new", "handoff.taken", "list.changed", "typing"} <= set(heard.kinds())
    spelled = {name for event in heard for name in names(event)}
    assert {"client_id", "created_at", "conversation_uuid", "customer_unread"} <= spelled
    assert {name for name in spelled if name != name.lower()} == set()
