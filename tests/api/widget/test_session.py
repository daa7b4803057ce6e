"""/widget/session: who a visitor is. Nothing is stored before the visitor acts."""

import time
from typing import Any

import jwt
import pytest

from hub.access import tokens
from hub.access.callers import Visitor as Known
from hub.lib import crypto
from hub.models.channels.channel import Channel
from hub.models.customers.customer import Customer, CustomerIdentity
from hub.services.accounts import accounts
from hub.settings import current_settings
from tests import factories
from tests.api import world as worlds
from tests.api.callers import bearer, code
from tests.client import Client, Visitor
from tests.factories import People


def enter(client: Client, site: Channel, expect: int = 200, **more: Any) -> Any:
    return client.post("/widget/session", {"site": site.token, **more}, expect=expect)


def key(answer: Any) -> str:
    return tokens.read_visitor(current_settings().session_secret, answer["visitorToken"]).key


def vouched(site: Channel, person: str, **more: str) -> dict[str, str]:
    return {"id": person, "hash": crypto.sign(site.secret.reveal(), person), **more}


def test_a_new_visitor_gets_a_token_and_leaves_no_row(client: Client, site: Channel) -> None:
    before = worlds.picture()
    first, second = enter(client, site), enter(client, site)
    assert set(first) == {"visitorToken", "visitor", "conversation", "change"}
    assert (first["conversation"], first["change"]) == (None, 0)
    assert first["visitor"] == {"id": key(first), "name": None, "email": None}
    assert key(first) != key(second)
    assert worlds.picture() == before


def test_a_visitors_key_cannot_be_guessed(client: Client, site: Channel) -> None:
    keys = {key(enter(client, site)) for _ in range(20)}
    assert len(keys) == 20
    assert all(found.startswith("v-") and len(found) >= 24 for found in keys)     # 128 random bits


def test_a_visitor_who_comes_back_is_the_same_and_finds_the_conversation(app: Any, site: Channel) -> None:
    visitor = Visitor(app, str(site.token))
    sent = visitor.say("Where is my cake?")
    back = visitor.post("/widget/session", {"site": site.token, "visitorToken": visitor.session["visitorToken"]})
    assert back["visitorToken"] == visitor.session["visitorToken"]
    assert back["conversation"]["id"] == sent["conversation"]["id"]
    assert back["change"] == sent["message"]["change"]


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", "\U0001f382", "x" * 4096, None])
def test_a_token_that_is_none_of_ours_is_replaced(client: Client, site: Channel, token: str | None) -> None:
    assert enter(client, site, visitorToken=token)["visitorToken"] != token


def test_an_expired_or_foreign_token_is_replaced(client: Client, site: Channel, people: People) -> None:
    secret = current_settings().session_secret
    mine = {"vis": "v-vera", "ch": site.id, "tn": people.tenant.id}
    for token in (tokens.issue(secret, "visitor", -1, **mine),
                  tokens.issue("another secret " * 3, "visitor", 60, **mine),
                  accounts.issue_tokens(people.alice).access, tokens.issue(secret, "refresh", 60, **mine)):
        assert key(enter(client, site, visitorToken=token)) != "v-vera"


def test_the_token_of_another_site_is_not_honoured(app: Any, client: Client, site: Channel, people: People) -> None:
    for owner in (people.tenant, people.other):
        other = factories.make_site(owner)
        visitor = Visitor(app, str(other.token))
        visitor.say("A secret of the other site")
        fresh = enter(client, site, visitorToken=visitor.session["visitorToken"])
        assert key(fresh) != key(visitor.session)
        assert fresh["conversation"] is None
        assert bearer(app, fresh["visitorToken"]).get("/widget/messages")["messages"] == []


@pytest.mark.parametrize("ahead_s", [1, 2, 60, 3600, 10 * 365 * 86400])
def test_a_token_from_a_clock_that_was_ahead_is_still_the_same_visitor(
        app: Any, client: Client, site: Channel, ahead_s: int) -> None:
    visitor = Visitor(app, str(site.token))
    visitor.say("Where is my order?")
    secret = current_settings().session_secret
    claims = dict(tokens.read(secret, "visitor", visitor.session["visitorToken"]))
    early = jwt.encode({**claims, "iat": claims["iat"] + ahead_s, "exp": claims["exp"] + ahead_s}, secret)
    assert bearer(app, early).get("/widget/messages")["messages"][0]["text"] == "Where is my order?"
    again = enter(client, site, visitorToken=early)
    assert key(again) == key(visitor.session) and again["conversation"] is not None


def test_a_visitor_who_comes_back_gets_a_new_token_before_the_old_one_ends(
        client: Client, site: Channel, people: People) -> None:
    secret, mine = current_settings().session_secret, {"vis": "v-vera", "ch": site.id, "tn": people.tenant.id}
    fresh, old = (tokens.issue(secret, "visitor", days * 86400, **mine) for days in (300, 30))
    assert enter(client, site, visitorToken=fresh)["visitorToken"] == fresh
    renewed = enter(client, site, visitorToken=old)
    assert key(renewed) == "v-vera" and renewed["visitorToken"] != old
    assert tokens.read(secret, "visitor", renewed["visitorToken"])["exp"] - time.time() > 364 * 86400


def test_hex_digits_of_a_hash_count_in_either_case(client: Client, site: Channel) -> None:
    given = vouched(site, "user-7")
    for spelled in (given["hash"].upper(), given["hash"].title(), f" {given['hash']}\n"):
        assert enter(client, site, identity={**given, "hash": spelled})["visitor"]["id"] == "i-user-7"


def test_a_token_lasts_a_year(client: Client, site: Channel) -> None:
    claims = tokens.read(current_settings().session_secret, "visitor", enter(client, site)["visitorToken"])
    assert 364 * 86400 < claims["exp"] - time.time() <= 365 * 86400


def test_a_person_the_site_vouches_for_is_the_same_everywhere(app: Any, client: Client, site: Channel) -> None:
    first = enter(client, site, identity=vouched(site, "user-7", name="Vera", email="vera@example.com"))
    assert first["visitor"] == {"id": "i-user-7", "name": "Vera", "email": "vera@example.com"}
    bearer(app, first["visitorToken"]).post("/widget/messages", {"clientId": "client-1", "text": "Hello"}, expect=201)
    phone = enter(client, site, identity=vouched(site, "user-7"))
    assert phone["conversation"] is not None
    assert bearer(app, phone["visitorToken"]).get("/widget/messages")["messages"][0]["text"] == "Hello"
    identity = CustomerIdentity.get()
    assert (identity.kind, identity.value) == ("site_user", f"{site.id}:user-7")


@pytest.mark.parametrize("person", ["x" * 180, "user:7", "v-7", "i-7", "\U0001f382", "user 7", "а/я?&"])
def test_a_site_may_name_its_people_as_it_likes(app: Any, client: Client, site: Channel, person: str) -> None:
    token = enter(client, site, identity=vouched(site, person))["visitorToken"]
    for client_id in ("a" * 64, "b" * 64):
        bearer(app, token).post("/widget/messages", {"clientId": client_id, "text": "Hello"}, expect=201)
    assert [line["clientId"] for line in bearer(app, token).get("/widget/messages")["messages"]] == ["a" * 64, "b" * 64]


def test_what_the_site_says_about_a_known_person_is_kept(app: Any, client: Client, site: Channel) -> None:
    token = enter(client, site, identity=vouched(site, "user-7"))["visitorToken"]
    bearer(app, token).post("/widget/messages", {"clientId": "client-1", "text": "Hello"}, expect=201)
    again = enter(client, site, identity=vouched(site, "user-7", name=" Ve\x00ra\n\u202e ", email="vera@example.com"))
    assert again["visitor"]["name"] == "Vera"
    assert (Customer.get().name, Customer.get().email) == ("Vera", "vera@example.com")


@pytest.mark.parametrize("wrong", [
    "", "nonsense", "0" * 64, crypto.sign("", "user-7"), crypto.sign("another secret", "user-7"), "{other person}",
    "{with a prefix}", "\u00e9" * 64])
def test_a_wrong_hash_is_refused(app: Any, client: Client, site: Channel, wrong: str) -> None:
    token = enter(client, site, identity=vouched(site, "user-7"))["visitorToken"]
    bearer(app, token).post("/widget/messages", {"clientId": "client-1", "text": "Hello"}, expect=201)
    before = worlds.picture()
    given = {"{other person}": crypto.sign(site.secret.reveal(), "user-8"),
             "{with a prefix}": "sha256=" + crypto.sign(site.secret.reveal(), "user-7")}.get(wrong, wrong)
    answer = enter(client, site, expect=403, identity={"id": "user-7", "hash": given, "name": "Mallory"})
    assert code(answer) == "identity_invalid"
    assert worlds.picture() == before


def test_a_hash_of_another_site_is_refused(client: Client, site: Channel, people: People) -> None:
    enter(client, site, expect=403, identity=vouched(factories.make_site(people.tenant), "user-7"))


def test_the_same_person_at_two_sites_is_two_customers(app: Any, client: Client, site: Channel, people: People) -> None:
    for place in (site, factories.make_site(people.tenant)):
        token = enter(client, place, identity=vouched(place, "user-7"))["visitorToken"]
        bearer(app, token).post("/widget/messages", {"clientId": "client-1", "text": "Hello"}, expect=201)
        assert len(bearer(app, token).get("/widget/messages")["messages"]) == 1
    assert Customer.select().count() == 2


def test_an_anonymous_visitor_cannot_pose_as_a_vouched_one(app: Any, client: Client, site: Channel) -> None:
    token = enter(client, site, identity=vouched(site, "user-7"))["visitorToken"]
    bearer(app, token).post("/widget/messages", {"clientId": "client-1", "text": "Hello"}, expect=201)
    for body in ({"visitorToken": "i-user-7"}, {"visitor": {"id": "i-user-7"}}, {"key": "i-user-7"}):
        assert enter(client, site, **body)["conversation"] is None


@pytest.mark.parametrize("body", [
    {}, {"site": ""}, {"site": "x" * 65}, {"site": 7}, {"site": "x", "identity": {"id": "7"}},
    {"site": "x", "identity": {"id": "", "hash": "x"}}, {"site": "x", "identity": {"id": "x" * 181, "hash": "x"}},
    {"site": "x", "identity": "7"}, {"site": "x", "locale": "fr"}, {"site": "x", "visitorToken": "x" * 4097},
    {"site": "x", "page": {"url": "x" * 2001}}])
def test_a_wrong_body_is_refused(client: Client, people: People, body: Any) -> None:
    assert code(client.post("/widget/session", body, expect=400)) == "VALIDATION_ERROR"


@pytest.mark.parametrize(("authorization", "expect"), [
    ("", "token_missing"), ("Bearer nonsense", "token_invalid"), ("Bearer {access}", "token_invalid"),
    ("Bearer {expired}", "TOKEN_EXPIRED"), ("Bearer {gone}", "site_not_found")])
def test_everything_else_needs_the_token(
        client: Client, people: People, site: Channel, authorization: str, expect: str) -> None:
    secret = current_settings().session_secret
    result = authorization.format(
        access=accounts.issue_tokens(people.alice).access,
        expired=tokens.issue(secret, "visitor", -1, vis="v-1", ch=site.id, tn=site.tenant_id),
        gone=tokens.issue_visitor(secret, Known("v-1", 999_999, site.tenant_id)))
    for method, path in (("GET", "/widget/messages"), ("POST", "/widget/messages"), ("POST", "/widget/read"),
                         ("POST", "/widget/typing"), ("POST", "/widget/handoff"), ("GET", "/widget/events")):
        answer = client.call(method, path, json={} if method == "POST" else None,
                             headers={"Authorization": result} if result else {})
        assert answer.status_code == (404 if expect == "site_not_found" else 401), (method, path)
        assert path == "/widget/events" or code(answer) == expect


def test_a_site_that_was_switched_off_answers_nobody(app: Any, site: Channel) -> None:
    visitor = Visitor(app, str(site.token))
    Channel.update(is_active=False).where(Channel.id == site.id).execute()
    factories.forget()
    visitor.say("Hello?", expect=404)
