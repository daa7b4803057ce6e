"""The main menu: one line per place, shown to those who may go there."""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext
from flask_login import current_user

from hub.access.roles import Permission


@dataclass(frozen=True)
class NavItem:
    endpoint: str
    label: str
    icon: str
    active: bool
    count: int = 0


def nav() -> list[NavItem]:
    if not (current_user and current_user.is_authenticated):
        return []
    places = [
        ("inbox.index", gettext("Inbox"), "inbox", Permission.VIEW_CONVERSATIONS),
        ("docs.api", gettext("API"), "code", Permission.SIGNED_IN),
    ]
    return [NavItem(endpoint, label, icon, request.blueprint == endpoint.split(".")[0])
            for endpoint, label, icon, permission in places if current_user.who.may(permission)]
