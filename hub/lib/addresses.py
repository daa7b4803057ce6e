"""Network addresses: as limits count them, and which are public, where a stranger's URL may lead."""

import ipaddress
import re
import socket

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# What Python takes for global and is not a public host: multicast and 6to4 relays, Azure's metadata service, the
# deprecated spellings of IPv4, local NAT64, site-local and documentation (IANA special-purpose registries).
_NEVER = [ipaddress.ip_network(text) for text in (
    "0.0.0.0/8", "100.64.0.0/10", "168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "224.0.0.0/4",
    "240.0.0.0/4", "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16",
    "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8")]
# IPv6 that a gateway turns into the IPv4 address inside it: (network, bits to the right of that address).
_CARRYING_IPV4 = ((ipaddress.IPv6Network("64:ff9b::/96"), 0), (ipaddress.IPv6Network("2002::/16"), 80))
_HOST_PORT = re.compile(r"^(?:\[(?P<v6>[^\]]+)\](?::\d+)?|(?P<v4>\d+\.\d+\.\d+\.\d+):\d+)$")
_PREFIX = 64            # RFC 6177: the smallest block that an end site gets


def counted(text: str | None) -> str:
    """What limits count for an address: `203.0.113.9`, `2001:db8:1:2::/64`, `?` for what is no address."""
    try:
        address = ipaddress.ip_address(_bare((text or "").strip()))
    except ValueError:
        return "?"
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), _PREFIX), strict=False))


def _bare(text: str) -> str:
    """Without brackets, port and zone."""
    found = _HOST_PORT.match(text)
    return ((found["v6"] or found["v4"]) if found else text).partition("%")[0]


def public(host: str, port: int, loopback: bool = False) -> list[str]:
    """The addresses of a host when all of them are public; ValueError otherwise. `loopback` allows this machine.

    One lookup: whoever connects must use what comes back, or the name may mean another address by then. Spellings like
    2130706433, 0x7f.1 and 127.1 are what the system's resolver takes them for. Raises OSError when nothing is found.
    """
    found = list(dict.fromkeys(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
    for text in found:
        address = ipaddress.ip_address(text)
        if not (is_public(address) or (loopback and _inner(address).is_loopback)):
            raise ValueError(f"{host} is not a public address.")
    return found


def is_public(address: _Address) -> bool:
    """May a stranger's URL lead there?"""
    inner = _inner(address)
    return inner.is_global and not any(inner in network for network in _NEVER if network.version == inner.version)


def _inner(address: _Address) -> _Address:
    """The IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    for network, shift in _CARRYING_IPV4:
        if address in network:
            return ipaddress.IPv4Address(int(address) >> shift & 0xFFFFFFFF)
    return address.ipv4_mapped or address
