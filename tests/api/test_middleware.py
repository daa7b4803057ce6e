"""What surrounds every answer: the request's id, headers that protect, and what a breakdown looks like."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
import pytest
import structlog

from hub import queue
from hub.models import base
from hub.models.channels.channel import Channel
from hub.settings import Settings
from tests import factories
from tests.api.callers import browser, code
from tests.client import Client
from tests.factories import People

PATHS = ["/api/tenant", "/api/nothing", "/health", "/widget/config?site=x", "/auth/login", "/inbox", "/nothing",
         "/static/theme/theme.css", "/webhooks/custom/x", "/widget.js"]


@pytest.mark.parametrize("path", PATHS)
def test_a_request_id_is_echoed_or_made(client: Client, path: str) -> None:
    given = client.call("GET", path, headers={"X-Request-Id": "trace-4711.a_b"})
    assert given.headers["X-Request-Id"] == "trace-4711.a_b"
    UUID(client.call("GET", path).headers["X-Request-Id"])


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "<script>", "a;b", "{}"])
def test_a_strange_request_id_is_replaced(client: Client, given: str) -> None:
    UUID(client.call("GET", "/health", headers={"X-Request-Id": given}).headers["X-Request-Id"])


@pytest.mark.parametrize("path", PATHS)
def test_no_answer_is_guessed_at_by_browsers(client: Client, path: str) -> None:
    headers = client.call("GET", path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_only_production_insists_on_tls(client: Client, use: Any) -> None:
    assert "Strict-Transport-Security" not in client.call("GET", "/health").headers
    use(env="production")
    assert client.call("GET", "/health").headers["Strict-Transport-Security"].startswith("max-age=")


def test_answers_to_signed_in_people_are_not_kept(app: Any, client: Client, alice: Client, people: People) -> None:
    for caller in (alice, browser(app, people.alice)):
        assert caller.call("GET", "/api/tenant").headers["Cache-Control"] == "no-store"
    assert "Cache-Control" not in client.call("GET", "/health").headers


def test_the_core_contract_shows_nothing_to_pages_of_other_sites(alice: Client) -> None:
    for method, path in (("GET", "/api/tenant"), ("OPTIONS", "/api/tenant"), ("OPTIONS", "/auth/login")):
        answer = alice.call(method, path, headers={"Origin": "https://evil.example",
                                                   "Access-Control-Request-Method": "PATCH"})
        assert [name for name, _ in answer.headers if name.startswith("Access-Control")] == []


def test_a_breakdown_tells_the_caller_nothing_but_its_number(
        app: Any, alice: Client, people: People, capsys: pytest.CaptureFixture[str]) -> None:
    conversation = factories.make_conversation(factories.make_site(people.tenant), "Hello")
    Channel.update(kind="instagram").where(Channel.id == conversation.channel_id).execute()
    answer = alice.call("POST", f"/api/conversations/{conversation.uuid}/messages", json={"content": "A secret word"},
                        headers={"X-Request-Id": "trace-1"}, expect=500)
    assert code(answer) == "internal_error"
    assert answer.headers["X-Request-Id"] == "trace-1"
    for private in ("Traceback", "KeyError", "instagram", "/hub/", "secret word"):
        assert private not in answer.text
    logged = capsys.readouterr().out
    assert "request.failed" in logged and "trace-1" in logged and "KeyError" in logged
    assert "secret word" not in logged and "Bearer" not in logged


def test_whatever_somebody_sends_is_one_escaped_line_of_the_log(app: Any, capsys: pytest.CaptureFixture[str]) -> None:
    given = "a\r\n{\"event\": \"forged\"}\n\x1b[2Jb\x00\u2028" + "x" * 10_000
    structlog.get_logger("test").error(given, given=given)
    logged = capsys.readouterr().out
    assert logged.count("\n") == 1 and not {"\r", "\x1b", "\x00", "\u2028"} & set(logged)
    assert orjson.loads(logged)["given"] == orjson.loads(logged)["event"] == given


def test_a_database_that_is_away_is_said_so_and_comes_back(alice: Client, settings: Settings) -> None:
    base.release()
    base.connect(replace(settings, database_url="postgres://nobody@127.0.0.1:1/none"))
    try:
        answer = alice.call("GET", "/api/tenant", expect=503)
        ready = alice.get("/ready", expect=503)
    finally:
        base.connect(settings)
    assert (code(answer), answer.headers["Retry-After"]) == ("database_away", "5")
    assert ready["checks"]["storage"] == {"ok": False, "message": "The database does not answer."}
    alice.get("/api/tenant")


def test_the_hub_says_that_it_is_well(client: Client) -> None:
    assert client.get("/health")["status"] == "healthy"
    found = client.get("/ready")
    assert found["ready"] is True
    assert {name: check["ok"] for name, check in found["checks"].items()} == dict.fromkeys(
        ("storage", "redis", "vectors", "ai", "memory"), True)
    assert found["checks"]["ai"]["mode"] == "offline"


def test_what_is_missing_makes_the_hub_not_ready(client: Client, settings: Settings) -> None:
    queue.connect("redis://127.0.0.1:1/0")
    try:
        found, metrics = client.get("/ready", expect=503), client.get("/metrics")
    finally:
        queue.connect(settings.redis_url)
    assert found["ready"] is False
    assert found["checks"]["redis"] == {"ok": False, "message": "Redis does not answer; work waits in the database."}
    assert metrics['parley_up{part="redis"}'] == 0 and not [name for name in metrics if "redis_" in name]


def test_metrics_come_as_json_or_as_text(client: Client) -> None:
    found = client.get("/metrics")
    assert found["parley_queue_length{queue=\"ai-generation\"}"] == 0
    text = client.call("GET", "/metrics", headers={"Accept": "text/plain"})
    assert text.mimetype == "text/plain"
    assert "parley_queue_length{queue=\"ai-generation\"} 0\n" in text.text
    samples = [line for line in text.text.splitlines() if not line.startswith("# ")]
    assert all(len(line.rsplit(" ", 1)) == 2 and float(line.rsplit(" ", 1)[1]) >= 0 for line in samples)
