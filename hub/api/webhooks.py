"""/webhooks/<kind>/<token>: providers post here; verified, stored, answered at once."""

from typing_extensions import TypedDict

from flask import request

from hub.access import identity
from hub.access.callers import Provider
from hub.access.roles import Permission
from hub.api.kit.surface import Surface, coded_error
from hub.api.kit.table import post
from hub.channels.base import Hook
from hub.services.channels import webhooks as service

_MAX_BODY = 1024 * 1024


class AcceptedOut(TypedDict):
    """The event is stored; `duplicate`: it was stored before."""

    ok: bool
    duplicate: bool


def accept(kind: str, token: str) -> AcceptedOut:
    """Store one signed event; the same event again is answered the same way."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    is_new = service.accept(kind, token, Hook(headers, request.get_data(), request.args.to_dict()))
    return {"ok": True, "duplicate": not is_new}


def identify(permission: Permission) -> Provider:
    """The address says which channel is meant; the channel verifies the signature before anything is stored."""
    path = request.view_args or {}
    return Provider(str(path.get("kind", "")), str(path.get("token", "")), identity.remote_address())


surface = Surface("webhooks", ("/webhooks/",), identify, coded_error, {})
surface.table(
    "webhooks",
    post("/webhooks/<kind>/<token>", accept, permission=Permission.PROVIDER, limit="webhook", max_body=_MAX_BODY),
)
