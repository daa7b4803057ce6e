"""What a limit counts: the caller, the business, the address, or a key of the request; refused calls as well."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hub import queue
from hub.access import limits, request_limits
from tests.access.test_callers import key_of
from hub.access.limits import Limiter, Per
from hub.lib import crypto
from hub.services import tenant_settings
from hub.services.accounts.limits import BusinessLimits, own
from hub.settings import Settings
from tests import factories
from tests.client import Client, Visitor
from tests.factories import People
from tests.services import steps

# What each row of the table counts.
COUNTED = {
    "api": Per.CALLER, "ai": Per.CALLER, "ai-tenant": Per.TENANT, "send": Per.CALLER, "send-tenant": Per.TENANT,
    "login": Per.ADDRESS, "api-login": Per.ADDRESS, "auth": Per.ADDRESS, "upload": Per.CALLER, "webhook": Per.CALLER,
    "widget-socket": Per.ADDRESS, "widget-session": Per.ADDRESS, "widget-send": Per.CALLER, "widget-call": Per.CALLER,
    "handoff": Per.CALLER, "onboarding": Per.CALLER, "sign-up": Per.ADDRESS, "forgot-password": Per.ADDRESS,
    "second-step": Per.ADDRESS,
    "letter": Per.CALLER, "letter-address": "body:email", "letter-resend": "body:email", "contact-form": Per.ADDRESS,
    "confirm-code": "body:email", "invite": Per.TENANT}


def test_what_every_limit_counts_is_decided() -> None:
    assert {name: limit.per for name, limit in limits.RATE_LIMITS.items()} == COUNTED


@pytest.fixture
def tight(app: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """tight(send_tenant=2): so many of these are allowed a minute, for one test."""
    def use(**most: int) -> None:
        for name, number in most.items():
            row = name.replace("_", "-")
            limit = replace(limits.RATE_LIMITS[row], development=f"{number}/minute")
            monkeypatch.setitem(limits.RATE_LIMITS, row, limit)
        monkeypatch.setitem(app.extensions, "parley.limiter", Limiter(settings, queue.redis()))
    return use


def test_the_people_of_a_business_share_its_limit_and_another_business_has_its_own(
        app: Any, alice: Client, people: People, tight: Callable[..., None]) -> None:
    tight(send_tenant=2)
    ours, theirs = (factories.make_conversation(factories.make_site(tenant), "Hello")
                    for tenant in (people.tenant, people.other))
    for client in (alice, Client(app, people.bob)):
        client.post(f"/api/conversations/{ours.uuid}/messages", {"content": "Hi"}, expect=201)
    alice.post(f"/api/conversations/{ours.uuid}/messages", {"content": "Hi"}, expect=429)
    Client(app, people.dave).post(f"/api/conversations/{theirs.uuid}/messages", {"content": "Hi"}, expect=201)


def test_a_business_may_be_given_a_limit_of_its_own(
        app: Any, alice: Client, dave: Client, people: People, settings: Settings,
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "parley.limiter", Limiter(settings, queue.redis(), own))
    tenant_settings.change(steps.by(people.tenant), BusinessLimits, {"send_tenant": 2})
    ours, theirs = (factories.make_conversation(factories.make_site(tenant), "Hello")
                    for tenant in (people.tenant, people.other))
    said = [alice.call("POST", f"/api/conversations/{ours.uuid}/messages", json={"content": "Hi"}).status_code
            for _ in range(3)]
    assert said == [201, 201, 429]
    for _ in range(3):
        dave.post(f"/api/conversations/{theirs.uuid}/messages", {"content": "Hi"}, expect=201)
    tenant_settings.change(steps.by(people.tenant), BusinessLimits, {"send_tenant": None})
    alice.post(f"/api/conversations/{ours.uuid}/messages", {"content": "Hi"}, expect=201)


def test_every_limit_of_its_own_is_one_that_counts_per_business() -> None:
    names = {name.replace("_", "-") for name in BusinessLimits.model_fields}
    assert {limits.RATE_LIMITS[name].per for name in names} == {Per.TENANT}


def test_calls_that_are_refused_count(app: Any, people: People, tight: Callable[..., None]) -> None:
    tight(api=2)
    reader = Client(app, people.carol)
    for _ in range(2):
        reader.patch("/api/tenant", {"name": "Mine"}, expect=403)
    reader.patch("/api/tenant", {"name": "Mine"}, expect=429)
    reader.get("/api/tenant", expect=429)


def test_calls_with_a_credential_that_is_none_count_for_the_address(app: Any, tight: Callable[..., None]) -> None:
    tight(api=2)
    for number in range(2):
        Client(app, headers={"Authorization": f"Bearer guess-{number}"}).get("/api/tenant", expect=401)
    Client(app, headers={"Authorization": "Bearer guess-2"}).get("/api/tenant", expect=429)


def test_invented_webhook_addresses_end_with_429_and_leave_one_count(
        app: Any, people: People, tight: Callable[..., None]) -> None:
    channel = factories.make_custom(people.tenant, "http://127.0.0.1:9/")
    tight(webhook=20)
    stranger, before = Client(app), len(list(queue.redis().scan_iter()))
    said = [stranger.call("POST", f"/webhooks/custom/{number:032x}", data=b"{}").status_code for number in range(60)]
    assert said == [404] * 20 + [429] * 40
    assert len(list(queue.redis().scan_iter())) == before + 1
    body = b'{"id": "1", "from": {"id": "vera"}, "text": "Hi"}'
    stranger.call("POST", f"/webhooks/custom/{channel.token}", data=body, expect=200, headers={
        "X-Parley-Signature": "sha256=" + crypto.sign(channel.secret.reveal(), body)})


def test_every_channel_has_a_limit_of_its_own(app: Any, people: People, tight: Callable[..., None]) -> None:
    busy, quiet = (factories.make_custom(people.tenant, "http://127.0.0.1:9/") for _ in range(2))
    tight(webhook=2)
    provider = Client(app)
    for status in (403, 403, 429):
        provider.call("POST", f"/webhooks/custom/{busy.token}", data=b"{}", expect=status)
    provider.call("POST", f"/webhooks/custom/{quiet.token}", data=b"{}", expect=403)


def test_a_person_is_asked_for_three_times_a_minute_in_each_dialog(
        app: Any, people: People, tight: Callable[..., None]) -> None:
    tight(handoff=3)
    site = factories.make_site(people.tenant)
    visitor, other = (Visitor(app, str(site.token)) for _ in range(2))
    for page in (visitor, other):
        page.say("Hello")
    for _ in range(3):
        visitor.call("POST", "/widget/handoff", json={}, expect=(200, 409))
    visitor.refused("POST", "/widget/handoff", {}, status=429, code="HANDOFF_RATE_LIMIT")
    other.post("/widget/handoff", {})


@pytest.mark.parametrize(("left", "right"), [
    ("vera@example.com", " Vera@EXAMPLE.com"), ("ёлка@example.com", "ЕЛКА@example.com"), ("x" * 200, "X" * 200)])
def test_a_field_of_the_request_is_counted_however_it_is_spelled(app: Any, people: People, left: str,
                                                                 right: str) -> None:
    assert in_body(app, people, left) == in_body(app, people, right)


def test_a_field_is_counted_within_the_business_and_hidden(app: Any, people: People) -> None:
    ours, theirs = (key_of(tenant) for tenant in (people.tenant, people.other))
    with app.test_request_context("/", method="POST", json={"email": "vera@example.com"}):
        keys = {request_limits.key("body:email", caller) for caller in (ours, theirs)}
    assert len(keys) == 2
    assert all(len(key) == 64 and "vera" not in key for key in keys)


@pytest.mark.parametrize("sent", [
    {"json": {}}, {"json": {"email": None}}, {"json": {"email": ["a"]}}, {"json": ["email"]}, {"data": b"{"},
    {"data": b""}, {"data": {"email": ""}}])
def test_a_request_without_the_field_is_counted_by_its_address(app: Any, people: People, sent: dict[str, Any]) -> None:
    with app.test_request_context("/", method="POST", environ_base={"REMOTE_ADDR": "203.0.113.9"}, **sent):
        assert request_limits.key("body:email", key_of(people.tenant)) == "203.0.113.9"


def test_a_form_and_json_are_counted_together(app: Any, people: People) -> None:
    with app.test_request_context("/", method="POST", data={"email": "vera@example.com"}):
        key = request_limits.key("body:email", key_of(people.tenant))
    assert key == in_body(app, people, "vera@example.com")


def test_a_row_of_the_path_is_counted_however_its_id_is_spelled(app: Any, people: People) -> None:
    conversation = factories.make_conversation(factories.make_site(people.tenant), "Hello")
    keys = set()
    for spelled in (str(conversation.uuid), str(conversation.uuid).upper(), conversation.uuid.hex):
        with app.test_request_context("/") as context:
            context.request.view_args = {"conversation": spelled}
            keys.add(request_limits.key("path:conversation", key_of(people.tenant)))
    assert len(keys) == 1


def in_body(app: Any, people: People, email: str) -> str:
    with app.test_request_context("/", method="POST", json={"email": email}):
        return request_limits.key("body:email", key_of(people.tenant))


class Busy:
    """Redis, in whose answer something happens before it has come back."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self.meanwhile = meanwhile

    def pipeline(self, transaction: bool) -> Any:
        pipe: Any = queue.redis().pipeline(transaction=transaction)
        real, rest = pipe.execute, [self.meanwhile]

        def execute() -> Any:
            said = real()
            if rest:
                rest.pop()()
            return said

        pipe.execute = execute
        return pipe


def test_what_is_counted_while_redis_answers_is_not_lost(app: Any, settings: Settings) -> None:
    limiter = Limiter(settings, Busy(lambda: limiter.hit("send", "u1")))  # type: ignore[arg-type]
    limiter.hit("send", "u1")
    assert limiter.hit("send", "u1").remaining == 300 - 3


def test_letters_to_one_address_are_limited_whoever_asks_and_however_it_is_spelled(
        client: Client, people: People, tight: Callable[..., None]) -> None:
    tight(letter_resend=1)
    resend = "/api/email/resend_confirmation"

    def asked(email: str, expect: int) -> None:
        client.call("POST", resend, json={"email": email}, expect=expect,
                    environ_overrides={"REMOTE_ADDR": f"203.0.113.{expect % 200}"})
    asked("nobody@bakery.example", 200)
    asked("Nobody@bakery.example", 429)
    asked(people.bob.email, 200)
