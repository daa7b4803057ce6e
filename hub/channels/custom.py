"""A system of the tenant's own: it posts signed lines to our webhook, and we post signed lines to its URL.

Both directions sign the raw body: `X-Parley-Signature: sha256=` + hex HMAC-SHA256(channel secret, body).
Inbound body: {"id", "from": {"id", "name"?, "email"?, "phone"?}, "text", "chat"?: {"id"}}, or a list of such.
Outbound body: {"id", "to", "text", "conversation": {"id"}, "createdAt"}; `Idempotency-Key` is the message's id.
"""

from typing import Any

import orjson
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from hub.channels.base import ChannelError, Denied, Hook, Inbound, Limits, Outbound, Sent
from hub.lib import crypto, http

LIMITS = Limits(text=10_000)
# What cannot be mended by trying again (RFC 9110): the rest of the 4xx is somebody's passing mistake.
_PERMANENT = (400, 401, 403, 404, 405, 410, 413, 422)


class Config(BaseModel):
    """Where our lines go."""

    url: str
    idempotent: bool = True             # the receiver sends one Idempotency-Key once, so we may repeat a call in doubt


class _Person(BaseModel):
    id: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
    name: str = ""
    email: str | None = None
    phone: str | None = None


class _Chat(BaseModel):
    id: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")


class _Line(BaseModel):
    id: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
    sender: _Person = Field(alias="from")
    text: str
    chat: _Chat | None = None


_LINES = TypeAdapter(list[_Line])


def verify(config: Config, secret: str, hook: Hook) -> None:
    """Raise Denied unless the body carries our signature."""
    scheme, _, digest = hook.headers.get("x-parley-signature", "").partition("=")
    if scheme.strip().lower() != "sha256" or not crypto.verified(digest, secret, hook.body):
        raise Denied("signature")


def event_id(hook: Hook) -> str:
    """The same for the same body: a repeated delivery is one event."""
    return hook.headers.get("idempotency-key", "")[:200] or crypto.sign("event", hook.body)


def parse(config: Config, hook: Hook) -> list[Inbound]:
    """The lines in a verified body; ValueError when it has another shape."""
    try:
        data: Any = orjson.loads(hook.body)
        lines = _LINES.validate_python(data if isinstance(data, list) else [data])
    except (orjson.JSONDecodeError, ValidationError) as error:
        raise ValueError("The body is not {id, from: {id}, text}.") from error
    return [Inbound(line.id, ("custom", line.sender.id), line.text, line.chat.id if line.chat else line.sender.id,
                    line.sender.name, line.sender.email, line.sender.phone) for line in lines]


def send(config: Config, secret: str, outbound: Outbound) -> Sent:
    """Post one line; ChannelError says whether and when to try again."""
    body = orjson.dumps({"id": outbound.key, "to": outbound.to, "text": outbound.text,
                         "conversation": {"id": outbound.conversation}, "createdAt": outbound.created_at})
    headers = {"Content-Type": "application/json", "Idempotency-Key": outbound.key,
               "X-Parley-Signature": "sha256=" + crypto.sign(secret, body)}
    try:
        answer = http.call("POST", config.url, content=body, headers=headers, public_only=True)
    except http.NotAllowed as error:
        raise ChannelError(str(error), permanent=True) from error
    except http.NotReached as error:
        raise ChannelError(str(error)) from error
    except http.InDoubt as error:
        raise ChannelError(str(error), in_doubt=not config.idempotent) from error
    if answer.status_code >= 300:
        raise ChannelError(f"The receiver answered {answer.status_code}.", answer.status_code in _PERMANENT,
                           http.retry_after(answer))
    return Sent(_their_id(answer.content))


def _their_id(body: bytes) -> str | None:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return str(found["id"])[:200] if isinstance(found, dict) and found.get("id") else None
