"""The bridge contract: programs beside the hub, each with a token of the environment."""

from flask import request

from hub.access.callers import Service
from hub.access.roles import Permission
from hub.api.kit.dialect import Case, Dialect
from hub.api.kit.surface import Surface
from hub.errors import HubError, Unauthorized
from hub.lib import crypto
from hub.lib.json_types import JsonObject
from hub.settings import current_settings


def identify(permission: Permission) -> Service:
    """/internal takes X-Auth-Token, or ?token=, of the messenger workers; all else X-Admin-Token."""
    known = current_settings()
    if request.path.startswith("/internal/"):
        given = request.headers.get("X-Auth-Token") or request.args.get("token", "")
        return _service("worker", given, known.wa_web_token, known.admin_token, known.webhook_secret)
    return _service("admin", request.headers.get("X-Admin-Token", ""), known.admin_token)


def _service(name: str, given: str, *tokens: str) -> Service:
    """Every token that is set is compared, so that the time tells nothing. Unauthorized where none is the given one."""
    matching = [token for token in tokens if token and crypto.same(given, token)]
    if not matching:
        raise Unauthorized(message="Send the token of this installation.")
    return Service(name)


def error_body(error: HubError) -> JsonObject:
    """{"ok": false, "error": code}."""
    return {"ok": False, "error": error.code.lower()}


_ERROR = {"type": "object", "required": ["ok", "error"], "properties": {
    "ok": {"type": "boolean", "const": False}, "error": {"type": "string", "example": "unauthorized"}}}


def _header(name: str, says: str) -> JsonObject:
    return {"type": "apiKey", "in": "header", "name": name, "description": says}


bridge = Surface("bridge", ("/admin/", "/internal/"), identify, error_body,
                 {"admin_token": _header("X-Admin-Token", "ADMIN_TOKEN of the environment."),
                  "worker_token": _header("X-Auth-Token", "Of /internal: WA_WEB_TOKEN of the environment.")},
                 lambda: {"Cache-Control": "no-store"}, Dialect(case=Case.SNAKE), error=("BridgeError", _ERROR))
