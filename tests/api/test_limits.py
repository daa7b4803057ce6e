"""How often a caller may call: what the headers say, when it is too much, and who is counted together."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from redis import Redis

from hub import queue
from hub.access.limits import Limiter
from hub.lib import crypto
from hub.settings import Settings
from tests import factories
from tests.api.callers import browser, code
from tests.client import Client, Visitor
from tests.factories import People

Strict = Callable[..., None]


@pytest.fixture
def strict(app: Any, settings: Settings) -> Iterator[Strict]:
    """strict(rate_limit_max=3): limits as these settings have them, for one test."""
    usual = app.extensions["parley.limiter"]

    def use(**changes: Any) -> None:
        app.extensions["parley.limiter"] = Limiter(replace(settings, **changes), queue.redis())
    yield use
    app.extensions["parley.limiter"] = usual


def left(answer: Any) -> tuple[int, int]:
    return int(answer.headers["X-RateLimit-Limit"]), int(answer.headers["X-RateLimit-Remaining"])


def test_the_headers_count_down(alice: Client, strict: Strict) -> None:
    strict(rate_limit_max=3)
    answers = [alice.call("GET", "/api/tenant", expect=200) for _ in range(3)]
    assert [left(answer) for answer in answers] == [(3, 2), (3, 1), (3, 0)]
    assert 0 < int(answers[0].headers["X-RateLimit-Reset"]) - time.time() <= 61


def test_too_many_requests_are_refused_until_the_window_ends(alice: Client, strict: Strict) -> None:
    strict(rate_limit_max=2)
    for _ in range(2):
        alice.get("/api/tenant")
    answer = alice.call("GET", "/api/tenant", expect=429)
    assert code(answer) == "rate_limited"
    assert 0 < int(answer.headers["Retry-After"]) <= 61
    assert left(answer) == (2, 0)
    assert int(answer.headers["X-RateLimit-Reset"]) >= int(time.time())


def test_each_person_is_counted_alone_whatever_the_credential(
        app: Any, alice: Client, bob: Client, people: People, strict: Strict) -> None:
    strict(rate_limit_max=2)
    alice.get("/api/tenant")
    assert left(browser(app, people.alice).call("GET", "/api/tenant", expect=200)) == (2, 0)
    Client(app, people.alice).get("/api/tenant", expect=429)
    bob.get("/api/tenant")


def test_refused_writes_do_nothing(alice: Client, strict: Strict) -> None:
    strict(rate_limit_max=1)
    alice.get("/api/tenant")
    alice.patch("/api/tenant", {"name": "New"}, expect=429)
    strict(rate_limit_max=100)
    assert alice.get("/api/tenant")["name"] == "Bakery"


def test_the_narrowest_of_several_limits_is_shown(alice: Client, people: People, strict: Strict) -> None:
    strict(rate_limit_max=50)
    conversation = factories.make_conversation(factories.make_site(people.tenant), "Hello")
    answer = alice.call("POST", f"/api/conversations/{conversation.uuid}/messages", json={"content": "Hi"}, expect=201)
    assert left(answer) == (50, 49)     # "send" allows 300


@pytest.mark.parametrize(("path", "tries"), [("/auth/login", 5), ("/api/auth/login", 5)])
def test_guessing_passwords_ends_after_five_tries_from_one_address(
        client: Client, strict: Strict, path: str, tries: int) -> None:
    strict(env="production")
    for _ in range(tries):      # bodies without a password: what counts is the try
        client.call("POST", path, json={"email": "nobody@example.com"}, expect=(400, 422))
    answer = client.call("POST", path, json={"email": "other@example.com", "password": "x"}, expect=429)
    assert 60 < int(answer.headers["Retry-After"]) <= 15 * 60 + 1


def test_a_forwarded_address_of_somebody_without_a_proxy_changes_nothing(client: Client, strict: Strict) -> None:
    strict(env="production")
    for number in range(5):
        client.post("/auth/login", {}, expect=400, headers={
            "X-Forwarded-For": f"10.0.0.{number}", "X-Real-IP": f"10.0.1.{number}",
            "Forwarded": f"for=10.0.2.{number}"})
    client.post("/auth/login", {}, expect=429, headers={"X-Forwarded-For": "10.0.0.99"})


def test_a_visitor_who_floods_is_stopped_and_others_are_not(app: Any, people: People, strict: Strict) -> None:
    site = factories.make_site(people.tenant)
    strict(env="production")
    loud, quiet = (Visitor(app, str(site.token)) for _ in range(2))
    for number in range(30):
        loud.say(f"Line {number}")
    answer = loud.call("POST", "/widget/messages", json={"clientId": "one-more", "text": "More"}, expect=429)
    assert code(answer) == "rate_limited"
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]
    quiet.say("Me, once")


def test_the_same_identity_at_two_businesses_is_two_visitors(app: Any, people: People, strict: Strict) -> None:
    strict(env="production")
    pages = []
    for tenant in (people.tenant, people.other):
        site = factories.make_site(tenant)
        session = Client(app).post("/widget/session", {"site": site.token, "identity": {
            "id": "1", "hash": crypto.sign(site.secret.reveal(), "1")}})
        pages.append(Client(app, headers={"Authorization": f"Bearer {session['visitorToken']}"}))
    for number in range(30):
        pages[0].post("/widget/messages", {"clientId": f"client-{number}", "text": "Hi"}, expect=201)
    pages[0].post("/widget/messages", {"clientId": "client-30", "text": "Hi"}, expect=429)
    pages[1].post("/widget/messages", {"clientId": "client-1", "text": "Hi"}, expect=201)


def test_health_is_never_limited(client: Client, strict: Strict) -> None:
    strict(rate_limit_max=1)
    for _ in range(5):
        assert "X-RateLimit-Limit" not in client.call("GET", "/health", expect=200).headers


def test_without_redis_each_process_counts_by_itself(
        app: Any, alice: Client, settings: Settings, strict: Strict) -> None:
    strict()
    app.extensions["parley.limiter"] = Limiter(replace(settings, rate_limit_max=2), Redis.from_url("redis://127.0.0.1:1/0"))
    for _ in range(2):
        alice.get("/api/tenant")
    alice.get("/api/tenant", expect=429)
