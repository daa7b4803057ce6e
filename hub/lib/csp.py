"""Content-Security-Policy as a browser reads it: may a page load something from an address?

https://www.w3.org/TR/CSP3/, 6.7.2; of the sources that take part here: hosts, schemes, 'self', * and nonces.
"""

from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_FALLBACKS = {"script-src": ("script-src-elem", "script-src", "default-src"),
              "connect-src": ("connect-src", "default-src")}
# What a source of a scheme allows; and one without a scheme, on a page of that scheme.
_SCHEMES = {"http": ("http", "https"), "https": ("https",), "ws": ("ws", "wss", "http", "https"),
            "wss": ("wss", "https")}
_OF_PAGE = {"http": ("http", "https", "ws", "wss"), "https": ("https", "wss")}


def allows(policies: Iterable[str], kind: str, url: str, page: str, nonce: str = "") -> bool:
    """Do all policies of the page at `page` allow `url`? `kind`: script-src | connect-src."""
    return all(_one(directives(policy), kind, url, page, nonce) for policy in policies)


def directives(policy: str) -> dict[str, list[str]]:
    """{name: sources}; of a name that comes twice the first counts."""
    found: dict[str, list[str]] = {}
    for part in policy.split(";"):
        name, *sources = part.split() or [""]
        if name:
            found.setdefault(name.lower(), sources)
    return found


def _one(found: dict[str, list[str]], kind: str, url: str, page: str, nonce: str) -> bool:
    sources = next((found[name] for name in _FALLBACKS[kind] if name in found), None)
    if sources is None:
        return True
    words = [source.lower() for source in sources]
    if nonce and f"'nonce-{nonce}'" in sources:
        return True
    if kind == "script-src" and "'strict-dynamic'" in words:
        return False            # hosts do not count then
    try:
        return any(_fits(source, urlsplit(url), urlsplit(page)) for source in sources)
    except ValueError:          # no address at all: no source is it
        return False


def _fits(source: str, url: SplitResult, page: SplitResult) -> bool:
    if source == "*":
        return url.scheme in _PORTS
    if source.lower() == "'self'":
        return origin(url) == origin(page)
    if source.startswith("'"):
        return False
    if source.endswith(":"):
        scheme = source[:-1].lower()
        return url.scheme in _SCHEMES.get(scheme, (scheme,))
    return _host_fits(source, url, page)


def _host_fits(source: str, url: SplitResult, page: SplitResult) -> bool:
    scheme, _, rest = source.rpartition("://")
    where, _, path = rest.partition("/")        # of which alone it matters how it is written
    scheme, (host, _, port) = scheme.lower(), where.lower().partition(":")
    name, default = (url.hostname or "").lower(), _PORTS.get(url.scheme)
    schemes = _SCHEMES.get(scheme, (scheme,)) if scheme else _OF_PAGE.get(page.scheme, ())
    is_named = name.endswith(host[1:]) and name != host[2:] if host.startswith("*.") else name == host
    is_at_port = port == "*" or str(origin(url)[1]) == (port or str(default))
    is_below = not path or (url.path.startswith(f"/{path}") if path.endswith("/") else url.path == f"/{path}")
    return url.scheme in schemes and is_named and is_at_port and is_below


def origin(url: SplitResult) -> tuple[str | None, int | None]:
    """(host, port) that an address leads to. ValueError for a port that there is not."""
    return url.hostname, url.port or _PORTS.get(url.scheme)
