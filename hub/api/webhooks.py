"""/webhooks/<kind>/<token>: providers post here; verified, stored, answered at once."""

from typing_extensions import TypedDict

from flask import Response, request

from hub.access import identity
from hub.access.callers import Provider
from hub.access.roles import Permission
from hub.api.kit.surface import Surface, coded_error
from hub.api.kit.table import get, post
from hub.channels.base import Hook
from hub.models.channels.channel import Channel
from hub.services.channels import webhooks as service

_MAX_BODY = 1024 * 1024


class ProblemOut(TypedDict):
    """What was not taken: the item of a list, its field, and why."""

    index: int
    field: str
    message: str


class AcceptedOut(TypedDict):
    """The event is stored; `duplicate`: it was stored before."""

    ok: bool
    duplicate: bool
    problems: list[ProblemOut]


def accept(kind: str, token: str) -> AcceptedOut:
    """Store one signed event; the same event again is answered the same way. `problems`: what of it was not taken."""
    accepted = service.accept(kind, token, _hook())
    return {"ok": True, "duplicate": not accepted.is_new,
            "problems": [{"index": problem.index, "field": problem.field, "message": problem.message}
                         for problem in accepted.problems]}


def challenge(kind: str, token: str) -> Response:
    """The provider checks that the address is ours."""
    return Response(service.challenge(kind, token, _hook()).text, mimetype="text/plain")


def _hook() -> Hook:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Hook(headers, request.get_data(), request.args.to_dict(), request.method)


def identify(permission: Permission) -> Provider:
    """The address says which channel is meant; the channel verifies the signature before anything is stored."""
    path = request.view_args or {}
    kind, token = str(path.get("kind", "")), str(path.get("token", ""))
    channel = Channel.by_token(token, kind)
    return Provider(kind, token, identity.remote_address(), channel.tenant_id if channel else None)


surface = Surface("webhooks", ("/webhooks/",), identify, coded_error, {})
surface.table(
    "webhooks",
    get("/webhooks/<kind>/<token>", challenge, permission=Permission.PROVIDER, limit="webhook", plain="text/plain"),
    post("/webhooks/<kind>/<token>", accept, permission=Permission.PROVIDER, limit="webhook", max_body=_MAX_BODY),
)
