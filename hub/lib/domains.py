"""Which pages may embed a site: what a person types becomes a rule, and a rule is compared with a page's origin.

A rule is `example.com`, `*.example.com` (its subdomains alone) or either with `:port`; the name is in lower case and in
the form in which browsers send it (`xn--…`). IPv6 addresses stand in brackets.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import SplitResult, urlsplit

from hub.errors import BadInput

DEFAULT_PORTS = {"http": 80, "https": 443}
_SEPARATORS = re.compile(r"[\s,;]+")
_QUOTES = "\"'`<>«»“”„‘’"
# RFC 1123, 2.1; underscores are no host name by the letter, but browsers and test machines know them.
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_WHY = {
    "every_site": "leave the list empty to allow every site",
    "scheme": "only pages on http:// and https:// can show the chat",
    "person": "it looks like an e-mail address or holds a password",
    "form": "write it like example.com, *.example.com or example.com:8443",
}


def rules(texts: Iterable[str]) -> list[str]:
    """The rules of a list as people type it: one a line, or with commas between; each rule once, in its order.

    Raises BadInput (`domain_invalid`) with a sentence about the first part that is no domain.
    """
    typed = (part for text in texts for part in _SEPARATORS.split(text) if part.strip(_QUOTES))
    return list(dict.fromkeys(map(rule, typed)))


def rule(typed: str) -> str:
    """The rule that a person means by a domain or by the address of a page.

    Raises BadInput (`domain_invalid`; `issue` in its details is a key of the reasons above).
    """
    parts = _parts(typed)
    if isinstance(parts, str):
        shown = typed.strip()[:100]
        raise BadInput("domain_invalid", f"“{shown}” is no domain: {_WHY[parts]}.",
                       {"field": "allowedDomains", "issue": parts, "typed": shown})
    name, port = parts
    return name if port is None else f"{name}:{port}"


def _parts(typed: str) -> tuple[str, int | None] | str:
    """(name, port), or the key of the reason why it is no domain."""
    word = typed.strip().strip(_QUOTES).strip()
    try:
        url = urlsplit(word if "//" in word else f"//{word}")
        scheme, port = url.scheme.lower(), url.port
        if scheme not in ("", *DEFAULT_PORTS):
            return "scheme"
        if "@" in url.netloc:
            return "person"
        return _name(url), None if port == DEFAULT_PORTS.get(scheme) else port
    except ValueError:
        return "every_site" if word == "*" else "form"


def _name(url: SplitResult) -> str:
    """The host of a typed address as rules have it; ValueError when it is none."""
    host = url.hostname or ""
    if url.port == 0 or url.netloc.endswith(":"):
        raise ValueError("a colon without a port")
    if url.netloc.startswith("["):
        return f"[{IPv6Address(host).compressed}]"
    if re.fullmatch(r"[\d.]+", host):
        return str(IPv4Address(host))
    star = "*." if host.startswith("*.") else ""
    return star + ascii_host(host.removeprefix(star).removesuffix("."))


def ascii_host(host: str) -> str:
    """The name as browsers send it (UTS 46); ValueError for what can be no host name."""
    if not host.isascii():
        import idna  # half a megabyte of tables that most names do not need
        host = idna.encode(host, uts46=True).decode()
    labels = host.split(".")
    if len(host) > 253 or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdecimal():
        raise ValueError("no host name")
    return host


def matches(stored: str, origin: str) -> bool:
    """Does the rule allow a page of that origin (`https://host[:port]`)? Exact hosts: no prefixes, no suffixes."""
    wanted = _stored(stored)
    try:
        url = urlsplit(origin)
        host, port = (url.hostname or "").lower(), url.port or DEFAULT_PORTS.get(url.scheme)
    except ValueError:
        return False
    if isinstance(wanted, str) or url.scheme not in DEFAULT_PORTS or not host or "@" in url.netloc \
            or origin != f"{url.scheme}://{url.netloc}":
        return False
    name, only_port = wanted
    if only_port is not None and port != only_port:
        return False
    host = f"[{host}]" if ":" in host else host
    return host.endswith(name[1:]) and len(host) >= len(name) if name.startswith("*.") else host == name


# Rules that were stored before they were checked hold whole addresses; what no origin can fit stays unfit.
_stored = lru_cache(4_096)(_parts)
