"""How the widget protocol shows messages, conversations and events: shared by its routes and its open connections."""

from typing_extensions import TypedDict

from hub.bus import Event
from hub.lib.json_types import JsonObject
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.services import events
from hub.services.events import ConversationFacts, MessageFacts


class SourceData(TypedDict):
    """What an AI message rests on."""

    title: str
    url: str | None
    quote: str


class MessageData(TypedDict):
    """A Message of the widget protocol; moments as 2026-02-20T12:00:00.000Z."""

    id: str
    clientId: str | None
    change: int
    role: str
    name: str | None
    text: str
    contentType: str
    sources: list[SourceData]
    attachments: list[JsonObject]
    reactions: list[dict[str, str]]
    replyTo: str | None
    status: str
    turn: str | None
    event: str | None
    createdAt: str | None
    editedAt: str | None
    deletedAt: str | None


class OperatorData(TypedDict):
    """The person who speaks to the customer."""

    name: str


class ConversationData(TypedDict):
    """A Conversation of the widget protocol: what the customer may know."""

    id: str
    status: str
    floor: str
    operator: OperatorData | None
    handoff: str
    unread: int
    change: int


def message(facts: MessageFacts) -> MessageData:
    return {"id": facts["uuid"], "clientId": facts["client_id"], "change": facts["change"], "role": facts["role"],
            "name": facts["name"] or None, "text": facts["text"], "contentType": facts["content_type"],
            "sources": [{"title": source.get("title", ""), "url": source.get("url"), "quote": source.get("quote", "")}
                        for source in facts["sources"]],
            "attachments": facts["attachments"], "reactions": facts["reactions"], "replyTo": facts["reply_to"],
            "status": facts["status"], "turn": facts["turn"], "event": facts["event"],
            "createdAt": facts["created_at"], "editedAt": facts["edited_at"], "deletedAt": facts["deleted_at"]}


def conversation(facts: ConversationFacts) -> ConversationData:
    operator = facts["operator"]
    return {"id": facts["uuid"], "status": facts["status"], "floor": facts["floor"],
            "operator": None if operator is None else {"name": operator}, "handoff": facts["handoff"],
            "unread": facts["customer_unread"], "change": facts["change"]}


def message_of(row: Message) -> MessageData:
    return message(events.message_facts(row))


def conversation_of(row: Conversation) -> ConversationData:
    return conversation(events.conversation_facts(row))


def frame(event: Event) -> JsonObject:
    """An event as the visitor's page gets it; typing and a partial reply have no shape of their own."""
    shown: JsonObject = {"type": event["type"], **event.get("data", {}), "conversationId": event["conversation_uuid"]}
    if "message" in shown:
        shown["message"] = message(shown["message"])
    if "conversation" in shown:
        shown["conversation"] = conversation(shown["conversation"])
    return {**shown, "seq": event["seq"]} if "seq" in event else shown
