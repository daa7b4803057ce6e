"""One deadline for everything that a call does: connecting, headers, every byte of a trickling stream.

The timeouts of an HTTP client start anew with every byte, so a server that sends one byte every ten seconds is never
too slow for them. Here the socket itself is asked how long it may still wait.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ssl import SSLContext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpcore2

_until: ContextVar[float | None] = ContextVar("until", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Everything inside must be over `seconds` from now, and before the deadline around it."""
    outer = _until.get()
    until = time.monotonic() + seconds
    token = _until.set(until if outer is None else min(until, outer))
    try:
        yield
    finally:
        _until.reset(token)


def extend(until: float) -> None:
    """Move the innermost deadline to this moment of the monotonic clock."""
    _until.set(until)


def left() -> float:
    """Seconds that are left, never below 0; without a deadline a minute."""
    until = _until.get()
    return 60.0 if until is None else max(0.0, until - time.monotonic())


class Backend:
    """A network backend of httpcore2 whose every wait is cut at the deadline of the calling thread or greenlet."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **more: object) -> "_Stream":
        return _Stream(self._inner.connect_tcp(host, port, timeout=_cut(timeout), **more))

    def connect_unix_socket(self, path: str, timeout: float | None = None, **more: object) -> "_Stream":
        return _Stream(self._inner.connect_unix_socket(path, timeout=_cut(timeout), **more))

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(min(seconds, left()))


class _Stream:
    def __init__(self, inner: "httpcore2.NetworkStream") -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return bytes(self._inner.read(max_bytes, timeout=_cut(timeout)))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout=_cut(timeout))

    def start_tls(self, ssl_context: SSLContext, server_hostname: str | None = None,
                  timeout: float | None = None) -> "_Stream":
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _cut(timeout)))

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _cut(timeout: float | None) -> float:
    seconds = left() if timeout is None else min(timeout, left())
    if seconds <= 0:
        import httpcore2  # only loaded together with the client that calls this
        raise httpcore2.ReadTimeout("the deadline passed")
    return seconds
