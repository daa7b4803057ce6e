"""Conversations: the list, its filters, one conversation, and who has the floor in it."""

from datetime import timedelta
from typing import Any

import pytest

from hub.lib import clock
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.conversations.turn import Turn
from tests import factories
from tests.api.callers import code
from tests.api.noun import Wrong
from tests.client import Client
from tests.factories import People
from tests.there import there

STATUSES = ("active", "waiting_customer", "waiting_operator", "escalated", "resolved", "paused")

LISTED = Wrong("GET /api/conversations", {
    "status": ["open"], "dateFrom": ["yesterday", "10000-01-01T00:00:00Z"], "dateTo": ["1e400"],
    "channelType": ["x" * 33]})
CHANGED = Wrong("PATCH /api/conversations/<conversation>", {"status": ["open"], "mode": ["manual", 7]})
PAUSED = Wrong("PATCH /api/conversations/<conversation>/pause", {"paused_by": ["nobody", ""], "reason": ["x" * 256]})


@pytest.fixture
def conversation(site: Channel) -> Conversation:
    return factories.make_conversation(site, "Where is my cake?", name="Vera", email="vera@example.com")


def test_the_list_shows_what_an_inbox_needs(carol: Client, conversation: Conversation) -> None:
    row, = carol.get("/api/conversations")
    assert (row["id"], row["status"], row["floor"], row["unread"]) == (str(conversation.uuid), "active", "ai", 1)
    assert (row["lastText"], row["lastRole"], row["channelType"]) == ("Where is my cake?", "customer", "website")
    assert (row["customer"]["name"], row["customer"]["email"]) == ("Vera", "vera@example.com")


def test_unread_conversations_come_first_then_the_latest(bob: Client, site: Channel) -> None:
    first, second, third = (factories.make_conversation(site, f"Line {number}") for number in range(3))
    bob.post(f"/api/conversations/{third.uuid}/read")
    assert [row["id"] for row in bob.get("/api/conversations")] == [str(row.uuid) for row in (second, first, third)]


def test_a_conversation_shows_its_lines_and_the_suggestion_that_waits(carol: Client,
                                                                      conversation: Conversation) -> None:
    line = conversation.messages.get()
    turn = Turn.create(tenant=conversation.tenant_id, conversation=conversation, question=line, floor_version=0,
                       state="suggested",
                       text="In the oven.", reason="thin_evidence", confidence={"total": 0.4},
                       sources=[{"title": "Ovens"}])
    found = carol.get(f"/api/conversations/{conversation.uuid}")
    assert [line["content"] for line in found["messages"]] == ["Where is my cake?"]
    assert found["suggestion"] == {
        "id": str(turn.uuid), "text": "In the oven.", "reason": "thin_evidence", "blockReason": None, "intent": None,
        "confidence": {"total": 0.4}, "sources": [{"title": "Ovens"}], "createdAt": clock.iso(turn.created_at)}


def test_a_suggestion_that_was_answered_is_not_shown(bob: Client, conversation: Conversation) -> None:
    Turn.create(tenant=conversation.tenant_id, conversation=conversation, question=conversation.messages.get(),
                floor_version=0,
                state="suggested", text="In the oven.")
    bob.post(f"/api/conversations/{conversation.uuid}/messages", {"content": "On its way."}, expect=201)
    assert bob.get(f"/api/conversations/{conversation.uuid}")["suggestion"] is None


def test_the_newest_hundred_lines_are_shown_oldest_first(bob: Client, conversation: Conversation) -> None:
    Message.insert_many([{"tenant": conversation.tenant_id, "conversation": conversation.id,
                          "channel": conversation.channel_id,
                          "change": number, "role": "customer", "text": f"Line {number}"}
                         for number in range(2, 122)]).execute()
    shown = [line["content"] for line in bob.get(f"/api/conversations/{conversation.uuid}")["messages"]]
    assert shown == [f"Line {number}" for number in range(22, 122)]


@pytest.mark.parametrize("status", [*STATUSES, "closed"])
def test_setting_a_status_moves_the_floor_and_the_filter_finds_it(
        bob: Client, site: Channel, conversation: Conversation, status: str) -> None:
    factories.make_conversation(site, "Another")
    answer = bob.patch(f"/api/conversations/{conversation.uuid}", {"status": status})
    if status == "waiting_customer":        # the operator has the floor, and must have said something
        bob.post(f"/api/conversations/{conversation.uuid}/messages", {"content": "Which cake?"}, expect=201)
        answer = bob.get(f"/api/conversations/{conversation.uuid}")
    assert answer["status"] == {"closed": "resolved"}.get(status, status)
    for other in STATUSES:
        found = [row["id"] for row in bob.get(f"/api/conversations?status={other}")]
        assert (str(conversation.uuid) in found) is (other == answer["status"]), other


def test_pausing_silences_the_ai_and_resuming_gives_it_the_floor(bob: Client, conversation: Conversation) -> None:
    paused = bob.patch(f"/api/conversations/{conversation.uuid}/pause",
                       {"paused_by": "human", "reason": "I do this one"})["conversation"]
    assert (paused["status"], paused["floor"], paused["handoff"], paused["floor_version"]) == (
        "paused", "nobody", "none", 1)
    assert (paused["floor_reason"], paused["floor_note"], paused["paused_by"]) == ("paused", "I do this one", "human")
    assert Message.select().where(Message.answer_at.is_null(False)).count() == 0
    resumed = bob.patch(f"/api/conversations/{conversation.uuid}/resume")["conversation"]
    assert (resumed["status"], resumed["floor"], resumed["handoff"]) == ("active", "ai", "released")
    assert (resumed["floor_reason"], resumed["floor_note"], resumed["paused_by"]) == ("released", "", None)


@pytest.mark.parametrize("paused_by", ["human", "agent", "system"])
def test_a_pause_keeps_who_wanted_it(bob: Client, conversation: Conversation, paused_by: str) -> None:
    bob.patch(f"/api/conversations/{conversation.uuid}/pause", {"paused_by": paused_by, "reason": "escalated"})
    found = bob.get(f"/api/conversations/{conversation.uuid}")
    assert (found["status"], found["pausedBy"], found["floorNote"]) == ("paused", paused_by, "escalated")


def test_resuming_needs_an_agent_that_is_switched_on(bob: Client, people: People) -> None:
    conversation = factories.make_conversation(factories.make_site(people.tenant), "Hello")
    answer = bob.call("PATCH", f"/api/conversations/{conversation.uuid}/resume", expect=409)
    assert code(answer) == "no_agent"


def test_a_colleagues_conversation_cannot_be_taken(bob: Client, alice: Client, conversation: Conversation) -> None:
    alice.patch(f"/api/conversations/{conversation.uuid}", {"status": "waiting_customer"})
    answer = bob.call("PATCH", f"/api/conversations/{conversation.uuid}", json={"status": "waiting_customer"},
                      expect=409)
    assert code(answer) == "HANDOFF_CONFLICT"
    assert "Alice" in answer.get_json()["error"]["message"]
    assert bob.get(f"/api/conversations/{conversation.uuid}")["operatorName"] == "Alice"


def test_closing_twice_is_one_change(bob: Client, conversation: Conversation) -> None:
    first = bob.patch(f"/api/conversations/{conversation.uuid}", {"status": "resolved"})
    assert bob.patch(f"/api/conversations/{conversation.uuid}", {"status": "closed"}) == first
    assert first["unread"] == 0


def test_the_mode_is_kept(bob: Client, conversation: Conversation) -> None:
    for mode in ("learning", "semi-auto", "auto"):
        assert bob.patch(f"/api/conversations/{conversation.uuid}", {"mode": mode})["mode"] == mode


def test_reading_takes_the_badge_away_and_marks_the_lines(carol: Client, conversation: Conversation) -> None:
    assert carol.post(f"/api/conversations/{conversation.uuid}/read") == {"success": True}
    found = carol.get(f"/api/conversations/{conversation.uuid}")
    assert (found["unread"], found["messages"][0]["status"]) == (0, "read")
    change = found["change"]
    carol.post(f"/api/conversations/{conversation.uuid}/read")
    assert carol.get(f"/api/conversations/{conversation.uuid}")["change"] == change


def test_it_is_filtered_by_channel_agent_and_time(bob: Client, people: People, conversation: Conversation) -> None:
    other = factories.make_conversation(factories.make_custom(people.tenant, "http://127.0.0.1:9/"), "By wire")
    Conversation.update(last_message_at=clock.now() - timedelta(days=3)).where(Conversation.id == other.id).execute()
    agent = there(conversation.agent or Conversation.get_by_id(conversation.id).agent)
    stranger = factories.make_agent(people.other)
    yesterday = clock.iso(clock.now() - timedelta(days=1))

    def found(**query: Any) -> list[str]:
        return [row["lastText"] for row in bob.get("/api/conversations", query_string=query)]
    assert found(channelType="custom") == found(channel_type="custom") == ["By wire"]
    assert found(channelType="telegram") == []
    assert found(dateFrom=yesterday) == found(date_from=yesterday) == ["Where is my cake?"]
    assert found(dateTo=yesterday) == ["By wire"]
    assert found(agentId=str(agent.uuid)) == ["Where is my cake?", "By wire"]
    assert found(agentId=str(stranger.uuid)) == found(agentId="nonsense") == []
    assert found(channelType="custom", status="active", dateTo=yesterday) == ["By wire"]


def test_a_strangers_conversation_is_forbidden_by_the_documents(dave: Client, conversation: Conversation) -> None:
    assert code(dave.get(f"/api/conversations/{conversation.uuid}", expect=403)) == "tenant_mismatch"
