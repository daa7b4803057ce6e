"""A suspended business stops at once: sign-in, API, pages, open connections, chats, answers and deliveries."""

from typing import Any

from hub.access import grants, tokens
from hub.access.callers import UserCaller, Visitor
from hub.models.accounts.tenant import Tenant
from hub.models.channels.channel import Channel
from hub.models.conversations.message import Message
from hub.services.platform import tenants
from hub.settings import current_settings
from tests import factories
from tests.api.callers import bearer, browser
from tests.client import Client
from tests.factories import PASSWORD, People
from tests.pages.forms import submit


def restrict(people: People) -> None:
    root = factories.make_user(factories.make_tenant(), "owner", is_platform_owner=True)
    tenants.restrict(factories.caller(root), people.tenant, "Asked by phone")


def test_its_people_are_refused_everywhere_and_nobody_elses(
        app: Any, alice: Client, dave: Client, client: Client, people: People) -> None:
    page = browser(app, people.bob)
    restrict(people)
    alice.refused("GET", "/api/tenant", status=403, code="TENANT_RESTRICTED")
    page.call("GET", "/inbox", expect=403)
    signed = {"email": people.alice.email, "password": PASSWORD}
    for path in ("/auth/login", "/api/auth/login"):
        client.refused("POST", path, signed, status=403, code="TENANT_RESTRICTED")
    submit(client, "/auth/sign-in", 403, **signed)
    dave.get("/api/tenant")


def test_its_open_connections_end(people: People) -> None:
    site = factories.make_site(people.tenant)
    held = {grants.of_user(UserCaller(people.alice, people.tenant, "token", "family")),
            grants.of_visitor(Visitor("v-1", site.id, people.tenant.id))}
    assert grants.ended(held) == set()
    restrict(people)
    assert grants.ended(held) == held


def test_its_chats_take_no_lines_and_its_channels_no_events(app: Any, client: Client, people: People) -> None:
    site, hook = factories.make_site(people.tenant), factories.make_custom(people.tenant, "http://127.0.0.1:9/")
    token = tokens.issue_visitor(current_settings().session_secret, Visitor("v-1", site.id, people.tenant.id))
    visitor = bearer(app, token)
    said = {"clientId": "client-1", "text": "Hello?"}
    visitor.post("/widget/messages", said, expect=201)
    restrict(people)
    factories.forget()
    assert visitor.call("POST", "/widget/messages", json={**said, "clientId": "client-2"}).status_code in (403, 404)
    assert client.call("POST", "/widget/session", json={"site": site.token}).status_code in (403, 404)
    assert client.call("POST", f"/webhooks/custom/{hook.token}", json={"id": "1"}).status_code in (403, 404)
    assert not Channel.of(people.tenant).where(Channel.is_active).exists()


def test_what_waits_for_an_answer_is_not_taken_up(people: People) -> None:
    factories.make_line(factories.make_site(people.tenant))
    waiting = Message.of(people.tenant).where(Tenant.is_serving(Message.tenant))
    assert waiting.count() == 1
    restrict(people)
    assert waiting.count() == 0
