"""The AI agents and their settings."""

from typing import Any

import pytest

from hub.models.agents.agent import Agent
from hub.models.conversations.conversation import Conversation
from tests import factories
from tests.client import Client
from tests.factories import People

AGENTS = "/api/agents"
SHOWN = {"id", "number", "name", "is_active", "model", "system_instructions", "check_before_send",
         "auto_detect_language", "response_language", "creativity_level", "response_delay_seconds", "schedule_enabled",
         "working_schedule", "no_answer_message", "total_messages", "total_conversations", "average_response_time",
         "created_at", "updated_at"}
NEW = {"name": "Aino", "system_instructions": "Answer politely and briefly."}
MONDAY = {"day": "monday", "start": "09:00", "end": "18:00", "enabled": True}


def test_an_agent_is_made_switched_off(alice: Client) -> None:
    result = alice.post(AGENTS, {**NEW, "workingSchedule": [MONDAY], "creativity_level": "precise"},
                        expect=201)["agent"]
    assert set(result) == SHOWN
    assert (result["name"], result["is_active"], result["working_schedule"], result["creativity_level"]) == (
        "Aino", False, [MONDAY], "precise")
    assert alice.get(f"{AGENTS}/{result['id']}") == {"agent": result}


def test_agents_come_in_numbered_pages(carol: Client, people: People) -> None:
    result = [factories.make_agent(people.tenant, name=f"Agent {number}").uuid for number in range(5)]
    factories.make_agent(people.other, name="Agent of others")
    pages = [carol.get(f"{AGENTS}?page={page}&limit=2") for page in (1, 2, 3, 4)]
    assert [row["id"] for page in pages for row in page["agents"]] == [str(uuid) for uuid in result]
    assert pages[1]["pagination"] == {"page": 2, "limit": 2, "total": 5, "pages": 3}
    assert carol.get(AGENTS)["pagination"] == {"page": 1, "limit": 10, "total": 5, "pages": 1}


def test_it_filters_by_name_and_state(carol: Client, people: People) -> None:
    factories.make_agent(people.tenant, name="Day shift")
    factories.make_agent(people.tenant, name="Night shift", is_active=False)

    def names(query: str) -> list[str]:
        return [row["name"] for row in carol.get(f"{AGENTS}?{query}")["agents"]]
    assert names("search=Night") == names("is_active=false") == names("isActive=0") == ["Night shift"]
    assert names("search=shift&is_active=true") == ["Day shift"]
    assert names("search=%25") == []


@pytest.mark.parametrize("query", ["page=0", "limit=0", "limit=101", "page=10001", "is_active=perhaps", "page=x",
                                   "search=" + "x" * 256])
def test_a_wrong_page_is_refused(carol: Client, query: str) -> None:
    carol.get(f"{AGENTS}?{query}", expect=422)


def test_it_changes_what_is_given_in_either_spelling(bob: Client, people: People) -> None:
    agent = factories.make_agent(people.tenant)
    before = bob.get(f"{AGENTS}/{agent.uuid}")["agent"]
    after = bob.patch(f"{AGENTS}/{agent.uuid}", {"responseDelaySeconds": 5, "response_language": "en"})["agent"]
    assert {name for name in SHOWN - {"updated_at"} if before[name] != after[name]} == {
        "response_delay_seconds", "response_language"}
    assert Agent.get_by_id(agent.id).updated_at > agent.updated_at


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


@pytest.mark.parametrize(("field", "value"), [
    ("name", ""), ("name", "\u202e"), ("name", "x" * 256), ("system_instructions", "too short"),
    ("system_instructions", "x" * 40_001), ("creativity_level", "wild"), ("response_delay_seconds", -1),
    ("response_delay_seconds", 301), ("response_delay_seconds", 10**40), ("response_language", "fr"),
    ("working_schedule", [{**MONDAY, "day": "Monday"}]), ("working_schedule", [{**MONDAY, "start": "9"}]),
    ("working_schedule", [MONDAY] * 15), ("working_schedule", "always"), ("model", "x" * 101), ("is_active", None),
    ("no_answer_message", "x" * 2001)])
def test_a_wrong_setting_is_refused_by_name(alice: Client, people: People, field: str, value: Any) -> None:
    agent = factories.make_agent(people.tenant)
    for method, path in (("POST", AGENTS), ("PATCH", f"{AGENTS}/{agent.uuid}")):
        error = alice.refused(method, path, {**NEW, field: value}, status=422, code="VALIDATION_ERROR")
        assert error["details"]["field"].partition(".")[0] == field
    assert Agent.select().count() == 1
    assert Agent.get().name == "Aino"


def test_what_the_hub_counts_is_not_the_callers_business(alice: Client, people: People) -> None:
    sent = {**NEW, "tenant": people.other.id, "tenantId": str(people.other.uuid), "id": 77, "uuid": "x",
            "total_messages": 5, "totalConversations": 5, "average_response_time": 1,
            "created_at": "2020-01-01T00:00:00Z"}
    result = alice.post(AGENTS, sent, expect=201)["agent"]
    alice.patch(f"{AGENTS}/{result['id']}", sent)
    row = Agent.get()
    assert (row.tenant_id, row.total_messages, row.total_conversations, row.average_response_time) == (
        people.tenant.id, 0, 0, None)
    assert row.created_at.year > 2020 and str(row.uuid) == result["id"]


def test_text_that_would_break_a_page_is_taken_out(alice: Client) -> None:
    sent = {"name": "A\x00i\u202eno\n\x07 ", "system_instructions": "Answer\x00 politely,\r\nplease."}
    result = alice.post(AGENTS, sent, expect=201)["agent"]
    assert (result["name"], result["system_instructions"]) == ("Aino", "Answer politely,\nplease.")
