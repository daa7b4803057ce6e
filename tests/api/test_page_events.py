"""Every form of the operators' pages that changes something leaves an event: who did it, what was, what is."""

import io
import re
from typing import Any

import pytest

from hub.access.identity import COOKIE
from hub.lib import ids
from hub.models.channels.channel import Channel
from hub.models.platform.event import Event
from hub.pages.kit import PAGES
from hub.pages.kit.undo import seal
from hub.models.accounts.account_token import Purpose
from hub.models.accounts.user import User
from hub.pages.accounts import second_step
from hub.services.accounts import account_tokens, accounts, second_factor
from tests import second_factors
from tests.api import recorded
from tests.api.bodies import PNG, changing, lost_phone, wish
from tests.api.routes import routes
from tests.api.world import World, undone
from tests.client import Client
from tests.factories import PASSWORD
from tests.pages import forms

pytestmark = pytest.mark.usefixtures("uncounted")


def browser(web: Any, user: User) -> Client:
    """That has just seen a page of ours."""
    client = Client(web, user)
    client.headers["X-CSRFToken"] = forms.secret(client, "/api-docs")
    return client


@pytest.fixture
def owner(web: Any, world: World) -> Client:
    """A browser of alice's."""
    return browser(web, world.people.alice)


FORMS = sorted(path for method, path, _ in PAGES if method == "POST")
_WHY = {"reason": "Asked by phone"}
# What a form must say, so that something differs.
FIELDS: dict[str, Any] = {
    **{form: _WHY for form in FORMS if form.startswith("/platform/")},
    "/platform/users/<user>/second-factor-off": lambda world: lost_phone(world),
    "/platform/tenants/<tenant>/grant": {"days": "7", **_WHY},
    "/platform/proxies": {"text": "proxy.example:1080:vera-4711-and:hush-4711-and-more", "protocol": "socks5"},
    "/platform/proxies/<proxy>": {"host": "proxy.example", "port": "1081", "protocol": "https",
                                  "username": "vera-4711-and", "password": "hush-4711-and-more", "country": "DE"},
    "/platform/secrets": lambda world: {"key_name": "CRYPTO_PAY_API_TOKEN", "plaintext_value": "pay-4711-and-more",
                                        "tenant_id": str(world.people.tenant.uuid), **_WHY},
    "/platform/secrets/<secret>/rotate": {"plaintext_value": "another-4711-and-more", **_WHY},
    "/account/preferences": {"theme": "dark", "locale": "ru"},
    "/auth/sign-in": {"email": "alice@bakery.example", "password": PASSWORD},
    "/inbox/<conversation>/reply": {"text": "On its way.", "client_id": "client-1"},
    "/auth/sign-up": {"business": "Mill", "name": "Mia Miller", "email": "mia@mill.example",
                      "password": "Better-horse-8"},
    "/auth/reset": lambda world: {"token": account_tokens.issue(world.people.alice, Purpose.RESET),
                                  "password": "Better-horse-8"},
    "/auth/verify": lambda world: {"token": account_tokens.issue(world.people.alice, Purpose.VERIFY)},
    "/auth/forgot": {"email": "alice@bakery.example"},
    "/settings/closing": {"password": PASSWORD},
    "/account/email": {"email": "alice@mill.example", "email_password": PASSWORD},
    "/auth/email-change/confirm": lambda world: {"token": wish(world)},
    "/settings/business": {"name": "Mill", "language": "en", "timezone": "Asia/Almaty", "currency": "KZT",
                           "tone": "formal", "address_style": "ty", "delivery_options": "By courier."},
    "/settings/business/logo": lambda world: {"logo": (io.BytesIO(PNG), "logo.png")},
    "/settings/sites/<site>/check": {"address": "bakery.example"},
    "/settings/team/ownership": lambda world: {"member": world.places["member"], "password": PASSWORD},
    "/account/picture": lambda world: {"picture": (io.BytesIO(PNG), "me.png")},
    "/settings/brand": {"color": "#8a1538"},
    "/settings/human-replies": {"stop_on_human_reply": "1", "auto_resume_after": "2", "auto_resume_unit": "часов"},
    "/account/password": {"current_password": PASSWORD, "new_password": "Better-horse-8"},
    "/account/second-factor/begin": {"password": PASSWORD},
    "/account/second-factor/confirm": lambda world: {"code": second_factors.begun(world.people.alice).code()},
    **dict.fromkeys(("/account/second-factor/codes", "/account/second-factor/off"), lambda world: {
        "proof": second_factors.turned_on(world.people.alice).recovery_codes[0]}),
    "/auth/second-step/check": lambda world: {"code": second_factors.turned_on(world.people.alice).recovery_codes[0]},
    "/settings/mail/test": {"to": "test@example.com"},
    "/settings/api-keys": {"name": "Shop", "scopes": ["VIEW_CONVERSATIONS"]},
    "/settings/team": {"email": "erin@bakery.example", "role": "viewer"},
    "/onboarding": {"name": "Mill", "language": "ru", "tone": "formal", "hours_start": "08:00", "hours_end": "20:00"},
    "/settings/features/<name>": {"state": "off"},
    "/settings/sites/<site>": {
        "name": "Another name", "color": "#2f6fed", "position": "left", "theme": "auto", "locale": "en",
        "allowed_domains": "bakery.example", "hours_start": "08:00", "hours_end": "17:00", "timezone": "Europe/Moscow"},
    "/settings/sites/<site>/secret/restore": lambda world: {
        "former": seal(world.places["site"], "the one of before")},
    "/settings/sites/new": {"name": "New site", "allowed_domains": ""},
    "/settings/team/<member>": {"role": "viewer"},
}
# Forms that have to be sent before this one, so that there is something to do.
BEFORE = {"/settings/business/logo/remove": ["/settings/business/logo"],
          **{form: ["/settings/team/ownership"] for form in (
              "/settings/team/ownership/take-back", "/account/ownership/accept", "/account/ownership/decline")},
          "/account/email/cancel": ["/account/email"],
          "/account/picture/remove": ["/account/picture"],
          "/platform/proxies/<proxy>/check": ["/platform/proxies/<proxy>/off"],
          "/inbox/<conversation>/reopen": ["/inbox/<conversation>/close"],
          "/settings/team/<member>/enable": ["/settings/team/<member>/disable"],
          "/settings/sites/new/discard": ["/settings/sites/new"]}
# What alice's colleague does, whom she has asked.
BY_COLLEAGUE = "/account/ownership/"
# What is the platform's own stands in the log of who looks after it.
OF_PLATFORM = "/platform/proxies"
# Whoever acts is made by the form.
JOINING = {"/auth/sign-up"}
# What leaves no event.
SILENT = {
    "/auth/forgot": "a letter is its own record",
    "/account/verification": "a letter is its own record",
    "/settings/mail/test": "tries the mail server and changes nothing",
    "/inbox/<conversation>/read": "a counter of what was seen",
    "/settings/sites/<site>/preview": "nothing is stored",
    "/settings/business-hours/preview": "nothing is stored",
    "/settings/sites/new": "what is typed so far is nobody else's; the last step makes the site, and its event",
    "/settings/sites/new/discard": "what was typed so far is nobody else's",
    **dict.fromkeys(("/platform/updates", "/platform/updates/<update>/apply", "/platform/updates/<update>/rollback",
                     "/platform/updates/rebuild"), "updates are switched off here"),
    "/platform/exit": "ends what nobody has begun",
    "/settings/knowledge-index": "the business has such a task, which is given instead of another",
}
# There is no mail server to try.
REFUSED = {"/settings/mail/test"}


def send(client: Client, world: World, form: str, request: str) -> Any:
    answer = client.call("POST", world.fill(form), data=fields(form, world), headers={"X-Request-Id": request})
    assert answer.status_code < 400 or form in REFUSED, (answer.status_code, re.findall("<h1>.*", answer.text))
    return answer


def fields(form: str, world: World) -> dict[str, Any]:
    """What the form is sent with: of a page of settings what its routes' test changes."""
    settings = next((route for route in routes() if route.path == f"/api{form}" and route.method == "PATCH"), None)
    given = FIELDS.get(form) or (changing(settings, world) if settings else {})
    return dict(given(world) if callable(given) else given)


@pytest.mark.parametrize("form", [form for form in FORMS if form not in SILENT])
def test_a_form_leaves_an_event_with_its_actor_and_what_was_and_is(
        web: Any, world: World, owner: Client, form: str) -> None:
    world.fill(form)
    user = world.people.bob if form.startswith(BY_COLLEAGUE) else world.people.alice
    user = world.platform_owner if form.startswith("/platform/") else user
    who = owner if user == world.people.alice else browser(web, user)
    if form == "/settings/sites/<site>/on":
        Channel.update(is_active=False).where(Channel.uuid == world.places["site"]).execute()
    with undone():
        if form == "/auth/sign-out":
            owner.http.set_cookie(COOKIE, accounts.open_session(world.people.alice, "127.0.0.1", "tests"))
            owner.headers["X-CSRFToken"] = forms.secret(owner, "/api-docs")
        if form == "/auth/second-step/check":
            owner.http.set_cookie(second_step.COOKIE, second_factor.ticket(world.people.alice))
        for first in BEFORE.get(form, []):
            send(owner if form.startswith(BY_COLLEAGUE) else who, world, first, "before")
        before, request = recorded.rows(), f"form-{ids.token(6)}"
        send(who, world, form, request)
        of = list(Event.select().where(Event.request_id == request))
        if form not in JOINING:
            assert {(event.actor, event.tenant_id) for event in of} == {
                (f"user:{user.uuid}", user.tenant_id if form.startswith(OF_PLATFORM) else world.people.tenant.id)}
        assert recorded.missing(before, recorded.rows(), request) == []
        assert recorded.wordless(of) == set(), "words for hub/pages/platform/event_words.py"


@pytest.mark.parametrize("form", SILENT)
def test_what_is_said_to_leave_no_event_is_a_form_and_leaves_none(
        web: Any, world: World, owner: Client, form: str) -> None:
    assert form in FORMS
    request = f"form-{ids.token(6)}"
    world.fill(form)
    with undone():
        who = browser(web, world.platform_owner) if form.startswith("/platform/updates") else owner
        send(who, world, form, request)
        assert recorded.told(request) == {}


def test_the_last_step_of_a_new_site_tells_what_was_made(world: World, owner: Client) -> None:
    with undone():
        request = f"form-{ids.token(6)}"
        for step in ("where", "look", "review"):
            owner.call("POST", f"/settings/sites/new?step={step}", expect=303, headers={"X-Request-Id": request},
                        data={"name": "New site", "allowed_domains": "", "color": "#2f6fed", "position": "right",
                              "theme": "auto", "locale": "en"})
        (event,) = Event.select().where(Event.request_id == request)
        assert (event.kind, event.actor, event.old) == ("channel.created", f"user:{world.people.alice.uuid}", None)
        assert event.new is not None and (event.new["kind"], event.new["name"]) == ("website", "New site")
