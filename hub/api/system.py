"""/health, /ready, /metrics and the description of the API: for machines that look after the hub."""

import os
import resource
import time
from functools import cache
from typing import Any

import orjson
from flask import Response, current_app, request
from redis import RedisError

from hub import queue
from hub.access.roles import Permission
from hub.ai.errors import StoreError
from hub.api.kit.openapi import describe
from hub.api.kit.schema import Result
from hub.api.kit.surface import Surface, coded_error
from hub.api.kit.table import get
from hub.lib import clock
from hub.models.base import Away, db, discard
from hub.queue import LANES
from hub.services.knowledge import retrieval
from hub.settings import current_settings

_STARTED = time.monotonic()
_MAX_RSS_MB = 2048


def health() -> dict[str, Any]:
    """The process answers."""
    return {"status": "healthy", "timestamp": clock.iso(clock.now())}


def ready() -> Result:
    """Every part that an answer needs; 503 names what is missing."""
    checks = {"storage": _storage(), "redis": _redis(), "vectors": _vectors(), "ai": _ai(), "memory": _memory()}
    good = all(check["ok"] for check in checks.values())
    return Result({"ready": good, "checks": checks, "timestamp": clock.iso(clock.now())}, 200 if good else 503)


def _storage() -> dict[str, Any]:
    try:
        db.execute_sql("SELECT 1")
        return {"ok": True}
    except Away:
        discard()
        return {"ok": False, "message": "The database does not answer."}


def _redis() -> dict[str, Any]:
    try:
        return {"ok": bool(queue.redis().ping())}
    except RedisError:
        return {"ok": False, "message": "Redis does not answer; work waits in the database."}


def _vectors() -> dict[str, Any]:
    try:
        return {"ok": retrieval.vectors().ping()}
    except StoreError:
        return {"ok": False, "message": "Chroma does not answer; search uses words alone."}


def _ai() -> dict[str, Any]:
    settings = current_settings()
    return {"ok": True, "mode": "model" if settings.openai_api_key else "offline",
            "model": settings.openai_model if settings.openai_api_key else None}


def _memory() -> dict[str, Any]:
    used = _rss_mb()
    return {"ok": used < _MAX_RSS_MB, "rssMb": used}


def _rss_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def metrics() -> Response:
    """Numbers of this process and of the queues: JSON, or Prometheus text when asked for it."""
    values: dict[str, float] = {"parley_uptime_seconds": round(time.monotonic() - _STARTED, 1),
                                "parley_rss_megabytes": _rss_mb(), "parley_process_id": os.getpid()}
    try:
        with queue.redis().pipeline(transaction=False) as pipe:
            for name in LANES:
                pipe.llen(queue.queues()[name].key)
            waiting = pipe.execute()
        values |= {f'parley_queue_length{{queue="{name}"}}': length
                   for name, length in zip(LANES, waiting, strict=True)}
    except RedisError:
        values["parley_redis_up"] = 0
    if "text/plain" in request.headers.get("Accept", ""):
        return Response("".join(f"{name} {value}\n" for name, value in values.items()), mimetype="text/plain")
    return Response(orjson.dumps(values), mimetype="application/json")


def openapi() -> Response:
    """The description of every route, made from the tables."""
    return Response(_described(), mimetype="application/json", headers={"Cache-Control": "public, max-age=60"})


@cache
def _described() -> bytes:
    # Made once per process: the tables do not change, and making it takes a tenth of a second.
    return orjson.dumps(describe(current_app.extensions["parley.surfaces"]))


surface = Surface("system", ("/health", "/ready", "/metrics", "/openapi.json"), lambda permission: None, coded_error,
                  {})
surface.table(
    "system",
    get("/health", health, permission=Permission.ANYBODY, limit=()),
    get("/ready", ready, permission=Permission.ANYBODY, limit=()),
    get("/metrics", metrics, permission=Permission.ANYBODY, limit=(), plain=True),
    get("/openapi.json", openapi, permission=Permission.ANYBODY, limit=(), plain=True),
)
