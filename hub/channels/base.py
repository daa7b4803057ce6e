"""What a channel and the hub say to each other: four small shapes and one error."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Limits:
    """What a channel can carry. `pull`: the customer's own page fetches messages, nothing has to be sent."""

    text: int
    pull: bool = False


@dataclass(frozen=True)
class Hook:
    """An incoming request as it came: header names in lower case, the body untouched (signatures need it raw)."""

    headers: Mapping[str, str]
    body: bytes
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Inbound:
    """One line from a customer. `identity` is (kind, value), unique inside the tenant."""

    external_id: str
    identity: tuple[str, str]
    text: str
    chat_id: str | None = None
    name: str = ""
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    page: Mapping[str, Any] | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Outbound:
    """One line to a customer. `key` is the same at every attempt: a provider with idempotency sends it once."""

    key: str
    to: str
    text: str
    conversation: str
    created_at: str


@dataclass(frozen=True)
class Sent:
    """The provider took it, under this id of its own."""

    external_id: str | None


class Denied(Exception):
    """The request is not from whom it claims to be."""


class ChannelError(Exception):
    """It was not sent.

    `permanent`: trying again cannot help. `retry_after`: seconds the provider asked for.
    `in_doubt`: the connection broke after the provider may have accepted it.
    """

    def __init__(self, reason: str, permanent: bool = False, retry_after: float | None = None,
                 in_doubt: bool = False) -> None:
        self.reason, self.permanent, self.retry_after, self.in_doubt = reason, permanent, retry_after, in_doubt
        super().__init__(reason)
