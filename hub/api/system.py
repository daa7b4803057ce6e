"""/health, /ready, /metrics and the description of the API: for machines that look after the hub."""

import os
import time
from contextlib import suppress
from functools import cache
from ipaddress import ip_address
from typing import NotRequired, Required

from typing_extensions import TypedDict
import orjson
from flask import Response, current_app, request

from hub.access import identity
from hub.access.roles import Permission
from hub.api.kit.openapi import describe
from hub.api.kit.schema import Result
from hub.api.kit.surface import Surface, coded_error
from hub.api.kit.table import get
from hub.errors import Unauthorized
from hub.lib import clock, crypto, machine
from hub.models.base import Away
from hub.services.platform import exposition, secrets, storage
from hub.services.platform.health import Part, chroma, redis
from hub.settings import current_settings

_STARTED = time.monotonic()
_MAX_RSS_MB = 2048


class HealthOut(TypedDict):
    """The process answers."""

    status: str
    timestamp: str | None


class CheckOut(TypedDict, total=False):
    """One part that an answer needs; `message` says what is wrong with it."""

    ok: Required[bool]
    message: str
    mode: str
    model: str | None
    rssMb: float


class ReadyOut(TypedDict):
    """Can the hub answer? Part by part."""

    ready: bool
    checks: NotRequired[dict[str, CheckOut]]        # for METRICS_TOKEN and for the machine itself
    timestamp: str | None


def health() -> HealthOut:
    """Tell that the process answers."""
    return {"status": "healthy", "timestamp": clock.iso(clock.now())}


def ready() -> Result[ReadyOut]:
    """Tell whether every part that an answer needs is there; 503 names what is missing."""
    checks: dict[str, CheckOut] = {
        "storage": _storage(),
        "redis": _part(redis(), "Redis does not answer; work waits in the database."),
        "vectors": _part(chroma(), "Chroma does not answer; search uses words alone."),
        "ai": _ai(), "memory": _memory()}
    good = all(check["ok"] for check in checks.values())
    response: ReadyOut = {"ready": good, "timestamp": clock.iso(clock.now())}
    return Result({**response, "checks": checks} if _may_see() else response, 200 if good else 503)


def _may_see() -> bool:
    """Are the details for this caller? For METRICS_TOKEN, and for this machine, from which no proxy forwards."""
    wanted = current_settings().metrics_token
    if wanted and crypto.same(identity.bearer(), wanted):
        return True
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via"))
    try:
        return not forwarded and ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _storage() -> CheckOut:
    problem = storage.problem()
    return {"ok": False, "message": problem} if problem else {"ok": True}


def _part(part: Part, otherwise: str) -> CheckOut:
    return {"ok": True} if part.ok else {"ok": False, "message": otherwise}


def _ai() -> CheckOut:
    key = ""
    with suppress(*Away):           # that the database is away is said elsewhere
        key = secrets.model_key(None)
    model = current_settings().openai_model if key else None
    return {"ok": True, "mode": "model" if key else "offline", "model": model}


def _memory() -> CheckOut:
    used = machine.rss_bytes() // 1024 // 1024
    return {"ok": used < _MAX_RSS_MB, "rssMb": used}


def metrics() -> Response:
    """Show numbers of the hub: JSON, or Prometheus' text when asked for it."""
    if not _may_see():
        raise Unauthorized(message="Numbers are for METRICS_TOKEN and for the machine itself.")
    found = exposition.families(_STARTED, os.getpid())
    if "text/plain" in request.headers.get("Accept", ""):
        return Response(exposition.as_text(found), content_type="text/plain; version=0.0.4; charset=utf-8")
    return Response(orjson.dumps(exposition.as_values(found)), mimetype="application/json")


def openapi() -> Response:
    """The description of every route, made from the tables."""
    return Response(_described(), mimetype="application/json", headers={"Cache-Control": "public, max-age=60"})


@cache
def _described() -> bytes:
    # Made once per process: the tables do not change, and making it takes a tenth of a second.
    return orjson.dumps(describe(current_app.extensions["parley.surfaces"]))


surface = Surface("system", ("/health", "/ready", "/metrics", "/openapi.json"),
                  lambda permission: identity.anonymous(), coded_error, {})
surface.table(
    "system",
    get("/health", health, permission=Permission.ANYBODY, limit=()),
    get("/ready", ready, permission=Permission.ANYBODY, limit=()),
    get("/metrics", metrics, permission=Permission.ANYBODY, limit=(), plain="application/json"),
    get("/openapi.json", openapi, permission=Permission.ANYBODY, limit=(), plain="application/json"),
)
