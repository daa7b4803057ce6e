"""The documented endpoints of these nouns: each has its one path here, open to whom the documents say."""

import re

import pytest

from hub.access.roles import Permission
from scripts.routes import every

# As the documents of the united systems write them; {} stands for a path parameter. "token" is any signed-in person.
DOCUMENTED: dict[str, dict[str, str]] = {
    "monitoring": {"GET /health": "none", "GET /ready": "none", "GET /metrics": "none", "GET /api-docs": "none"},
    "auth": {"POST /auth/login": "none", "POST /auth/logout": "none", "GET /auth/me": "none",
             "GET /api/auth/user": "token"},
    "tokens": {"POST /api/auth/login": "none", "POST /api/auth/refresh": "none", "POST /api/auth/logout": "token"},
    "users": {"GET /api/users/me": "token", "PUT /api/users/me": "token", "POST /api/users/change-password": "token"},
    "tenant": {"GET /api/tenant": "VIEW_CONVERSATIONS", "PATCH /api/tenant": "MANAGE_TENANT_SETTINGS"},
    "customers": {"GET /api/customers": "VIEW_CUSTOMERS", "GET /api/customers/{}": "VIEW_CUSTOMERS",
                  "PATCH /api/customers/{}": "operator", "GET /api/customers/{}/notes": "VIEW_CUSTOMERS",
                  "POST /api/customers/{}/notes": "operator", "DELETE /api/customers/{}/notes/{}": "operator",
                  "DELETE /api/customers/{}/data": "DELETE_CUSTOMER_DATA"},
    "conversations": {"GET /api/conversations": "VIEW_CONVERSATIONS",
                      "GET /api/conversations/{}": "VIEW_CONVERSATIONS",
                      "PATCH /api/conversations/{}": "operator",
                      "POST /api/conversations/{}/read": "VIEW_CONVERSATIONS",
                      "PATCH /api/conversations/{}/pause": "operator", "PATCH /api/conversations/{}/resume": "operator",
                      "POST /api/conversations/{}/messages": "MANAGE_CONVERSATIONS"},
    "knowledge": {"GET /api/knowledge-docs": "MANAGE_KNOWLEDGE_BASE",
                  "POST /api/knowledge-docs": "MANAGE_KNOWLEDGE_BASE",
                  "PATCH /api/knowledge-docs/{}": "MANAGE_KNOWLEDGE_BASE",
                  "DELETE /api/knowledge-docs/{}": "MANAGE_KNOWLEDGE_BASE"},
    "agents": {"GET /api/agents": "viewer", "POST /api/agents": "admin", "GET /api/agents/{}": "viewer",
               "PATCH /api/agents/{}": "operator", "DELETE /api/agents/{}": "admin",
               "POST /api/agents/{}/duplicate": "admin", "PATCH /api/agents/{}/toggle": "operator"},
    "widget": {"GET /widget/config": "none", "POST /widget/session": "none", "POST /widget/messages": "visitor",
               "GET /widget/messages": "visitor", "GET /widget/live": "visitor", "GET /widget/events": "visitor",
               "POST /widget/read": "visitor", "POST /widget/typing": "visitor", "POST /widget/handoff": "visitor"},
}
# What the documents call by a role, in permissions that this role is the lowest to hold.
MEANS = {"none": {Permission.ANYBODY}, "token": {Permission.SIGNED_IN}, "visitor": {Permission.VISITOR},
         "viewer": {Permission.VIEW_CONVERSATIONS}, "operator": {Permission.MANAGE_CUSTOMERS,
                                                                 Permission.MANAGE_CONVERSATIONS,
                                                          Permission.MANAGE_KNOWLEDGE_BASE},
         "admin": {Permission.MANAGE_AUTOSEND}}
HAVE = {f"{method} {re.sub('<[^>]+>', '{}', path)}": permission for method, path, permission in every()}


@pytest.mark.parametrize("noun", DOCUMENTED)
def test_every_documented_endpoint_exists(noun: str) -> None:
    assert set(DOCUMENTED[noun]) - set(HAVE) == set()


@pytest.mark.parametrize(("endpoint", "who"), [pair for noun in DOCUMENTED.values() for pair in noun.items()])
def test_it_is_open_to_whom_the_documents_say(endpoint: str, who: str) -> None:
    assert HAVE[endpoint] in (MEANS.get(who) or {Permission(who)})
