"""The contract of a channel: what comes in, what goes out, and what every kind of channel can do."""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeVar

from pydantic import BaseModel

from hub.lib.json_types import JsonObject, Values

# Headers and query values that say something about an event later on. Credentials and signatures never stay.
_USEFUL = ("content-type", "date", "idempotency-key", "user-agent")
_SECRET = re.compile("auth|cookie|credential|key|pass|secret|sign|token")
_MOST_KEPT, _LONGEST_KEPT = 20, 200


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
    method: str = "POST"

    @property
    def digest(self) -> str:
        """SHA-256 of the body, as hex."""
        return hashlib.sha256(self.body).hexdigest()

    def kept(self) -> tuple[dict[str, str], dict[str, str]]:
        """(headers, query) that are stored with the event: the useful ones, without anything secret."""
        headers = {name: value for name, value in self.headers.items()
                   if name in _USEFUL or (name.startswith("x-") and not _SECRET.search(name))}
        return _cut(headers), _cut({name: value for name, value in self.query.items()
                                    if not _SECRET.search(name.lower())})


def _cut(values: Mapping[str, str]) -> dict[str, str]:
    kept = [(name, value) for name, value in values.items() if len(name) <= _LONGEST_KEPT][:_MOST_KEPT]
    return {name.replace("\x00", ""): value.replace("\x00", "")[:_LONGEST_KEPT] for name, value in kept}


@dataclass(frozen=True)
class Challenge:
    """What a provider that checks our address wants to read in the response."""

    text: str


@dataclass(frozen=True)
class Attachment:
    """A file of a line: where it lies (`url`, or `file`: the uuid of a stored one), its name, type and bytes."""

    name: str = ""
    mime: str = ""
    size: int | None = None
    url: str | None = None
    file: str | None = None

    def data(self) -> JsonObject:
        """As messages keep it."""
        return {"url": self.url, "file": self.file, "name": self.name, "mime": self.mime, "size": self.size}


# What comes in. `identity` is (kind, value), unique inside the tenant: who it is from.

@dataclass(frozen=True)
class Inbound:
    """One line from a customer."""

    external_id: str
    identity: tuple[str, str]
    text: str
    chat_id: str | None = None
    name: str = ""
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    page: Values | None = None
    at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    reply_to: str | None = None         # the external id of the line that it answers


@dataclass(frozen=True)
class Edit:
    """The customer changed the text of a line. An edit that is older than one that was seen changes nothing."""

    external_id: str
    identity: tuple[str, str]
    text: str
    at: datetime | None = None


@dataclass(frozen=True)
class Delete:
    """The customer took a line back."""

    external_id: str
    identity: tuple[str, str]


@dataclass(frozen=True)
class Status:
    """What became of a line of ours: `external_id` is the provider's name of it, or the key that we sent it with."""

    external_id: str
    status: Literal["sent", "delivered", "read", "failed"]
    error: str = ""


@dataclass(frozen=True)
class Reaction:
    """The customer's reaction to a line, theirs or ours; None takes it back."""

    external_id: str
    identity: tuple[str, str]
    emoji: str | None


@dataclass(frozen=True)
class Typing:
    """The customer began to write, or stopped."""

    identity: tuple[str, str]
    on: bool = True


@dataclass(frozen=True)
class Contact:
    """What the channel knows about the customer now; None: nothing said."""

    identity: tuple[str, str]
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None


Item = Inbound | Edit | Delete | Status | Reaction | Typing | Contact


@dataclass(frozen=True)
class Problem:
    """What cannot be used, for who sent it: the item of a list, the field (dotted), and a sentence."""

    index: int
    field: str
    message: str

    def data(self) -> JsonObject:
        return {"index": self.index, "field": self.field, "message": self.message}


@dataclass(frozen=True)
class Parsed:
    """An event's items, each with its position in the body, and what of it cannot be used."""

    items: tuple[tuple[int, Item], ...] = ()
    problems: tuple[Problem, ...] = ()


# What goes out.

@dataclass(frozen=True)
class Outbound:
    """One part of a line to a customer. `key` is the same at every attempt: a provider with idempotency sends it once.

    Attachments go with the last part.
    """

    key: str
    to: str
    text: str
    conversation: str
    created_at: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Sent:
    """The provider took it, under this id of its own."""

    external_id: str | None


@dataclass(frozen=True)
class Health:
    """Does the channel work? If not, a sentence for the person who set it up."""

    ok: bool
    message: str = ""


class Denied(Exception):
    """The request is not from whom it claims to be."""


class ChannelError(Exception):
    """It was not sent.

    `permanent`: trying again cannot help. `retry_after`: seconds the provider asked for; nothing is sent over the
    channel before. `in_doubt`: the connection broke after the provider may have accepted it.
    """

    def __init__(self, reason: str, permanent: bool = False, retry_after: float | None = None,
                 in_doubt: bool = False) -> None:
        self.reason, self.permanent, self.retry_after, self.in_doubt = reason, permanent, retry_after, in_doubt
        super().__init__(reason)


Settings = TypeVar("Settings", bound=BaseModel)


class ChannelKind(Protocol[Settings]):
    """One kind of channel: one file with a `KIND` of this shape. What a kind does not say is the plainest case."""

    name: str
    CONFIG: type[Settings]
    LIMITS: Limits

    def verify(self, config: Settings, secret: str, hook: Hook) -> Challenge | None:
        """Raise Denied unless the request is the provider's; a Challenge is answered and nothing else is done."""
        raise Denied("This channel has no webhook.")

    def event_id(self, hook: Hook) -> str:
        """The provider's id of a verified event, at most 200 characters: the same event again has the same."""
        return hook.digest

    def parse(self, config: Settings, hook: Hook) -> Parsed:
        """What a verified event says. Never raises: what cannot be used is a Problem."""
        return Parsed()

    def split(self, config: Settings, hook: Hook, people: Collection[tuple[str, str]]) -> tuple[bytes, bytes]:
        """(what these identities sent, the rest), each as a body; b"" is none of it."""
        senders = {item.identity for _, item in self.parse(config, hook).items if not isinstance(item, Status)}
        return (hook.body, b"") if senders and senders <= set(people) else (b"", hook.body)

    def refuses(self, config: Settings) -> bool:
        """May an event that cannot be used be answered 4xx? Not where the provider stops posting after errors."""
        return False

    def parts(self, config: Settings, content: str) -> list[str]:
        """The text in the pieces in which it is sent; the same for the same text."""
        return [content]

    def may_repeat(self, config: Settings) -> bool:
        """Does the receiver take one key once, so that a call in doubt may be made again?"""
        return False

    def send(self, config: Settings, secret: str, outbound: Outbound) -> Sent:
        """Send one part; ChannelError says whether and when to try again."""
        raise NotImplementedError

    def setup(self, config: Settings, secret: str, address: str) -> None:
        """Tell the provider to post to `address`. ChannelError says why it would not."""
        return None

    def health(self, config: Settings, secret: str) -> Health:
        """Does the provider know us and take what we send?"""
        return Health(True)
