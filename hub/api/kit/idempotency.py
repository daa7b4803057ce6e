"""`Idempotency-Key` (or `X-Idempotency-Key`): a repeated write gets the first answer, without a second effect.

After Stripe: the first answer is kept; a request that was refused leaves nothing, so its key may be used again; the
same key with another body is an error; a key whose first request is still running answers 409. Keys live for 24 hours.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Response, request

from hub.access.identity import Who
from hub.errors import BadInput, Conflict
from hub.lib import ids
from hub.models.platform.idempotency import IdempotencyKey


def once(caller: Any, act: Callable[[], Response]) -> Response:
    """`act()`, or its first answer when this caller sent this key before."""
    if not isinstance(caller, Who) or request.method not in ("POST", "PUT", "PATCH", "DELETE"):
        return act()
    key = request.headers.get("Idempotency-Key", request.headers.get("X-Idempotency-Key"))
    if key is None:
        return act()
    if not 0 < len(key) <= 255:
        raise BadInput("idempotency_key_invalid", "An idempotency key has 1 to 255 characters.")
    return _first(caller, ids.digest(f"{caller.user.id}:{key}"), act)


def _first(caller: Who, key: str, act: Callable[[], Response]) -> Response:
    rows = list(IdempotencyKey.insert(tenant=caller.tenant, key=key, request=_digest()).on_conflict_ignore()
                .returning(IdempotencyKey.id).tuples().execute())
    if not rows:
        return _again(IdempotencyKey.get(IdempotencyKey.tenant == caller.tenant, IdempotencyKey.key == key))
    mine = IdempotencyKey.id == rows[0][0]
    try:
        response = act()
    except Exception:
        IdempotencyKey.delete().where(mine).execute()      # nothing happened: the key may be used again
        raise
    IdempotencyKey.update(status=response.status_code, answer=response.get_data(as_text=True)).where(mine).execute()
    return response


def _again(seen: IdempotencyKey) -> Response:
    if seen.request != _digest():
        raise BadInput("idempotency_key_reused", "This key was used for another request.", status=422)
    if seen.status is None:
        raise Conflict("idempotency_key_running", "The first request with this key is still running.")
    return Response(seen.answer, seen.status, mimetype="application/json", headers={"Idempotency-Replayed": "true"})


def _digest() -> str:
    whole = f"{request.method} {request.full_path}\n".encode() + request.get_data(cache=True)
    return hashlib.sha256(whole).hexdigest()
