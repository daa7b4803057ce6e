"""The template filter `linked`: text of people with its addresses as links. Everything else stays text."""

from markupsafe import Markup, escape

from hub.lib import links

_LINK = Markup('<a href="{}" target="_blank" rel="noopener nofollow">{}</a>')


def linked(text: str | None) -> Markup:
    return Markup("").join(_LINK.format(address, piece) if address else escape(piece)
                           for piece, address in links.split(text or ""))
