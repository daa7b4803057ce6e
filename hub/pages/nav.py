"""The main menu: one entry per page, in groups, shown to those who may go there; the settings' search reads it, too."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from flask import request, url_for
from flask_babel import gettext
from flask_login import current_user

from hub.access.roles import Permission
from hub.lib.fields import N_

# (endpoint, label, icon, permission, other words for it, which the search of the settings knows)
Entry: TypeAlias = tuple[str, str, str, Permission, *tuple[str, ...]]
# By group; what has none always stands in front.
ENTRIES: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("", (
        ("inbox.index", N_("Inbox"), "inbox", Permission.VIEW_CONVERSATIONS),
        ("onboarding.show", N_("First steps"), "checks", Permission.MANAGE_TENANT_SETTINGS,
         N_("start, set up, wizard")),
        ("settings.index", N_("Settings"), "settings", Permission.SIGNED_IN),
    )),
    (N_("Your business"), (
        ("business.show", N_("Business"), "building-store", Permission.MANAGE_TENANT_SETTINGS,
         N_("company, logo, currency, tone, terms")),
        ("brand.show", N_("Look"), "star", Permission.MANAGE_TENANT_SETTINGS,
         N_("brand, branding, colour, letters, design")),
        ("business_hours.show", N_("Business hours"), "calendar", Permission.MANAGE_TENANT_SETTINGS,
         N_("schedule, weekend, holiday, lunch, opening times")),
    )),
    (N_("Chat and letters"), (
        ("sites.index", N_("Site chat"), "message-chatbot", Permission.MANAGE_CHANNELS,
         N_("widget, website, code, install, colour, button, channel")),
        ("mail.show", N_("Mail"), "mail", Permission.MANAGE_TENANT_SETTINGS, N_("SMTP, e-mail, sender, mail server")),
    )),
    (N_("Answers"), (
        ("knowledge_index.show", N_("Articles"), "book-2", Permission.MANAGE_KNOWLEDGE_BASE,
         N_("knowledge base, FAQ, index, search")),
        ("answer_timing.show", N_("Pauses"), "clock", Permission.MANAGE_AUTOSEND, N_("delay, speed, wait, bot")),
        ("human_replies.show", N_("When a person replies"), "player-pause", Permission.MANAGE_TENANT_SETTINGS,
         N_("operator, bot, pause, AI goes on")),
        ("features.index", N_("Features"), "adjustments-horizontal", Permission.MANAGE_TENANT_SETTINGS,
         N_("switch off, AI, drafts, suggestions, search by meaning")),
    )),
    (N_("People and access"), (
        ("team.index", N_("Team"), "users", Permission.MANAGE_USERS,
         N_("colleagues, staff, invitation, invite, owner, role")),
        ("roles.index", N_("Roles"), "user-check", Permission.SIGNED_IN, N_("rights, permissions, who may what")),
        ("profile.show", N_("Your account"), "user", Permission.SIGNED_IN,
         N_("profile, password, photo, avatar, e-mail, sign-in, passkey, sessions")),
        ("second_factor.show", N_("Two-step sign-in"), "device-mobile", Permission.SIGNED_IN,
         N_("2fa, second factor, code, authenticator, password, security")),
    )),
    (N_("Safety and data"), (
        ("security.show", N_("Security"), "lock", Permission.VIEW_AUDIT_LOGS, N_("safety, check, protection")),
        ("audit.index", N_("Audit log"), "history", Permission.VIEW_AUDIT_LOGS, N_("history, who did what, events")),
        ("retention.show", N_("Data"), "archive", Permission.MANAGE_TENANT_SETTINGS,
         N_("GDPR, personal data, retention, delete, storage, privacy")),
        ("exports.of_tenant", N_("Export"), "download", Permission.MANAGE_USERS,
         N_("GDPR, take everything along, download, ZIP, copy of the data")),
        ("closing.show", N_("Closing"), "logout", Permission.MANAGE_USERS, N_("GDPR, delete everything, erase, leave")),
    )),
    (N_("For developers"), (
        ("api_keys.index", N_("API keys"), "key", Permission.MANAGE_TENANT_SETTINGS, N_("token, integration, program")),
        ("docs.api", N_("API"), "code", Permission.SIGNED_IN, N_("documentation, OpenAPI, integration")),
    )),
    (N_("Platform"), (
        ("platform_tenants.index", N_("Businesses"), "building-store", Permission.PLATFORM_ADMIN),
        ("platform_users.index", N_("All people"), "users", Permission.PLATFORM_ADMIN),
        ("platform_secrets.index", N_("Secrets"), "key", Permission.PLATFORM_ADMIN),
        ("platform_proxies.index", N_("Proxies"), "world", Permission.PLATFORM_OWNER),
        ("mail.outbox", N_("Outbox"), "send", Permission.PLATFORM_OWNER),
        ("platform_updates.index", N_("Updates"), "refresh", Permission.PLATFORM_OWNER),
        ("platform_system.show", N_("System"), "chart-bar", Permission.PLATFORM_OWNER),
    )),
)


@dataclass(frozen=True)
class NavItem:
    endpoint: str
    label: str
    icon: str
    url: str
    is_here: bool = False
    count: int = 0


@dataclass(frozen=True)
class NavGroup:
    title: str
    items: list[NavItem]

    @property
    def is_here(self) -> bool:
        return any(item.is_here for item in self.items)


def nav() -> list[NavGroup]:
    """The groups that this person has entries in."""
    if not (current_user and current_user.is_authenticated):
        return []
    addresses = {entry[0]: url_for(entry[0]) for _, entries in ENTRIES for entry in entries}
    here = under(request.path, addresses)
    groups = [NavGroup(gettext(title) if title else "", [
        NavItem(endpoint, gettext(label), icon, addresses[endpoint], endpoint == here)
        for endpoint, label, icon, permission, *_ in entries if current_user.caller.may(permission)])
        for title, entries in ENTRIES]
    return [group for group in groups if group.items]


def under(path: str, addresses: Mapping[str, str]) -> str | None:
    """The key of the longest address that the path is at or below."""
    above = [key for key, address in addresses.items() if f"{path}/".startswith(f"{address}/")]
    return max(above, key=lambda key: len(addresses[key]), default=None)
