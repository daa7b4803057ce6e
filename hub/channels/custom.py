"""A system of the tenant's own: it posts signed events to our webhook, and we post signed lines to its URL.

Both directions sign the raw body: `X-Parley-Signature: sha256=` + hex HMAC-SHA256(channel secret, body).

Inbound body: one item or a list of them. `type` says which; without it an item is a line. Numbers count as text, null
as absent. Ids are the sender's own, 1 to 200 characters.

    line      {"id", "from": {"id", "name"?, "email"?, "phone"?, "language"?}, "text"?, "chat"?: {"id"},
               "attachments"?: [{"url", "name"?, "mime"?, "size"?}], "replyTo"?: id of a line, "at"?: ISO 8601};
               a text or an attachment there must be
    edit      {"type": "edit", "id": of the line, "from": {"id"}, "text", "at"?}
    delete    {"type": "delete", "id": of the line, "from": {"id"}}
    status    {"type": "status", "id": ours or the one that you answered with,
               "status": "sent" | "delivered" | "read" | "failed", "error"?}
    reaction  {"type": "reaction", "id": of any line, "from": {"id"}, "emoji"?: without one it is taken back}
    typing    {"type": "typing", "from": {"id"}, "on"?: true}
    contact   {"type": "contact", "from": {"id", "name"?, "email"?, "phone"?, "language"?}}

The response is {"ok": true, "duplicate", "problems": [{"index", "field", "message"}]}; good items of a list are taken.
When no item can be used it is 400 naming the field, unless the channel is set up with `refuse: false`. An
`Idempotency-Key` names an event: the same again is a duplicate, with another body it is 422.
To check an address, GET it with `?challenge=TEXT` and the signature of TEXT: the response is TEXT.

Outbound body: {"id", "to", "text", "conversation": {"id"}, "createdAt", "attachments"?}; `Idempotency-Key` is the id.
A response {"id"} names the line for later statuses.
"""

from collections.abc import Collection
from typing import Annotated

import orjson
from pydantic import BaseModel, Field

from hub.channels import custom_items
from hub.channels.base import (
    Challenge,
    ChannelError,
    ChannelKind,
    Denied,
    Health,
    Hook,
    Limits,
    Outbound,
    Parsed,
    Sent,
)
from hub.lib import crypto, http, ids, text
from hub.lib.json_types import JsonObject

# What a retry cannot correct (RFC 9110): the rest of the 4xx may pass.
_PERMANENT = (400, 401, 403, 404, 405, 410, 413, 422)
_LONGEST_KEY, _LONGEST_CHALLENGE = 200, 200


class Config(BaseModel):
    """Where our lines go, and what the other system wishes."""

    url: str
    idempotent: bool = True             # the receiver takes one Idempotency-Key once: we may repeat a call in doubt
    refuse: bool = True                 # an event that cannot be used is answered 4xx, not just listed as failed
    part_length: Annotated[int, Field(ge=1, le=10_000)] = 10_000     # longer lines go in several parts


class Custom(ChannelKind[Config]):
    name = "custom"
    CONFIG = Config
    LIMITS = Limits(text=10_000)

    def verify(self, config: Config, secret: str, hook: Hook) -> Challenge | None:
        """Raise Denied unless the body, or the challenge of a GET, carries our signature."""
        challenge = hook.query.get("challenge", "")[:_LONGEST_CHALLENGE] if hook.method == "GET" else None
        scheme, _, digest = hook.headers.get("x-parley-signature", "").partition("=")
        signed = hook.body if challenge is None else challenge
        if scheme.strip().lower() != "sha256" or not crypto.verified(digest, secret, signed) or challenge == "":
            raise Denied("signature")
        return None if challenge is None else Challenge(challenge)

    def event_id(self, hook: Hook) -> str:
        """The sender's key, or the body's own: a repeated delivery is one event."""
        key = hook.headers.get("idempotency-key", "")
        if not key:
            return crypto.sign("event", hook.body)
        return key if len(key) <= _LONGEST_KEY and key.isprintable() else ids.digest(key)

    def parse(self, config: Config, hook: Hook) -> Parsed:
        """The items of a verified body."""
        return custom_items.parse(hook.body)

    def split(self, config: Config, hook: Hook, people: Collection[tuple[str, str]]) -> tuple[bytes, bytes]:
        """(the items that these identities sent, the others); an item that cannot be used has a sender, too."""
        return custom_items.split(hook.body, people)

    def refuses(self, config: Config) -> bool:
        """As the other system wishes."""
        return config.refuse

    def parts(self, config: Config, content: str) -> list[str]:
        """Cut where a line or a word ends, as the receiver asked."""
        return text.cut(content, config.part_length)

    def may_repeat(self, config: Config) -> bool:
        """As the receiver promised."""
        return config.idempotent

    def send(self, config: Config, secret: str, outbound: Outbound) -> Sent:
        """Post one part; ChannelError says whether and when to try again."""
        body: JsonObject = {
            "id": outbound.key, "to": outbound.to, "text": outbound.text,
            "conversation": {"id": outbound.conversation}, "createdAt": outbound.created_at}
        if outbound.attachments:
            body["attachments"] = [attachment.data() for attachment in outbound.attachments]
        response = _post(config, secret, body, outbound.key)
        if response.status_code >= 300:
            raise ChannelError(f"The receiver answered {response.status_code}.", response.status_code in _PERMANENT,
                               http.retry_after(response))
        return Sent(_their_id(response.content))

    def health(self, config: Config, secret: str) -> Health:
        """Does somebody answer there and take our signature? What is said about the `ping` itself is not heard."""
        try:
            status = _post(config, secret, {"type": "ping"}, ids.token(12)).status_code
        except ChannelError as error:
            return Health(False, error.reason)
        refused = status in (401, 403) or status >= 500
        return Health(not refused, f"The receiver answered {status}." if refused else "")


def _post(config: Config, secret: str, value: JsonObject, key: str) -> http.Response:
    body = orjson.dumps(value)
    headers = {"Content-Type": "application/json", "Idempotency-Key": key,
               "X-Parley-Signature": "sha256=" + crypto.sign(secret, body)}
    try:
        return http.call("POST", config.url, content=body, headers=headers, public_only=True)
    except http.NotAllowed as error:
        raise ChannelError(str(error), permanent=True) from error
    except http.NotReached as error:
        raise ChannelError(str(error)) from error
    except http.InDoubt as error:
        raise ChannelError(str(error), in_doubt=not config.idempotent) from error


def _their_id(body: bytes) -> str | None:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return str(found["id"])[:200] if isinstance(found, dict) and found.get("id") else None


KIND: ChannelKind[Config] = Custom()
