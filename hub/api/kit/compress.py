"""What makes responses smaller: gzip for text where the caller takes it, and 304 where the caller has it already."""

import gzip
from functools import lru_cache

from flask import Response, request
from werkzeug.datastructures import Accept

from hub.lib import threads

# Under this a response is one packet either way.
_SMALLEST = 1_000
# Of 59 KB of JSON level 1 leaves 15.4 %, 4 12.7 %, 6 11.8 % and 9 11.6 %, for 0.3, 0.5, 0.9 and 1.8 ms of a core.
_EACH_TIME, _ONCE = 4, 9
# From here on it takes longer than handing it to another thread.
_LARGE = 256 * 1024
_TEXT = frozenset(("application/json", "application/javascript", "application/manifest+json",
                   "application/problem+json", "application/xml", "image/svg+xml"))
_NEVER = frozenset(("text/event-stream",))      # each event must arrive by itself


def finish(response: Response) -> None:
    """The last step of every response. Streams and what a handler has encoded itself stay as they are."""
    if response.headers.get("ETag") and _is_known(response):
        response.status_code = 304
        return
    if not _is_text(response) or response.is_streamed or "Content-Encoding" in response.headers:
        return
    body = response.get_data()
    if len(body) < _SMALLEST:
        return
    response.vary.add("Accept-Encoding")
    if not takes_gzip(request.accept_encodings):
        return
    is_public = response.cache_control.public
    response.set_data(_packed_once(body) if is_public else _packed(body, _EACH_TIME))
    response.headers["Content-Encoding"] = "gzip"
    _make_etag_weak(response)


def takes_gzip(accepted: Accept) -> bool:
    """Does Accept-Encoding allow gzip, and not like the plain form better? RFC 9110, 12.5.3."""
    quality: float = accepted.quality("gzip")
    return quality > 0 and quality >= accepted.quality("identity")


@lru_cache(maxsize=256)
def _packed_once(body: bytes) -> bytes:
    """For what many ask for: files, a site's look, the description of the API."""
    return _packed(body, _ONCE)


def _packed(body: bytes, level: int) -> bytes:
    def pack() -> bytes:
        return gzip.compress(body, level, mtime=0)

    return pack() if len(body) < _LARGE else threads.run(pack)


def _is_known(response: Response) -> bool:
    """Weak comparison, as RFC 9110, 13.1.2 wants it: proxies that compress make a mark weak."""
    mark, _ = response.get_etag()
    return (response.status_code == 200 and request.method in ("GET", "HEAD") and mark is not None
            and request.if_none_match.contains_weak(mark))


def _is_text(response: Response) -> bool:
    kind = response.mimetype or ""
    is_text = kind in _TEXT or (kind.startswith("text/") and kind not in _NEVER)
    return is_text and response.status_code != 206       # a part of it: its bytes are counted as they are


def _make_etag_weak(response: Response) -> None:
    """The same mark for other bytes may not be a strong one."""
    mark, is_weak = response.get_etag()
    if mark is not None and not is_weak:
        response.set_etag(mark, weak=True)
