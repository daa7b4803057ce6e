"""The main menu: one line per place, in sections, shown to those who may go there."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext
from flask_login import current_user

from hub.access.roles import Permission
from hub.lib.fields import N_

# (section, (endpoint, label, icon, permission)); a section without a name stands first.
PLACES = (
    ("", (
        ("inbox.index", N_("Inbox"), "inbox", Permission.VIEW_CONVERSATIONS),
    )),
    (N_("Settings"), (
        ("sites.index", N_("Site chat"), "message-chatbot", Permission.MANAGE_CHANNELS),
        ("knowledge_index.show", N_("Articles"), "book-2", Permission.MANAGE_KNOWLEDGE_BASE),
        ("answer_timing.show", N_("Answer timing"), "clock", Permission.MANAGE_AUTOSEND),
        ("team.index", N_("Team"), "users", Permission.MANAGE_USERS),
    )),
    (N_("For developers"), (
        ("docs.api", N_("API"), "code", Permission.SIGNED_IN),
    )),
)


@dataclass(frozen=True)
class NavItem:
    endpoint: str
    label: str
    icon: str
    active: bool
    section: str = ""           # the section that begins here
    count: int = 0


def nav() -> list[NavItem]:
    """The places of this person; the first one of each section carries its name."""
    if not (current_user and current_user.is_authenticated):
        return []
    return [item for section, places in PLACES for item in _items(section, places)]


def _is_here(endpoint: str) -> bool:
    """Is the page at this place, or below its address?"""
    return request.blueprint == endpoint.split(".")[0] or request.path.startswith(f"{url_for(endpoint)}/")


def _items(section: str, places: tuple[tuple[str, str, str, Permission], ...]) -> list[NavItem]:
    mine = [place for place in places if current_user.caller.may(place[3])]
    return [NavItem(endpoint, gettext(label), icon, _is_here(endpoint),
                    gettext(section) if section and index == 0 else "")
            for index, (endpoint, label, icon, _) in enumerate(mine)]
