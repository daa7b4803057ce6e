"""The main menu: one entry per page, in sections, shown to those who may go there."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext
from flask_login import current_user

from hub.access.roles import Permission
from hub.lib.fields import N_

# (section, (endpoint, label, icon, permission)); a section without a name stands first.
ENTRIES = (
    ("", (
        ("inbox.index", N_("Inbox"), "inbox", Permission.VIEW_CONVERSATIONS),
    )),
    (N_("Settings"), (
        ("onboarding.show", N_("First steps"), "checks", Permission.MANAGE_TENANT_SETTINGS),
        ("sites.index", N_("Site chat"), "message-chatbot", Permission.MANAGE_CHANNELS),
        ("knowledge_index.show", N_("Articles"), "book-2", Permission.MANAGE_KNOWLEDGE_BASE),
        ("answer_timing.show", N_("Pauses"), "clock", Permission.MANAGE_AUTOSEND),
        ("business.show", N_("Business"), "building-store", Permission.MANAGE_TENANT_SETTINGS),
        ("business_hours.show", N_("Business hours"), "calendar", Permission.MANAGE_TENANT_SETTINGS),
        ("human_replies.show", N_("When a person replies"), "player-pause", Permission.MANAGE_TENANT_SETTINGS),
        ("team.index", N_("Team"), "users", Permission.MANAGE_USERS),
        ("api_keys.index", N_("API keys"), "key", Permission.MANAGE_TENANT_SETTINGS),
        ("mail.show", N_("Mail"), "mail", Permission.MANAGE_TENANT_SETTINGS),
        ("features.index", N_("Features"), "adjustments-horizontal", Permission.MANAGE_TENANT_SETTINGS),
        ("audit.index", N_("Audit log"), "history", Permission.VIEW_AUDIT_LOGS),
        ("retention.show", N_("Data"), "archive", Permission.MANAGE_TENANT_SETTINGS),
        ("closing.show", N_("Closing"), "logout", Permission.MANAGE_USERS),
        ("security.show", N_("Security"), "lock", Permission.VIEW_AUDIT_LOGS),
    )),
    (N_("Platform"), (
        ("platform_tenants.index", N_("Businesses"), "building-store", Permission.PLATFORM_ADMIN),
        ("platform_users.index", N_("All people"), "user-check", Permission.PLATFORM_ADMIN),
        ("platform_secrets.index", N_("Secrets"), "key", Permission.PLATFORM_ADMIN),
        ("platform_proxies.index", N_("Proxies"), "world", Permission.PLATFORM_OWNER),
        ("mail.outbox", N_("Outbox"), "send", Permission.PLATFORM_OWNER),
        ("platform_system.show", N_("System"), "chart-bar", Permission.PLATFORM_OWNER),
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
    """The entries of this person; the first one of each section carries its name."""
    if not (current_user and current_user.is_authenticated):
        return []
    return [item for section, entries in ENTRIES for item in _items(section, entries)]


def _is_here(endpoint: str) -> bool:
    """Is the page at this address, or below it?"""
    return request.blueprint == endpoint.split(".")[0] or request.path.startswith(f"{url_for(endpoint)}/")


def _items(section: str, entries: tuple[tuple[str, str, str, Permission], ...]) -> list[NavItem]:
    mine = [entry for entry in entries if current_user.caller.may(entry[3])]
    return [NavItem(endpoint, gettext(label), icon, _is_here(endpoint),
                    gettext(section) if section and index == 0 else "")
            for index, (endpoint, label, icon, _) in enumerate(mine)]
