"""/webhooks/<kind>/<token>: providers post here; verified, stored, answered at once."""

from typing import Any

from flask import request

from hub.access.roles import Permission
from hub.api.kit.surface import Surface, coded_error
from hub.api.kit.table import post
from hub.channels.base import Hook
from hub.services.channels import webhooks as service

_MAX_BODY = 1024 * 1024


def accept(kind: str, token: str) -> dict[str, Any]:
    """Store one signed event; the same event again is answered the same way."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    is_new = service.accept(kind, token, Hook(headers, request.get_data(), request.args.to_dict()))
    return {"ok": True, "duplicate": not is_new}


surface = Surface("webhooks", ("/webhooks/",), lambda permission: None, coded_error, {})
surface.table(
    "webhooks",
    post("/webhooks/<kind>/<token>", accept, permission=Permission.PROVIDER, limit="webhook", max_body=_MAX_BODY,
         case="snake"),
)
