"""The AI agents and their settings."""

from typing import Any


from hub.models.conversations.conversation import Conversation
from tests import factories
from tests.api.noun import Noun, Wrong
from tests.api.walks import walks
from tests.client import Client
from tests.factories import People

AGENTS = "/api/agents"
NEW = {"name": "Aino", "system_instructions": "Answer politely and briefly."}
MONDAY = {"day": "monday", "start": "09:00", "end": "18:00", "enabled": True}
WRONG: dict[str, list[Any]] = {
    "name": ["", "\u202e", "x" * 256, None], "system_instructions": ["too short", "x" * 40_001],
    "creativity_level": ["wild"], "response_delay_seconds": [-1, 301, 10**40], "response_language": ["fr"],
    "working_schedule": [[{**MONDAY, "day": "Monday"}], [{**MONDAY, "start": "9"}], [{**MONDAY, "end": "24:00"}],
                         [MONDAY] * 15, "always"],
    "model": ["x" * 101], "is_active": [None], "no_answer_message": ["x" * 2001]}
NOUN = Noun(AGENTS, make=factories.make_agent, new=NEW, change={"response_delay_seconds": 5, "response_language": "en"},
            wrong=WRONG, filters={"search": "aIN", "is_active": "false"}, reads="viewer", creates="admin",
            updates="operator", deletes="admin", ascending=True)
globals().update(walks(NOUN))
LISTED = Wrong(f"GET {AGENTS}", {"page": [0, 10_001, "x"], "limit": [0, 101], "is_active": ["perhaps"],
                                 "search": ["x" * 256]})


def test_an_agent_is_made_switched_off_with_all_its_settings(alice: Client) -> None:
    settings = {**NEW, "model": "gpt-4.1", "check_before_send": True, "auto_detect_language": False,
                "response_language": "ru", "creativity_level": "precise", "response_delay_seconds": 300,
                "schedule_enabled": True, "working_schedule": [MONDAY], "no_answer_message": "Until tomorrow!"}
    shown = alice.post(AGENTS, settings, expect=201)["agent"]
    assert {**settings, "is_active": False}.items() <= shown.items()


def test_it_filters_by_name_and_state(carol: Client, people: People) -> None:
    factories.make_agent(people.tenant, name="Day shift")
    factories.make_agent(people.tenant, name="Night shift", is_active=False)

    def names(query: str) -> list[str]:
        return [row["name"] for row in carol.get(f"{AGENTS}?{query}")["agents"]]
    assert names("search=Night") == names("is_active=false") == names("isActive=0") == ["Night shift"]
    assert names("search=shift&is_active=true") == ["Day shift"]


def test_a_switch_counts_for_the_next_line(alice: Client, people: People) -> None:
    agent, site = factories.make_agent(people.tenant), factories.make_site(people.tenant)
    assert factories.make_conversation(site, "One").floor == "ai"
    assert alice.patch(f"{AGENTS}/{agent.uuid}/toggle")["agent"]["is_active"] is False
    assert factories.make_conversation(site, "Two").floor == "nobody"
    assert alice.patch(f"{AGENTS}/{agent.uuid}/toggle")["agent"]["is_active"] is True
    assert factories.make_conversation(site, "Three").floor == "ai"


def test_a_copy_has_the_settings_and_is_switched_off(alice: Client, people: People) -> None:
    agent = factories.make_agent(people.tenant, total_messages=9, working_schedule=[MONDAY], response_delay_seconds=7)
    result = alice.post(f"{AGENTS}/{agent.uuid}/duplicate", expect=201)["agent"]
    assert (result["name"], result["is_active"], result["total_messages"]) == ("Aino (copy)", False, 0)
    assert (result["working_schedule"], result["response_delay_seconds"]) == ([MONDAY], 7)
    assert result["id"] != str(agent.uuid)


def test_a_copy_of_a_long_name_fits(alice: Client, people: People) -> None:
    agent = factories.make_agent(people.tenant, name="x" * 255)
    result = alice.post(f"{AGENTS}/{agent.uuid}/duplicate", expect=201)["agent"]
    assert len(result["name"]) <= 255 and result["name"].endswith("(copy)")


def test_conversations_outlive_their_agent(alice: Client, people: People) -> None:
    agent = factories.make_agent(people.tenant)
    conversation = factories.make_conversation(factories.make_site(people.tenant), "Hello")
    assert alice.delete(f"{AGENTS}/{agent.uuid}", expect=200) == {"success": True}
    alice.get(f"{AGENTS}/{agent.uuid}", expect=404)
    assert Conversation.get_by_id(conversation.id).agent_id is None
    alice.get(f"/api/conversations/{conversation.uuid}")
