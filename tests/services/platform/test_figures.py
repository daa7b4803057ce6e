"""How the installation does: what it counts, what it holds, what it says without a part."""

from collections.abc import Iterator
from typing import Any

import pytest

from hub import queue
from hub.ai.store import VectorStore
from hub.lib import clock, meter
from hub.models.base import db, transaction
from hub.models.conversations.delivery import Delivery
from hub.models.conversations.turn import Turn
from hub.services.platform import health, history, traffic
from hub.services.platform.traffic import Process
from tests import factories
from tests.client import Client
from tests.factories import People

pytestmark = pytest.mark.usefixtures("still")
DEAD = "redis://127.0.0.1:9/0"


@pytest.fixture
def root(app: Any, people: People) -> Client:
    """Who owns the installation; nothing was counted before."""
    meter.taken()
    return Client(app, factories.make_user(factories.make_tenant(), "owner", is_platform_owner=True))


@pytest.fixture
def no_redis(app: Any, settings: Any) -> Iterator[None]:
    queue.connect(DEAD)
    yield
    queue.connect(settings.redis_url)


def process(name: str, **values: Any) -> Process:
    now = traffic.time.time()
    return Process(**{"kind": "web", "name": name, "at": now, "began": now - 7200, "rss": 50_000_000, "cpu": 1.5,
                      "streams": 3, "database_busy": 2, "database_most": 20, **values})


def test_the_requests_of_all_processes_are_counted_together(root: Client, client: Client) -> None:
    for _ in range(3):
        client.get("/api/tenant", expect=401)
    traffic.share(process("a"))
    meter.took("http core", "5xx", 3.0)
    traffic.share(process("b", kind="worker"))
    found = root.get("/api/admin/system/metrics")
    assert found["requests"]["count"] == 4 and found["requests"]["failed"] == 1
    assert found["requests"]["errorRate"] == 0.25 and found["requests"]["p95Ms"] == 5000
    assert {one["name"] for one in found["processes"]} == {"a", "b"} and found["memory"]["rssMb"] == 95.4
    assert found["uptime"] >= 7200 and found["dbStats"]["poolSize"] == 40
    assert (found["userStats"]["total"], found["userStats"]["tenants"]) == (5, 3)


def test_each_part_of_the_hub_is_counted_by_itself(root: Client, client: Client) -> None:
    for path, expect in (("/health", 200), ("/auth/login", 200), ("/nowhere", 404), ("/widget/config", 404)):
        client.call("GET", path, expect=(expect, 400))
    traffic.share(process("a"))
    assert {done.what for done in traffic.total()} == {"http system", "http pages", "http nothing", "http widget"}


def test_counts_that_redis_did_not_take_are_told_later(root: Client, settings: Any, no_redis: None) -> None:
    meter.took("http core", "2xx", 0.01)
    traffic.share(process("a"))
    queue.connect(settings.redis_url)
    traffic.share(process("a"))
    assert meter.histogram(traffic.total(), "http core", "2xx").times == 1


def test_who_is_silent_is_gone(root: Client, still: float) -> None:
    for name, ago in (("alive", 1), ("silent", 30), ("long gone", 4000)):
        traffic.share(process(name, at=still - ago))
    queue.redis().hset("parley:processes", "of another release", b'{"kind": "web"}')
    assert [one.name for one in traffic.processes()] == ["alive"]
    assert set(queue.redis().hkeys("parley:processes")) == {b"alive", b"silent"}


def test_what_waits_and_what_failed_is_told(root: Client, people: People) -> None:
    hook = factories.make_custom(people.tenant, "http://127.0.0.1:9/")
    line = factories.make_line(hook)
    for part, (state, ago) in enumerate((("queued", 90), ("queued", -60), ("failed", 0), ("sent", 0))):
        Delivery.create(tenant=people.tenant, message=line, part=part, conversation=line.conversation, channel=hook,
                        state=state, due_at=clock.ahead(-ago))
    found = next(one for one in root.get("/api/admin/system/metrics")["work"] if one["name"] == "delivery")
    assert (found["due"], found["failed"]) == (1, 1) and found["oldest_s"] >= 89


@pytest.mark.parametrize(("failed", "status"), [(0, "healthy"), (3, "degraded"), (8, "unhealthy")])
def test_a_model_that_fails_often_is_not_well(
        root: Client, use: Any, people: People, failed: int, status: str) -> None:
    use(openai_api_key="sk-1")
    site = factories.make_site(people.tenant)
    for number in range(10):
        line = factories.make_line(site)
        Turn.create(tenant=people.tenant, conversation=line.conversation, question=line, floor_version=0,
                    state="replied", model_ms=800, error="timeout" if number < failed else "")
    found = root.get("/api/system/health")
    assert found["services"]["ai_providers"]["openai"] == {
        "status": status, "response_time": "800ms", "success_rate": f"{100 - failed * 10}.0%"}
    assert found["status"] == ("healthy" if status == "healthy" else "degraded")


def test_without_redis_the_rest_is_told(root: Client, no_redis: None) -> None:
    assert root.get("/api/system/health")["services"]["redis"]["status"] == "unhealthy"
    assert root.get("/api/admin/system/health")["status"] == "degraded"
    assert root.get("/api/admin/system/metrics")["queues"] == {}
    assert root.get("/metrics")['parley_up{part="redis"}'] == 0 and history.of_last(1) == []


def test_without_chroma_it_goes_less_well(root: Client, use: Any) -> None:
    use(chroma_url="http://127.0.0.1:9")
    assert root.get("/api/system/health")["status"] == "degraded"
    assert root.get("/metrics")['parley_up{part="chroma"}'] == 0


def test_whoever_waits_for_another_part_holds_no_connection_to_the_database(
        root: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[bool] = []

    def ping(_: VectorStore) -> bool:
        held.append(not db.is_closed())
        return True

    monkeypatch.setattr(VectorStore, "ping", ping)
    assert health.whole().status == "healthy" and held == [False]


def test_a_redis_that_says_nothing_ends_nothing_of_the_database(
        root: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def waits() -> None:
        raise TimeoutError

    monkeypatch.setattr(queue, "redis", waits)
    with transaction():
        assert not health.redis().ok and db.in_transaction() and not db.is_closed()


def test_prometheus_reads_whole_histograms(root: Client, client: Client) -> None:
    for seconds in (0.004, 0.03, 60):
        meter.took("http core", "2xx", seconds)
    traffic.share(process("a"))
    text = client.call("GET", "/metrics", headers={"Accept": "text/plain"}, expect=200)
    assert text.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = text.text.splitlines()
    name, of = "parley_http_request_duration_seconds", 'part="core",status="2xx"'
    assert f"# TYPE {name} histogram" in lines
    for ending in (f'_bucket{{{of},le="0.005"}} 1', f'_bucket{{{of},le="0.05"}} 2', f'_bucket{{{of},le="10.0"}} 2',
                   f'_bucket{{{of},le="+Inf"}} 3', f"_sum{{{of}}} 60.034", f"_count{{{of}}} 3"):
        assert name + ending in lines
    assert 'parley_queue_length{queue="deliveries"} 0' in lines and "parley_customers 0" in lines
    assert len([line for line in lines if line.startswith("# TYPE")]) == len(
        {line for line in lines if line.startswith("# TYPE")})


def test_the_past_is_what_was_measured_and_counted(root: Client, people: People) -> None:
    meter.took("http core", "5xx", 0.2)
    traffic.share(process("a", streams=7))
    history.measure()
    traffic.share(process("a", streams=2))
    history.measure()
    *before, last = history.of_last(1)
    assert len(before) == 11 and not any(point.requests or point.held for point in before)
    assert (last.requests, last.failed, last.p95_ms, last.held["streams"]) == (1, 1, 250, 7)
    assert len(history.of_last(24)) == 48
