"""A caller's word becomes the caller's own row, or none."""

from typing import Any

import pytest

from hub.access.rows import get_or_404
from hub.errors import Forbidden, NotFound
from hub.models import ALL
from hub.models.agents.agent import Agent
from hub.models.base import TenantModel
from hub.models.conversations.conversation import Conversation
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from tests import factories
from tests.factories import People


def test_the_own_row_is_found_by_its_uuid(people: People) -> None:
    agent = factories.make_agent(people.tenant)
    assert get_or_404(Agent, people.tenant, str(agent.uuid)) == agent
    assert get_or_404(Agent, people.tenant, agent.uuid.hex) == agent


def test_the_own_row_is_found_by_its_number_and_by_a_prefixed_id(
        people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Agent, "PREFIX", "bot")
    agent = factories.make_agent(people.tenant)
    for spelled in (str(agent.ref.number), agent.ref.spelled("prefixed")):
        assert get_or_404(Agent, people.tenant, str(spelled)) == agent
    stranger = [factories.make_agent(people.other) for _ in range(2)][1]
    for spelled in (str(stranger.ref.number), stranger.ref.spelled("prefixed")):
        with pytest.raises(NotFound):
            get_or_404(Agent, people.tenant, str(spelled))


@pytest.mark.parametrize("key", ["", "2", "01", "-1", "\u0661", "9" * 10, "nonsense", "\x00",
                                 "00000000-0000-0000-0000-000000000000", "' OR 1=1"])
def test_nonsense_is_not_found(people: People, key: str) -> None:
    factories.make_agent(people.tenant)
    with pytest.raises(NotFound):
        get_or_404(Agent, people.tenant, key)


def test_a_strangers_row_does_not_exist_except_where_the_documents_say_forbidden(people: People) -> None:
    agent = factories.make_agent(people.other)
    conversation = factories.make_conversation(factories.make_site(people.other), "Hello")
    with pytest.raises(NotFound):
        get_or_404(Agent, people.tenant, str(agent.uuid))
    with pytest.raises(Forbidden):
        get_or_404(Conversation, people.tenant, str(conversation.uuid))
    assert [model.__name__ for model in ALL if getattr(model, "STRANGERS_403", False)] == ["Conversation"]


def test_the_sentence_names_the_thing(people: People) -> None:
    with pytest.raises(NotFound) as caught:
        get_or_404(KnowledgeDoc, people.tenant, "x")
    assert caught.value.message == "There is no such knowledge doc."


@pytest.mark.parametrize("model", [model for model in ALL if issubclass(model, TenantModel)],
                         ids=lambda model: model.__name__)
def test_every_query_of_an_owned_row_begins_at_its_business(model: Any, people: People) -> None:
    sql, values = model.of(people.tenant).sql()
    assert '"tenant_id"' in sql.partition("WHERE")[2]
    assert people.tenant.id in values
