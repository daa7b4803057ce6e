"""What a line can be: who wrote it, what it holds, what it reports, how far it has come."""

from enum import StrEnum


class MessageRole(StrEnum):
    CUSTOMER = "customer"
    ASSISTANT = "assistant"
    OPERATOR = "operator"
    SYSTEM = "system"


class ContentType(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"
    LOCATION = "location"
    CONTACT = "contact"
    STICKER = "sticker"


class MessageEvent(StrEnum):
    """What a system line reports."""

    HANDOFF_REQUESTED = "handoff.requested"
    HANDOFF_TAKEN = "handoff.taken"
    HANDOFF_RELEASED = "handoff.released"
    RESOLVED = "conversation.resolved"
    REOPENED = "conversation.reopened"


class MessageStatus(StrEnum):
    """A customer's line is received and read; ours is queued, sent, delivered, read, or failed; unknown: in doubt."""

    RECEIVED = "received"
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNKNOWN = "unknown"
