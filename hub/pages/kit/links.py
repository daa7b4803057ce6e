"""The template filter `linked`: text of people with its addresses as links. Everything else stays text. And where a
form may lead."""

from urllib.parse import urlsplit

from markupsafe import Markup, escape

from hub.lib import links

_LINK = Markup('<a href="{}" target="_blank" rel="noopener nofollow">{}</a>')


def linked(text: str | None) -> Markup:
    return Markup("").join(_LINK.format(address, piece) if address else escape(piece)
                           for piece, address in links.split(text or ""))


def own_path(target: str | None, home: str) -> str:
    """Only a path on this site, else `home`: no host, no scheme, no backslash trick."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return home
    parts = urlsplit(target)
    return home if parts.scheme or parts.netloc or any(ord(sign) < 32 for sign in target) else target
