"""`Idempotency-Key` (or `X-Idempotency-Key`): a repeated write gets the first response, without a second effect.

After Stripe: the first response is kept; a request that was refused leaves nothing, so its key may be used again; the
same key with another request is an error, whose status is the dialect's; a key whose first request is still running
answers 409. Keys live for 24 hours; a request that was killed frees its key after a minute.
"""

import hashlib
from collections.abc import Callable

from flask import Response, request

from hub.access.callers import Caller
from hub.errors import BadInput, Conflict, HubError
from hub.lib import clock, ids
from hub.models.platform.idempotency import IdempotencyKey

_WRITES = ("POST", "PUT", "PATCH", "DELETE")
# No request takes longer; one that has not ended by then was killed with its process.
_LEASE_S = 60


def once(caller: Caller, reused: int, act: Callable[[], Response]) -> Response:
    """`act()`, or its first response when this caller sent this key before; `reused`: the status of another request."""
    given = request.headers.get("Idempotency-Key", request.headers.get("X-Idempotency-Key"))
    if given is None or caller.tenant is None or request.method not in _WRITES:
        return act()
    if not given:
        raise BadInput("idempotency_key_invalid", "An idempotency key has at least one character.")
    key = ids.digest(f"{caller.actor}:{given}")         # keys of any length, and of any alphabet
    mine = _begin(caller, key) or _take_over(caller, key)
    return _first(mine, act) if mine else _again(caller, key, reused)


def _begin(caller: Caller, key: str) -> int | None:
    rows = list(IdempotencyKey.insert(tenant=caller.tenant, key=key, request=_digest()).on_conflict_ignore()
                .returning(IdempotencyKey.id).tuples().execute())
    return int(rows[0][0]) if rows else None


def _take_over(caller: Caller, key: str) -> int | None:
    """The key of the same request, whose process was killed before it answered."""
    rows = list(IdempotencyKey.update(created_at=clock.now())
                .where(IdempotencyKey.tenant == caller.tenant, IdempotencyKey.key == key,
                       IdempotencyKey.request == _digest(), IdempotencyKey.status.is_null(),
                       IdempotencyKey.created_at < clock.ahead(-_LEASE_S))
                .returning(IdempotencyKey.id).tuples().execute())
    return int(rows[0][0]) if rows else None


def _first(row_id: int, act: Callable[[], Response]) -> Response:
    mine = IdempotencyKey.id == row_id
    try:
        response = act()
    except Exception:
        IdempotencyKey.delete().where(mine).execute()      # nothing happened: the key may be used again
        raise
    IdempotencyKey.update(status=response.status_code, answer=response.get_data(as_text=True)).where(mine).execute()
    return response


def _again(caller: Caller, key: str, reused: int) -> Response:
    seen = IdempotencyKey.get(IdempotencyKey.tenant == caller.tenant, IdempotencyKey.key == key)
    if seen.request != _digest():
        raise BadInput("idempotency_key_reused", "This key was used for another request.", status=reused)
    if seen.status is None:
        raise Conflict("idempotency_key_running", "The first request with this key is still running.")
    if seen.answer is None:
        raise HubError("answer_erased", "It was done; what it answered was erased with the person it told of.",
                       status=410)
    return Response(seen.answer, seen.status, mimetype="application/json", headers={"Idempotency-Replayed": "true"})


def _digest() -> str:
    whole = f"{request.method} {request.full_path}\n".encode() + request.get_data(cache=True)
    return hashlib.sha256(whole).hexdigest()
