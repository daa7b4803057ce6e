"""Lists of proxies as people paste them: every usual way to write one, told apart by what stands where."""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from hub.lib.fields import N_

PROTOCOLS = ("http", "https", "socks5")
_SCHEMES = {"http": "http", "https": "https", "socks5": "socks5", "socks5h": "socks5", "socks": "socks5"}
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LONGEST = 253          # characters of a name (RFC 1035)
_AROUND = re.compile(r"[\s,;|]+")


class NoProxy(ValueError):
    """What is wrong with a text, in a sentence that repeats nothing of it: it may hold a password."""


@dataclass(frozen=True)
class Written:
    """A proxy as somebody wrote it."""

    host: str
    port: int
    protocol: str
    username: str = ""
    password: str = field(default="", repr=False)


def parsed(text: str, protocol: str = "http") -> tuple[list[Written], list[tuple[int, str]]]:
    """(proxies, [(number of the line, what is wrong)]) of a pasted text. Empty lines and comments (#) are passed over.

    `protocol` is for lines that name none.
    """
    good: list[Written] = []
    wrong: list[tuple[int, str]] = []
    for number, entry in enumerate(text.splitlines(), 1):
        if not entry.strip() or entry.lstrip().startswith("#"):
            continue
        try:
            good.append(read(entry, protocol))
        except NoProxy as error:
            wrong.append((number, str(error)))
    return good, wrong


def read(entry: str, protocol: str = "http") -> Written:
    """One proxy; NoProxy. The spellings, each also behind `scheme://`:

    host:port · host:port:name:password · name:password:host:port · name:password@host:port · host:port@name:password,
    with commas, semicolons, bars or blanks instead of colons; an IPv6 address in brackets.
    """
    entry = entry.strip()
    scheme, sign, rest = entry.partition("://")
    if sign and scheme.lower() not in _SCHEMES:
        raise NoProxy(N_("Only http, https and socks5 are known."))
    if sign:
        protocol, entry = _SCHEMES[scheme.lower()], rest.rstrip("/")
    elif (words := _AROUND.split(entry, 1))[0].lower() in _SCHEMES and len(words) > 1:
        protocol, entry = _SCHEMES[words[0].lower()], words[1]
    is_url = bool(sign)
    if "@" in entry:
        return _around_at(entry, protocol, is_url)
    return _in_parts(_parts(entry), protocol)


def _around_at(entry: str, protocol: str, is_url: bool) -> Written:
    before, _, after = entry.rpartition("@")
    for user, target in ((before, after), (after, before)):
        try:
            host, port = _host_port(target)
        except NoProxy:
            continue
        name, _, password = user.partition(":")
        return Written(host, port, protocol, *((unquote(name), unquote(password)) if is_url else (name, password)))
    raise NoProxy(N_("There is no host with a port in it."))


def _parts(entry: str) -> list[str]:
    """Of `[2001:db8::1]:1080:name:password` the first one is the address."""
    bracketed = re.match(r"(\[[^\]]*\])(.*)", entry)
    head, rest = (bracketed[1], bracketed[2]) if bracketed else ("", entry)
    first, *others = _AROUND.split(rest.lstrip(":") if head else rest)
    # With other signs between the parts a colon may be one of a password, except between host and port.
    split = [*first.split(":", 1), *others] if others else first.split(":")
    return [*([head] if head else []), *filter(None, split)]


def _in_parts(parts: list[str], protocol: str) -> Written:
    if len(parts) == 2:
        return Written(*_host_port(":".join(parts)), protocol)
    if len(parts) in (3, 4) and _is_place(parts[0], parts[1]):
        return Written(*_host_port(f"{parts[0]}:{parts[1]}"), protocol, *parts[2:])
    if len(parts) == 4 and _is_place(parts[2], parts[3]):
        return Written(*_host_port(f"{parts[2]}:{parts[3]}"), protocol, parts[0], parts[1])
    raise NoProxy(N_("There is no host with a port in it."))


def _is_place(host: str, port: str) -> bool:
    try:
        return bool(_host_port(f"{host}:{port}"))
    except NoProxy:
        return False


def _host_port(text: str) -> tuple[str, int]:
    try:
        found = urlsplit(f"//{text.strip()}")
        name, port = found.hostname or "", found.port
    except ValueError:
        raise NoProxy(N_("The port must be a number from 1 to 65535.")) from None
    if not port or found.username is not None or found.path or found.query or found.fragment:
        raise NoProxy(N_("The port must be a number from 1 to 65535."))
    return host(name), port


def host(name: str) -> str:
    """A host's name or address as it is kept; NoProxy."""
    name = name.strip().removeprefix("[").removesuffix("]").lower()
    try:
        return str(ip_address(name))
    except ValueError:
        pass
    try:
        name = name.encode("idna").decode() if not name.isascii() else name
    except UnicodeError:
        name = ""
    labels = name.removesuffix(".").split(".")
    if len(name) > _LONGEST or labels[-1].isdigit() or not all(map(_LABEL.fullmatch, labels)):
        raise NoProxy(N_("The host must be a name or an address."))
    return ".".join(labels)
