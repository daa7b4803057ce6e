"""The one outgoing door: every HTTP call of ours leaves through here, with deadlines and a size limit."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_TIMEOUT_S = 15.0
_CONNECT_S = 5.0
# Nobody whom we post to has more to say; what is longer, or comes too slowly, is cut.
_LONGEST = 1_000_000
_client: Any = None


class NotReached(Exception):
    """The request was certainly not taken: no connection."""


class InDoubt(Exception):
    """The request may have been taken: the answer did not come."""


@dataclass(frozen=True)
class Response:
    """What came back: the status, the headers (any case), and the body as far as it was read."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


def post(url: str, *, content: bytes, headers: dict[str, str], timeout_s: float = _TIMEOUT_S) -> Response:
    """POST bytes. Redirects are not followed: they would carry our signature away. Raises NotReached, InDoubt."""
    import httpx2  # 20 MB that idle processes do not need
    until = time.monotonic() + timeout_s
    try:
        with _shared().stream("POST", url, content=content, headers=headers,
                              timeout=httpx2.Timeout(timeout_s, connect=_CONNECT_S)) as answer:
            return Response(answer.status_code, answer.headers, _body(answer, until))
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.InvalidURL,
            httpx2.UnsupportedProtocol) as error:
        raise NotReached(f"The receiver was not reached ({type(error).__name__}).") from error
    except httpx2.HTTPError as error:
        raise InDoubt(f"The connection broke ({type(error).__name__}).") from error


def _body(answer: Any, until: float) -> bytes:
    body = b""
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > _LONGEST or time.monotonic() > until:
            break       # the status says all that matters
    return body[:_LONGEST]


def retry_after(answer: Response) -> float | None:
    """Seconds of a Retry-After header, when there is one in seconds: finite and not negative."""
    try:
        seconds = float(answer.headers["retry-after"])
    except (KeyError, ValueError):
        return None
    return seconds if 0 <= seconds < float("inf") else None


def _shared() -> Any:
    global _client
    if _client is None:
        import httpx2
        _client = httpx2.Client(follow_redirects=False, headers={"User-Agent": "Parley"})
    return _client
