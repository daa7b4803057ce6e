"""Every documented endpoint that we serve is open to whom the documents say: tests/contract/endpoints.csv."""

import csv
import re
from pathlib import Path

import pytest

from hub.access.roles import Permission
from scripts.routes import every

# What the documents say in other words than a permission's name, in the permissions that may stand for it. Most rows of
# the third document ask for a token only; which role that is, is ours to say: at the least a signed-in person.
_PERSON = {permission for permission in Permission if permission.isupper()} | {Permission.SIGNED_IN}
MEANS = {
    "none": {Permission.ANYBODY}, "none stated": {Permission.ANYBODY},
    "none (reads session if present)": {Permission.ANYBODY},
    "refresh token (httpOnly cookie)": {Permission.ANYBODY},        # the token itself is the proof
    "session required": {Permission.SIGNED_IN}, "requireAuth": {Permission.SIGNED_IN}, "JWT Bearer": _PERSON,
    "operator UI page (session implied)": {Permission.SIGNED_IN},
    "JWT Bearer (unstated)": _PERSON,
    "JWT": _PERSON,
    "requireAuth; requireOperator": {Permission.MANAGE_CUSTOMERS, Permission.MANAGE_CONVERSATIONS},
    "requireAuth; requirePlatformAdmin": {Permission.PLATFORM_ADMIN},
    "requireAuth; requirePlatformOwner": {Permission.PLATFORM_OWNER},
    "requireAuth; PA (global: PO)": {Permission.PLATFORM_ADMIN},
    "JWT Bearer (admin only)": {Permission.PLATFORM_ADMIN},
    "X-Admin-Token": {Permission.SERVICE}, "X-Admin-Token (implied)": {Permission.SERVICE},
    "X-Auth-Token = WA_WEB_TOKEN, or ?token=": {Permission.SERVICE},
    # What concerns one business takes its key, all of them a key of the platform.
    "X-API-Key": {Permission.API_KEY, Permission.PLATFORM_ADMIN},
    "requireAuth; requireAdmin": {Permission.MANAGE_AUTOSEND, Permission.MANAGE_TENANT_SETTINGS},
}
# The roles that the third document names in its text, or that ours give to such changes.
OURS = {"PATCH /api/conversations/{}/pause": "MANAGE_CONVERSATIONS",
        "PATCH /api/conversations/{}/resume": "MANAGE_CONVERSATIONS",
        "GET /api/agents": "VIEW_CONVERSATIONS", "POST /api/agents": "MANAGE_AUTOSEND",
        "GET /api/agents/{}": "VIEW_CONVERSATIONS", "PATCH /api/agents/{}": "MANAGE_KNOWLEDGE_BASE",
        "DELETE /api/agents/{}": "MANAGE_AUTOSEND", "POST /api/agents/{}/duplicate": "MANAGE_AUTOSEND",
        "PATCH /api/agents/{}/toggle": "MANAGE_KNOWLEDGE_BASE",
        "POST /api/conversations/{}/messages": "MANAGE_CONVERSATIONS",
        "GET /api/conversations/{}/audit": "VIEW_AUDIT_LOGS", "GET /api/admin/audit-events": "VIEW_AUDIT_LOGS",
        "GET /api/admin/audit-events/{}/{}": "VIEW_AUDIT_LOGS", "POST /api/email/test_send": "MANAGE_TENANT_SETTINGS",
        "GET /api/user/profile": "signed-in", "PATCH /api/user/profile": "signed-in",
        "POST /api/user/avatar": "signed-in", "PATCH /api/user/settings": "MANAGE_TENANT_SETTINGS",
        "GET /api/user/settings": "signed-in",
        "POST /auth/invite": "MANAGE_USERS", "GET /api/onboarding/state": "VIEW_CONVERSATIONS",
        **{f"POST /api/onboarding/{step}": "MANAGE_TENANT_SETTINGS" for step in (
            "setup", "complete-step", "generate-templates", "apply-templates")}}
# Ours by agreement of the widget and the hub, in no document.
WIDGET = {"GET /widget/config": "anybody", "POST /widget/session": "anybody", "POST /widget/messages": "visitor",
          "GET /widget/messages": "visitor", "GET /widget/live": "visitor", "GET /widget/events": "visitor",
          "POST /widget/read": "visitor", "POST /widget/typing": "visitor", "POST /widget/handoff": "visitor"}
HAVE = {f"{method} {re.sub('<[^>]+>', '{}', path)}": permission for method, path, permission in every()}


def documented() -> list[tuple[str, str]]:
    """(endpoint, who may) of every documented row that we serve."""
    with (Path(__file__).parent.parent / "contract" / "endpoints.csv").open(encoding="utf-8", newline="") as file:
        rows = [(f"{row['method']} {re.sub(':[A-Za-z_]+|{[^}]*}', '{}', row['unified'])}", row["auth"])
                for row in csv.DictReader(file) if row["kind"] == "http"]
    return [(endpoint, who) for endpoint, who in rows if endpoint in HAVE]


def meant(who: str) -> set[Permission]:
    """The permissions that these words allow. KeyError for words that nobody has translated yet."""
    named = re.search(r"requirePermission\((\w+)\)", who)
    return {Permission(named[1])} if named else MEANS[who]


@pytest.mark.parametrize(("endpoint", "who"), documented(), ids=lambda value: str(value))
def test_it_is_open_to_whom_the_documents_say(endpoint: str, who: str) -> None:
    assert HAVE[endpoint] in meant(who)


@pytest.mark.parametrize(("endpoint", "permission"), {**OURS, **WIDGET}.items())
def test_it_is_open_to_whom_we_say_where_the_documents_do_not(endpoint: str, permission: str) -> None:
    assert HAVE[endpoint] == permission


def test_no_documented_endpoint_that_was_here_has_left() -> None:
    assert len({endpoint for endpoint, _ in documented()}) >= 40
