"""Network addresses as they are counted: parsed, without ports, IPv6 by the /64 that one customer of a provider has."""

import re
from ipaddress import IPv6Address, ip_address, ip_network

_HOST_PORT = re.compile(r"^(?:\[(?P<v6>[^\]]+)\](?::\d+)?|(?P<v4>\d+\.\d+\.\d+\.\d+):\d+)$")
_PREFIX = 64            # RFC 6177: the smallest block that an end site gets


def counted(text: str | None) -> str:
    """What limits count for an address: `203.0.113.9`, `2001:db8:1:2::/64`, `?` for what is no address."""
    try:
        address = ip_address(_bare((text or "").strip()))
    except ValueError:
        return "?"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network((int(address), _PREFIX), strict=False))
    return str(address)


def _bare(text: str) -> str:
    """Without brackets, port and zone."""
    found = _HOST_PORT.match(text)
    return ((found["v6"] or found["v4"]) if found else text).partition("%")[0]
