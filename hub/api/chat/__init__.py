"""The chat contract, /chat/api: programs with a key of the business they speak for."""

from dataclasses import replace
from http import HTTPStatus

from flask import request

from hub.access import identity
from hub.access.callers import KeyCaller
from hub.access.roles import Permission
from hub.api.kit.dialect import Dialect, Ids, Pager
from hub.api.kit.surface import Surface
from hub.errors import HubError
from hub.lib.json_types import JsonObject
from hub.services.platform.tenants import of_key

CHAT = Dialect(one="data", many="data", pager=Pager.NUMBERED, reused_key=409, ids=Ids.PREFIXED, limit=10, most=100)


def identify(permission: Permission) -> KeyCaller:
    """Whose key it is, in the business that X-Tenant-ID names: without it, the key's own."""
    caller = identity.api_key()
    named = request.headers.get("X-Tenant-ID", "")
    return replace(caller, tenant=of_key(caller, named)) if named else caller


def error_body(error: HubError) -> JsonObject:
    """{"error", "message"}: the status in words, and a sentence."""
    return {"error": HTTPStatus(error.status).phrase, "message": error.message}


ERROR = {"type": "object", "required": ["error", "message"], "properties": {
    "error": {"type": "string", "example": "Not Found"},
    "message": {"type": "string", "example": "There is no such business."}}}

chat = Surface("chat", ("/chat/api/",), identify, error_body,
               {"api_key": {"type": "apiKey", "in": "header", "name": "X-API-Key",
                            "description": "A key of Settings → API keys."}},
               lambda: {"Cache-Control": "no-store"}, CHAT, error=("ChatError", ERROR))
