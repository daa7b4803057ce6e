"""E-mail addresses: which can be written to, and how they stand in a letter."""

import re
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr

from hub.lib import domains, text

_VISIBLE = re.compile(r"[!-~]+")


def typed(value: str) -> str:
    """The address as rows have it: without spaces around it and capitals. ValueError for what no letter reaches."""
    found = text.email(value)
    if on_the_wire(found).username != found.rpartition("@")[0]:
        raise ValueError("a comment or quotes")
    return found


def on_the_wire(address: str, name: str = "") -> Address:
    """The address in a letter's header: a domain in letters of any language becomes ASCII (RFC 5890); what stands
    before the @ must be ASCII, for few servers take anything else. ValueError for what is none."""
    local, _, domain = address.rpartition("@")
    if not _VISIBLE.fullmatch(local):
        raise ValueError(f"{address} is no e-mail address.")
    try:
        return Address(text.one_line(name), addr_spec=f"{local}@{domains.ascii_host(domain)}")
    except (ValueError, MessageError) as error:
        raise ValueError(f"{address} is no e-mail address.") from error


def sender(value: str) -> Address:
    """`Name <address>` or an address, as a header. ValueError for what is none."""
    name, address = parseaddr(value)
    return on_the_wire(address, name)
