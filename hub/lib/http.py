"""The one outgoing door: every HTTP call of ours leaves through `call`, with a deadline, a size limit and a policy.

Two kinds of calls do not: models are asked through the `openai` client, whose dialect of streams and errors we would
only copy (hub/ai/clients.py gives it the same deadline and no redirects), and Chroma is spoken to by hub/ai/store.py.
Their addresses come from whoever runs the hub; what a business types in never reaches them.
"""

import importlib
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from hub.lib import addresses, deadline
from hub.lib.fields import N_

if TYPE_CHECKING:
    import ssl

    import httpx2

_TIMEOUT_S, _CONNECT_S = 15.0, 5.0
_LONGEST = 1_000_000
# Safe to repeat (RFC 9110, 9.2.2); others are when the receiver knows our Idempotency-Key.
_IDEMPOTENT = ("GET", "HEAD", "PUT", "DELETE", "OPTIONS")
_TRANSIENT = (408, 425, 429, 500, 502, 503, 504)
_SECRET_HEADERS = ("authorization", "cookie", "proxy-authorization")
PROXY_REFUSES, PROXY_IS_NONE = N_("The proxy wants another name or password."), N_("The proxy speaks another protocol.")
# How httpcore2 begins and ends what it says of a proxy that wants a name or another password (HTTP, then SOCKS).
_REFUSING = re.compile(r"407\b.*|Invalid username/password")
_loopback = False
_through: ContextVar[str | None] = ContextVar("through", default=None)


class NotReached(Exception):
    """The request was certainly not taken: no connection."""


class NotAllowed(NotReached):
    """The address is not one where this call may go; trying again cannot help."""


class InDoubt(Exception):
    """The request may have been taken: the response did not come."""


@dataclass(frozen=True)
class Response:
    """What came back: the status, the headers (any case), and the body as far as it was read. `cut`: there was more."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes
    cut: bool = False


@dataclass(frozen=True)
class _Way:
    """Which addresses a call may go to, and through which proxy; `alone`: its connection is not kept for the next."""

    public_only: bool
    loopback: bool
    proxy: str | None
    alone: bool


@dataclass(frozen=True)
class Retry:
    """How often to try again inside the deadline, after `wait_s`, then twice as long; or as Retry-After says."""

    times: int = 0
    wait_s: float = 0.5


def allow_loopback(allowed: bool) -> None:
    """Whether `public_only` lets this machine pass: for development alone."""
    global _loopback
    _loopback = allowed


@contextmanager
def through(proxy: str | None) -> Iterator[None]:
    """While inside, what this greenlet calls leaves through that proxy (http://, https:// or socks5://, with name and
    password), unless a call names one itself; None: as before."""
    former = _through.set(proxy or _through.get())
    try:
        yield
    finally:
        _through.reset(former)


def call(method: str, url: str, *, content: bytes = b"", headers: Mapping[str, str] | None = None,
         timeout_s: float = _TIMEOUT_S, most_bytes: int = _LONGEST, public_only: bool = False, redirects: int = 0,
         retry: Retry = Retry(), proxy: str | None = None) -> Response:
    """One HTTP call; every status is a response. Raises NotReached, NotAllowed, InDoubt.

    `timeout_s` covers everything: lookup, connection, redirects, retries, the last byte. A body longer than
    `most_bytes`, or not whole at the deadline, is cut. `public_only`: for every URL that a tenant or a customer gave:
    the address is looked up once, checked, and connected to; so is each redirect's, and the proxy's. `redirects`: how
    many are followed, for GET and HEAD alone, without our credentials once the origin changes. What is not idempotent
    is repeated only if it was certainly not taken. `proxy`: of this call alone, which leaves no connection behind.
    """
    importlib.import_module("httpx2")       # the first time it takes long, and the receiver's time has not begun
    way = _Way(public_only, _loopback, proxy or _through.get(), bool(proxy))
    until, wait = time.monotonic() + timeout_s, retry.wait_s
    sent = {name.lower(): value for name, value in (headers or {}).items()}
    for attempt in range(retry.times + 1):
        is_last = attempt == retry.times
        try:
            response = _followed(method.upper(), url, content, sent, until, most_bytes, redirects, way)
            if is_last or response.status_code not in _TRANSIENT or not _repeatable(method, sent):
                return response
            pause = retry_after(response) or wait
        except (NotReached, InDoubt) as error:
            if is_last or isinstance(error, NotAllowed) or not (
                    isinstance(error, NotReached) or _repeatable(method, sent)):
                raise
            response, pause = None, wait
        if time.monotonic() + pause >= until:
            break
        time.sleep(pause)
        wait *= 2
    if response is None:
        raise NotReached("The receiver was not reached in time.")
    return response


def retry_after(response: Response) -> float | None:
    """Seconds of a Retry-After header, when there is one in seconds: finite and not negative."""
    try:
        seconds = float(response.headers["retry-after"])
    except (KeyError, ValueError):
        return None
    return seconds if 0 <= seconds < float("inf") else None


def _repeatable(method: str, headers: Mapping[str, str]) -> bool:
    return method.upper() in _IDEMPOTENT or "idempotency-key" in headers


def _followed(method: str, url: str, content: bytes, headers: dict[str, str], until: float, most_bytes: int,
              redirects: int, way: _Way) -> Response:
    for _ in range(redirects + 1):
        response = _once(method, url, content, headers, until, most_bytes, way)
        target = response.headers.get("location")
        if response.status_code not in (301, 302, 303, 307, 308) or not target or method not in ("GET", "HEAD"):
            return response
        if not redirects:
            return response
        following = urljoin(url, target)
        if urlsplit(following)[:2] != urlsplit(url)[:2]:
            headers = {name: value for name, value in headers.items() if name not in _SECRET_HEADERS}
        url = following
    raise NotReached(f"The receiver redirected more than {redirects} times.")


def _once(method: str, url: str, content: bytes, headers: dict[str, str], until: float, most_bytes: int,
          way: _Way) -> Response:
    import httpx2  # 20 MB that idle processes do not need
    _check(url, way.public_only)
    left = until - time.monotonic()
    with deadline.within(left), _as_ours(way.proxy), _opened(way) as client:
        if way.public_only and way.proxy:       # it looks the name up by itself: at least we have seen where it leads
            parts = urlsplit(url)
            _public(parts.hostname or "", parts.port or 443)
        timeout = httpx2.Timeout(max(left, 0.001), connect=min(_CONNECT_S, max(left, 0.001)))
        with client.stream(method, url, content=content or None, timeout=timeout,
                           headers={"accept-encoding": "identity", **headers}) as response:
            if way.proxy and response.status_code == 407:       # it is the proxy that says so (RFC 9110, 15.5.8)
                raise NotReached(PROXY_REFUSES)
            body, cut = _body(response, until, most_bytes)
            return Response(response.status_code, response.headers, body, cut)


def _check(url: str, public_only: bool) -> None:
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise NotAllowed("This is not an http or https address.")
    if public_only and (parts.username is not None or parts.password is not None or "\\" in url):
        raise NotAllowed("An address may not hold a user name.")


@contextmanager
def _as_ours(proxy: str | None) -> Iterator[None]:
    import httpx2
    from socksio import SOCKSError
    try:
        yield
    except (SOCKSError, AssertionError) as error:       # httpcore2 asserts what a SOCKS proxy has to say
        if not proxy:
            raise
        raise NotReached(PROXY_IS_NONE) from error
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.InvalidURL, httpx2.ProxyError,
            httpx2.UnsupportedProtocol) as error:
        refused = isinstance(error, httpx2.ProxyError) and _REFUSING.fullmatch(str(error))
        raise NotReached(PROXY_REFUSES if refused else
                         f"The receiver was not reached ({type(error).__name__}).") from error
    except (httpx2.HTTPError, OSError) as error:
        raise InDoubt(f"The connection broke ({type(error).__name__}).") from error


def _body(response: Any, until: float, most_bytes: int) -> tuple[bytes, bool]:
    """Undecoded: we ask for identity, and a few packed kilobytes may be gigabytes."""
    import httpx2
    body = bytearray()
    try:
        for piece in response.iter_raw():
            body += piece
            if len(body) > most_bytes or time.monotonic() > until:
                return bytes(body[:most_bytes]), True
    except httpx2.ReadTimeout:
        if time.monotonic() < until:
            raise
        return bytes(body), True        # the status says what matters
    return bytes(body), False


@contextmanager
def _opened(way: _Way) -> Iterator["httpx2.Client"]:
    """The client of this policy, or one of the call's own: proxies are checked by the thousand."""
    if not way.alone:
        yield _client(way)
        return
    with _made(way) as client:
        yield client


@lru_cache(maxsize=64)
def _client(way: _Way) -> "httpx2.Client":
    """One pool per policy, so that a connection is never reused by a call that may not go there."""
    return _made(way)


def _made(way: _Way) -> "httpx2.Client":
    import httpx2
    tls = _tls(not way.public_only)
    proxy = httpx2.Proxy(way.proxy, ssl_context=tls if way.proxy.startswith("https:") else None) if way.proxy else None
    client = httpx2.Client(follow_redirects=False, headers={"User-Agent": "Parley"}, proxy=proxy, verify=tls,
                           trust_env=not way.public_only)
    # httpx2 has no public way to hand a network backend to httpcore2, which does; the lock pins both.
    for transport in (client._transport, *filter(None, client._mounts.values())):
        inner = transport._pool  # type: ignore[attr-defined]
        backend = _Public(inner._network_backend) if way.public_only else inner._network_backend
        inner._network_backend = deadline.Backend(backend)
    return client


@lru_cache(maxsize=2)
def _tls(trust_env: bool) -> "ssl.SSLContext":
    """What we trust, for all clients: reading it holds everybody up for a tenth of a second."""
    import httpx2
    return httpx2.create_ssl_context(trust_env=trust_env)


class _Public:
    """A network backend of httpcore2 that connects to the very address it has checked. TLS still names the host."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **more: object) -> Any:
        import httpcore2
        last: Exception = httpcore2.ConnectError("no address")
        for address in _public(host, port):
            try:
                return self._inner.connect_tcp(address, port, timeout=timeout, **more)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                last = error
        raise last

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


def _public(host: str, port: int) -> list[str]:
    try:
        return addresses.public(host, port, _loopback)
    except ValueError as error:
        raise NotAllowed(str(error)) from None
    except OSError as error:
        raise NotReached(f"There is no such host ({type(error).__name__}).") from error
