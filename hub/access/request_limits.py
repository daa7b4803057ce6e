"""Counts the present request against rows of RATE_LIMITS: by caller, tenant, address, or a key of the request."""

from collections.abc import Callable

import orjson
from flask import Response, current_app, g, request

from hub.access import callers, identity
from hub.access.callers import Caller
from hub.access.limits import RATE_LIMITS, Left, Limiter, Per
from hub.lib import ids, text


def count(names: tuple[str, ...], caller: Caller) -> None:
    """One use of each limit, or Exceeded; the response's headers show the one with least left."""
    limiter: Limiter = current_app.extensions["parley.limiter"]
    tenant = callers.tenant_id(caller)
    left = [limiter.hit(name, key(RATE_LIMITS[name].per, caller), tenant) for name in names]
    if left:
        g.left = min(left, key=lambda item: item.remaining)


def key(per: str, caller: Caller) -> str:
    """What a limit counts; the address where the request has no such thing."""
    kind, _, name = per.partition(":")
    return _KEYS[Per(kind)](caller, name) or identity.remote_address()


def _tenant(caller: Caller, name: str) -> str:
    tenant = callers.tenant_id(caller)
    return "" if tenant is None else str(tenant)


def _path(caller: Caller, name: str) -> str:
    value = (request.view_args or {}).get(name)
    return _digest(caller, str(ids.parse(value) or value)) if value else ""


def _body(caller: Caller, name: str) -> str:
    value = request.form.get(name) if request.form else _sent().get(name)
    return _digest(caller, value) if isinstance(value, str) and value else ""


def _digest(caller: Caller, value: str) -> str:
    """However it is spelled, and never as it is: a stranger chooses how long it is, and Redis keeps no names."""
    return ids.digest(f"{_tenant(caller, value)} {text.fold(value)}")


def _sent() -> dict[str, object]:
    try:
        found = orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


_KEYS: dict[Per, Callable[[Caller, str], str]] = {
    Per.CALLER: lambda caller, name: caller.rate_key,
    Per.TENANT: _tenant,
    Per.ADDRESS: lambda caller, name: "",
    Per.PATH: _path,
    Per.BODY: _body,
}


def headers(response: Response) -> Response:
    """X-RateLimit-* of the narrowest limit that was counted."""
    left: Left | None = g.get("left")
    if left is not None:
        response.headers.add("X-RateLimit-Limit", str(left.limit))
        response.headers.add("X-RateLimit-Remaining", str(left.remaining))
        response.headers.add("X-RateLimit-Reset", str(left.reset))
    return response
