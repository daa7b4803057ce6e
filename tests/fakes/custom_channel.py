"""The fake receiver behind a business's own "custom channel": takes the hub's messages, checks, remembers.

POST /channel/<name>/messages {"id", "conversation", "to", "text", "createdAt", …} with `X-Parley-Signature`
and `Idempotency-Key` -> {"id": "ext-<n>"}. The same Idempotency-Key again -> the same id, until a test
switches that off.
"""
from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.modes import Mode, WrongControl
from tests.fakes.provider import Take
from tests.fakes.wire import Reply, Request, json_reply

SIGNATURE = "X-Parley-Signature"
NEEDED = ("id", "conversation", "to", "text")
ERRORS = {  # mode -> (code, message); permanent by our own contract: 400, 401, 403, 404, 410, 413, 422
    "400": ("bad_request", "The message cannot be read."),
    "401": ("bad_signature", "The signature is wrong."),
    "403": ("recipient_blocked", "The recipient does not accept messages from you."),
    "404": ("unknown_recipient", "There is no such recipient."),
    "410": ("recipient_gone", "The recipient has left for good."),
    "413": ("too_long", "The message is too long."),
    "429": ("rate_limited", "Too many messages."),
    "500": ("server_error", "Something broke."),
    "503": ("unavailable", "Down for maintenance."),
}


def signature(secret: str, body: bytes) -> str:
    """`sha256=<hex HMAC-SHA256(secret, raw body)>`, the value of X-Parley-Signature."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def signed(secret: str, body: bytes | str) -> dict[str, str]:
    """The headers of an inbound post of exactly this body, as the business's own server would send it."""
    raw = body.encode() if isinstance(body, str) else body
    return {"Content-Type": "application/json", SIGNATURE: signature(secret, raw)}


@dataclass
class Receiver:
    """One named channel. Without a `secret` signatures are looked at but not demanded."""

    secret: str | None = None
    idempotent: bool = True
    ids: dict[str, str] = field(default_factory=dict)  # Idempotency-Key -> the id it was answered with
    bodies: dict[str, bytes] = field(default_factory=dict)


class CustomChannel:
    """The provider `channel`; its key is the channel's name in the path."""

    name = "channel"
    modes = {
        "bad_json": "HTTP 200 that claims JSON and is none",
        "empty": "HTTP 200 without a body",
        "no_id": "HTTP 200 {} : accepted, but without an id",
    }
    is_secret = False

    def __init__(self) -> None:
        self._receivers: dict[str, Receiver] = {}
        self._count = 0

    def key(self, request: Request) -> str:
        found = re.fullmatch(r"/channel/([^/]+)/messages", request.path)
        return found[1] if found else ""

    def option(self, key: str, name: str, value: Any) -> None:
        if name not in ("secret", "idempotent"):
            raise WrongControl(f"channel has no option {name!r}; there are: secret, idempotent")
        setattr(self._receiver(key), name, value)

    def error(self, request: Request, mode: Mode) -> Reply:
        code, message = ERRORS.get(mode.name, ("failed", f"The request failed with status {mode.name}."))
        reply = _error(int(mode.name), code, message)
        if mode.name in ("429", "503"):
            reply.headers["Retry-After"] = f"{mode.retry_after_s:g}"
        return reply

    def answer(self, request: Request, mode: Mode, take: Take) -> Reply:
        key = self.key(request)
        if request.method != "POST" or not key:
            return _error(404, "not_found", "POST /channel/<name>/messages is all there is.")
        receiver = self._receiver(key)
        seen = _signature_seen(receiver, request)
        if refused := _refusal(receiver, request, seen):
            refused.note = {"signature": seen}
            return refused
        if (queued := take()) and queued.status:
            return json_reply(queued.value, queued.status)
        reply = self._accept(receiver, request, mode, queued.value if queued else {})
        reply.note |= {"signature": seen}
        return reply

    def _receiver(self, name: str) -> Receiver:
        return self._receivers.setdefault(name, Receiver())

    def _accept(self, receiver: Receiver, request: Request, mode: Mode, more: dict[str, Any]) -> Reply:
        once = request.headers.get("idempotency-key", "")
        is_repeat = bool(once) and once in receiver.ids
        note = {"is_repeat": is_repeat, "is_changed": is_repeat and receiver.bodies[once] != request.raw}
        if not (is_repeat and receiver.idempotent):
            self._count += 1
            receiver.ids[once], receiver.bodies[once] = f"ext-{self._count}", request.raw
        reply = _spoilt({"id": receiver.ids[once], **more}, mode)
        reply.is_accepted, reply.note = True, {**note, "id": receiver.ids[once]}
        return reply


def _spoilt(value: dict[str, Any], mode: Mode) -> Reply:
    if mode.name in ("bad_json", "empty"):
        text = '{"id": "ext-' if mode.name == "bad_json" else ""
        return Reply(content=text.encode(), headers={"Content-Type": "application/json"}, answered=text)
    return json_reply({} if mode.name == "no_id" else value)


def _signature_seen(receiver: Receiver, request: Request) -> str:
    """valid, wrong or absent; unchecked when no secret was told."""
    told = request.headers.get(SIGNATURE.lower())
    if receiver.secret is None or told is None:
        return "unchecked" if receiver.secret is None else "absent"
    right = signature(receiver.secret, request.raw)
    return "valid" if hmac.compare_digest(told.encode(), right.encode()) else "wrong"


def _refusal(receiver: Receiver, request: Request, seen: str) -> Reply | None:
    if seen in ("wrong", "absent"):
        return _error(401, *ERRORS["401"])
    if not isinstance(request.body, dict):
        return _error(400, "bad_request", "The body is no JSON object.")
    missing = [name for name in NEEDED if name not in request.body]
    return _error(400, "bad_request", f"The message lacks: {', '.join(missing)}.") if missing else None


def _error(status: int, code: str, message: str) -> Reply:
    return json_reply({"error": {"code": code, "message": message}}, status)
