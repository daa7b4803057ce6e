"""Rate limits: the documented numbers, and counting that survives an outage."""

import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from redis import Redis

from hub import queue
from hub.access.limits import RATE_LIMITS, Exceeded, Limiter
from hub.api.core import core
from hub.settings import Settings
from tests.api import bodies

# name -> (production, elsewhere), from the documents
DOCUMENTED = {"api": ("100/minute", "500/minute"), "ai": ("20/minute", "100/minute"),
              "ai-tenant": ("30/minute", "300/minute"), "webhook": ("500/minute", "500/minute"),
              "upload": ("10/5 minutes", "100/5 minutes"), "login": ("5/15 minutes", "100/15 minutes"),
              "handoff": ("3/minute", "60/minute"), "onboarding": ("30/minute", "100/minute"),
              "send": ("100/minute", "300/minute"), "send-tenant": ("50/minute", "300/minute")}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_table_has_the_documented_numbers(name: str) -> None:
    assert (RATE_LIMITS[name].production, RATE_LIMITS[name].development) == DOCUMENTED[name]


def test_every_limit_a_route_names_is_in_the_table_and_no_core_route_is_unlimited() -> None:
    assert {name for route in bodies.routes() for name in route.limit} <= set(RATE_LIMITS)
    assert [route.path for table in core.tables for route in table.routes if not route.limit] == []


def test_every_route_of_the_first_steps_has_their_limit() -> None:
    routes = [route for route in bodies.routes() if route.path.startswith("/api/onboarding/")]
    assert routes and all("onboarding" in route.limit for route in routes)


@pytest.fixture
def limiter(app: Any, settings: Settings) -> Limiter:
    return Limiter(replace(settings, rate_limit_max=3), queue.redis())


def test_it_counts_down_and_then_refuses(limiter: Limiter) -> None:
    assert [limiter.hit("api", "u1").remaining for _ in range(3)] == [2, 1, 0]
    with pytest.raises(Exceeded) as caught:
        limiter.hit("api", "u1")
    assert caught.value.retry_after is not None and 1 <= caught.value.retry_after <= 61
    assert (caught.value.left.limit, caught.value.left.remaining) == (3, 0)


def test_keys_and_limits_are_counted_apart(limiter: Limiter) -> None:
    for _ in range(3):
        limiter.hit("api", "u1")
    assert limiter.hit("api", "u2").remaining == 2
    assert limiter.hit("send", "u1").remaining == 299


def test_all_processes_count_together(limiter: Limiter, settings: Settings) -> None:
    other = Limiter(replace(settings, rate_limit_max=3), queue.redis())
    assert [limiter.hit("api", "u1").remaining, other.hit("api", "u1").remaining] == [2, 1]


def test_production_is_stricter(app: Any, settings: Settings) -> None:
    assert Limiter(replace(settings, env="production"), queue.redis()).hit("login", "1.2.3.4").limit == 5
    assert Limiter(settings, queue.redis()).hit("login", "1.2.3.5").limit == 100


def test_what_redis_keeps_goes_away_by_itself(limiter: Limiter) -> None:
    limiter.hit("api", "u1")
    kept = list(queue.redis().scan_iter("*u1*"))
    assert kept and all(0 < queue.redis().ttl(key) <= 61 for key in kept)


def test_without_redis_it_still_counts(settings: Settings) -> None:
    alone = Limiter(replace(settings, rate_limit_max=2), Redis.from_url("redis://127.0.0.1:1/0"))
    for _ in range(2):
        alone.hit("api", "u1")
    with pytest.raises(Exceeded):
        alone.hit("api", "u1")


def test_two_processes_together_go_a_little_over_a_large_limit_at_most(app: Any, settings: Settings) -> None:
    limiters, taken = [Limiter(settings, queue.redis()) for _ in range(2)], 0
    for _ in range(14):
        for limiter in limiters:
            for _ in range(14):
                with suppress(Exceeded):
                    limiter.hit("send", "u1")
                    taken += 1
        time.sleep(0.26)
    assert 300 <= taken <= 300 * 1.15
