"""After an upgrade from an earlier release, what people and systems hold in their hands still opens its door."""

from datetime import timedelta
from typing import Any

import orjson

from hub.access import identity
from hub.lib import clock
from hub.models.accounts.tenant import Tenant
from hub.models.channels.inbound_event import InboundEvent
from hub.models.accounts.user import User
from hub.services.channels import webhooks
from tests.client import Client
from tests.models.conftest import Upgraded


def _line(number: str, who: str, text: str) -> bytes:
    return orjson.dumps({"id": number, "from": {"id": who}, "text": text, "chat": {"id": f"chat-{who}"}})


def _texts(upgraded: Upgraded, conversation: str) -> list[str]:
    alice = Client(upgraded.app, User.by_email(upgraded.truths["tokens"]["email"]))
    return [line["content"] for line in alice.get(f"/api/conversations/{conversation}")["messages"]]


def _process_all() -> None:
    for event in InboundEvent.select().where(InboundEvent.state == "received").order_by(InboundEvent.id):
        webhooks.process(event.id)


def test_a_password_still_signs_in(upgraded: Upgraded) -> None:
    settings = upgraded.truths
    for email, password in (("alice@bakery.example", settings["password"]), tuple(settings["owner"].values())):
        user = upgraded.caller().post("/auth/login", {"email": email, "password": password})["user"]
        assert (user["email"], user["role"]) == (email, "owner")


def test_the_trial_of_a_business_from_before_begins_with_the_upgrade(upgraded: Upgraded) -> None:
    left = [tenant.trial_until - clock.now() for tenant in Tenant.select()]
    assert left and all(timedelta(days=13, hours=23) < time <= timedelta(days=14) for time in left)


def test_whoever_was_disabled_or_guesses_does_not_sign_in(upgraded: Upgraded) -> None:
    right = upgraded.truths["password"]
    for email, password in (("left@bakery.example", right), ("alice@bakery.example", "Guess-1234")):
        upgraded.caller().post("/auth/login", {"email": email, "password": password}, expect=401)


def test_a_browser_is_still_signed_in_and_sees_its_inbox(upgraded: Upgraded) -> None:
    session = upgraded.truths["session"]
    browser, expired = upgraded.caller(), upgraded.caller()
    browser.http.set_cookie(identity.COOKIE, session["cookie"])
    assert browser.get("/auth/me")["user"]["email"] == session["email"]
    page = browser.call("GET", "/inbox", expect=200).text
    assert "Фёдор Ёлкин" in page and "Алёна Королёва" in page
    expired.http.set_cookie(identity.COOKIE, session["expired"])
    assert expired.get("/auth/me")["authenticated"] is False


def test_tokens_are_still_good_and_a_revoked_one_is_not(upgraded: Upgraded) -> None:
    tokens = upgraded.truths["tokens"]
    good, revoked = (upgraded.caller(Authorization=f"Bearer {tokens[name]}") for name in ("access", "revoked"))
    assert good.get("/api/users/me")["email"] == tokens["email"]
    revoked.get("/api/users/me", expect=401)
    result = upgraded.caller().post("/api/auth/refresh", {"refresh_token": tokens["refresh"]})
    assert upgraded.caller(Authorization=f"Bearer {result['access_token']}").get("/api/users/me")["email"] \
        == tokens["email"]


def _visitor(upgraded: Upgraded, **body: Any) -> tuple[Client, Any]:
    visitor = upgraded.truths["visitor"]
    page = upgraded.caller(Origin=visitor["origin"])
    session = page.post("/widget/session", {"site": visitor["site"], **body})
    page.headers["Authorization"] = f"Bearer {session['visitorToken']}"
    return page, session


def test_a_visitors_token_still_finds_its_conversation(upgraded: Upgraded) -> None:
    visitor = upgraded.truths["visitor"]
    page, session = _visitor(upgraded, visitorToken=visitor["token"])
    assert session["conversation"]["id"] == visitor["conversation"]
    open_all_the_time = upgraded.caller(Origin=visitor["origin"], Authorization=f"Bearer {visitor['token']}")
    for caller in (page, open_all_the_time):
        lines = caller.get("/widget/messages")["messages"]
        assert [line["text"] for line in lines if line["role"] != "system"] == visitor["said"]


def test_a_visitors_line_sent_again_is_the_line_of_before_and_a_new_one_follows(upgraded: Upgraded) -> None:
    visitor = upgraded.truths["visitor"]
    page, _ = _visitor(upgraded, visitorToken=visitor["token"])
    before = _texts(upgraded, visitor["conversation"])
    page.post("/widget/messages", visitor["resend"], expect=201)
    assert _texts(upgraded, visitor["conversation"]) == before
    page.post("/widget/messages", {"clientId": "after-upgrade-1", "text": "Я всё ещё здесь"}, expect=201)
    assert _texts(upgraded, visitor["conversation"]) == [*before, "Я всё ещё здесь"]


def test_a_person_for_whom_the_site_vouches_is_the_same_one(upgraded: Upgraded) -> None:
    settings = upgraded.truths["vouched"]
    page, session = _visitor(upgraded, identity={"id": settings["id"], "hash": settings["hash"]})
    assert session["visitor"]["name"] == settings["name"]
    assert [line["text"] for line in page.get("/widget/messages")["messages"]] == [settings["said"]]


def test_a_site_looks_as_it_looked(upgraded: Upgraded) -> None:
    site = upgraded.truths["site"]
    page = upgraded.caller(Origin=upgraded.truths["visitor"]["origin"])
    now = page.get(f"/widget/config?site={site['token']}")
    assert {key: now[key] for key in site["config"]} == site["config"]
    upgraded.caller(Origin="https://elsewhere.example").get(f"/widget/config?site={site['token']}", expect=403)


def test_a_system_signs_with_the_secret_it_was_given(upgraded: Upgraded) -> None:
    custom = upgraded.truths["custom"]
    body = _line("after-upgrade-1", custom["chat"], "Строка после обновления")
    assert upgraded.hook(body, "another secret").status_code == 403
    assert upgraded.hook(body, custom["secret"]).get_json()["duplicate"] is False
    _process_all()
    assert "Строка после обновления" in _texts(upgraded, custom["conversation"])


def test_what_was_received_and_not_read_yet_becomes_lines(upgraded: Upgraded) -> None:
    waiting, of_somebody_new = upgraded.truths["custom"]["stored_not_read"]
    _process_all()
    assert waiting in _texts(upgraded, upgraded.truths["custom"]["conversation"])
    alice = Client(upgraded.app, User.by_email("alice@bakery.example"))
    assert of_somebody_new in [row["lastText"] for row in alice.get("/api/conversations?limit=100")]


def test_knowledge_is_still_found(upgraded: Upgraded) -> None:
    search = upgraded.truths["search"]
    alice = Client(upgraded.app, User.by_email("alice@bakery.example"))
    assert alice.get("/api/knowledge/search", query_string={"q": search["q"]})["results"][0]["title"] == search["title"]
