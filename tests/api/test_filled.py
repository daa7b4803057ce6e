"""Every documented field with something in it: what empty rows do not show of an answer."""

from typing import Any
from uuid import uuid4

import pytest

from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.conversations.turn import Turn
from hub.services.customers import customers
from tests import factories
from tests.client import Client
from tests.factories import People
from tests.services.steps import by
from tests.there import there

MONDAY = {"day": "monday", "start": "09:00", "end": "18:00", "enabled": True}


@pytest.fixture
def conversation(people: People) -> Conversation:
    """Asked by somebody known, answered by the AI from an article."""
    agent, site = factories.make_agent(people.tenant), factories.make_site(people.tenant)
    found = factories.make_conversation(site, "Where is my cake?")
    customers.change(by(people.tenant), found.customer, name="Vera", email="vera@example.com", phone="+79001234567",
                     tags=["regular"])
    doc = factories.make_doc(people.tenant, "Opening hours", "We are open from nine to six.")
    turn = Turn.create(tenant=people.tenant, conversation=found, question=found.messages.first(), agent=agent,
                       floor_version=0, state="replied", model="gpt-4.1-mini", tokens_in=400, tokens_out=56,
                       total_ms=1250, sources=[{"doc": str(doc.uuid), "used": True}])
    Message.create(tenant=people.tenant, conversation=found, channel=site, change=2, role="assistant", status="sent",
                   text="In the oven.", turn_uuid=str(turn.uuid))
    return found


def test_a_conversation_shows_who_answers_and_when_it_changed(alice: Client, conversation: Conversation) -> None:
    (shown,) = alice.get("/api/conversations")
    assert shown["agentId"] == str(there(conversation.agent).uuid) and shown["customer"]["tags"] == ["regular"]
    assert alice.get("/api/customers?search=vera")[0]["tags"] == ["regular"]
    assert shown["crmDealId"] is None and shown["pausedAt"] is None and shown["updatedAt"] >= shown["createdAt"]


def test_an_ai_line_shows_its_model_its_cost_in_tokens_and_its_articles(
        alice: Client, conversation: Conversation) -> None:
    customer, answer = alice.get(f"/api/conversations/{conversation.uuid}")["messages"]
    assert (answer["model"], answer["tokensUsed"], answer["responseTimeMs"]) == ("gpt-4.1-mini", 456, 1250)
    assert len(answer["kbArticlesUsed"]) == 1 and answer["isSent"] is True and answer["approvedBy"] is None
    assert customer["model"] is None and customer["kbArticlesUsed"] is None
    assert alice.get(f"/api/conversations/{conversation.uuid}/messages")[1] == answer


@pytest.mark.parametrize("body", [{"paused_by": "human", "reason": "Need a person"}, {"paused_by": "agent"}])
def test_a_pause_is_shown_wrapped_and_ends(bob: Client, conversation: Conversation, body: dict[str, Any]) -> None:
    path = f"/api/conversations/{conversation.uuid}"
    paused = bob.patch(f"{path}/pause", body)["conversation"]
    assert (paused["status"], paused["paused_by"]) == ("paused", body["paused_by"]) and paused["paused_at"]
    resumed = bob.patch(f"{path}/resume")["conversation"]
    assert (resumed["status"], resumed["paused_at"]) == ("active", None)


@pytest.mark.parametrize(("method", "path"), [("PATCH", "pause"), ("PATCH", "resume"), ("POST", "messages")])
def test_what_does_not_exist_is_not_found(bob: Client, method: str, path: str) -> None:
    bob.call(method, f"/api/conversations/{uuid4()}/{path}", json={"content": "Hello"}, expect=404)


def test_a_line_carries_text_only_and_says_so(bob: Client, conversation: Conversation) -> None:
    path = f"/api/conversations/{conversation.uuid}/messages"
    line = bob.post(path, {"content": "Hello!", "content_type": "text", "attachments": []}, expect=201)
    assert (line["contentType"], line["attachments"], line["isSent"]) == ("text", [], True)
    bob.post(path, {"content": "Hello!", "content_type": "video"}, expect=422)
    bob.post(path, {"content": "Hello!", "attachments": ["https://shop.example/a.png"]}, expect=422)


def test_the_profile_is_shown_as_it_was_written(alice: Client, carol: Client, people: People) -> None:
    profile = {"name": "Bakery", "language": "en", "tone": "formal", "addressStyle": "ty", "currency": "EUR",
               "timezone": "Europe/Berlin", "workingHoursStart": "08:00", "workingHoursEnd": "20:00",
               "autoReplyOutsideHours": False, "escalationEmail": "boss@example.com", "allowDiscounts": True,
               "maxDiscountPercent": 10, "deliveryOptions": "By bicycle.", "returnPolicy": "Within a day."}
    alice.patch("/api/tenant", profile)
    assert profile.items() <= alice.get("/api/tenant").items()
    Client(alice.app, factories.make_user(people.tenant, "guest")).get("/api/tenant", expect=403)
    carol.patch("/api/tenant", {"name": "Mine"}, expect=403)


def test_an_article_shows_its_tags(bob: Client) -> None:
    doc = bob.post("/api/knowledge-docs", {"title": "Hours", "content": "From nine.", "tags": ["hours"],
                                           "category": "faq"}, expect=201)
    assert bob.get("/api/knowledge-docs")[0]["tags"] == ["hours"]
    assert bob.patch(f"/api/knowledge-docs/{doc['id']}", {"tags": ["time", "hours"]})["tags"] == ["time", "hours"]


def test_an_agent_shows_its_working_days(alice: Client, people: People) -> None:
    new = {"name": "Aino", "system_instructions": "Answer politely and briefly.", "working_schedule": [MONDAY]}
    agent = alice.post("/api/agents", new, expect=201)["agent"]
    path = f"/api/agents/{agent['id']}"
    changed = alice.patch(path, {"creativity_level": "precise"})["agent"]
    shown = [agent, changed, alice.get(path)["agent"], alice.patch(f"{path}/toggle")["agent"],
             alice.post(f"{path}/duplicate", expect=201)["agent"]]
    assert [one["working_schedule"] for one in shown] == [[MONDAY]] * 5 and changed["creativity_level"] == "precise"
