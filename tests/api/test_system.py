"""What machines that look after the hub are told, and who is told the details."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.lib import cache
from hub.lib.keyring import Keyring
from hub.models import base
from hub.models.platform.integration_secret import IntegrationSecret
from hub.models.platform.write_check import WriteCheck
from hub.services.platform import health, storage
from hub.settings import Settings
from tests.client import Client

_FAR: dict[str, Any] = {"environ_overrides": {"REMOTE_ADDR": "203.0.113.9"}}


@pytest.fixture(autouse=True)
def unwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has asked within the last seconds."""
    monkeypatch.setattr(storage, "_written", float("-inf"))


def test_a_stranger_is_told_whether_the_hub_is_ready_and_nothing_else(client: Client) -> None:
    answer = client.get("/ready", **_FAR)
    assert answer["ready"] is True and set(answer) == {"ready", "timestamp"}
    assert client.get("/health", **_FAR)["status"] == "healthy"
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
        assert "parley" not in client.call("GET", "/metrics", headers=headers, expect=401, **_FAR).text


def test_the_metrics_token_opens_the_details_from_anywhere(client: Client, use: Any) -> None:
    use(metrics_token="scrape-7")
    right, wrong = ({"Authorization": f"Bearer {token}"} for token in ("scrape-7", "scrape-8"))
    assert "parley_process_id" in client.get("/metrics", headers=right, **_FAR)
    assert set(client.get("/ready", headers=right, **_FAR)["checks"]) == {"storage", "redis", "vectors", "ai", "memory"}
    client.get("/metrics", headers=wrong, expect=401, **_FAR)
    assert "checks" not in client.get("/ready", headers=wrong, **_FAR)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"])
def test_a_proxy_on_the_same_machine_does_not_make_strangers_neighbours(client: Client, header: str) -> None:
    assert "checks" in client.get("/ready")
    assert "checks" not in client.get("/ready", headers={header: "203.0.113.9"})
    client.get("/metrics", headers={header: "203.0.113.9"}, expect=401)


def test_ready_writes_and_leaves_nothing_behind(client: Client) -> None:
    assert client.get("/ready")["checks"]["storage"] == {"ok": True}
    assert not WriteCheck.select().exists()


@pytest.fixture
def full(app: Any, settings: Settings) -> Iterator[None]:
    """The database answers and takes nothing more, as with a disk that is full."""
    on, off = "SET default_transaction_read_only = on", "SET default_transaction_read_only = off"
    if settings.sqlite:
        base.db.execute_sql("VACUUM")           # no free pages
        on, off = "PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1073741823"     # as many as there are; default
    base.db.execute_sql(on)
    yield
    base.db.execute_sql(off)


def test_a_database_that_cannot_be_written_is_not_ready(client: Client, full: None, settings: Settings) -> None:
    said = ("The disk is full: nothing can be stored until there is room again." if settings.sqlite else
            "Nothing can be stored at the moment: the database may only be read.")
    assert client.get("/ready", 503)["checks"]["storage"] == {"ok": False, "message": said}


def test_what_was_in_the_way_is_looked_for_again_at_once(client: Client, use: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    use(data_dir=str(tmp_path / "file" / "data"))
    assert client.get("/ready", 503)["ready"] is False
    use(data_dir=str(tmp_path))
    assert client.get("/ready")["ready"] is True


def test_a_data_folder_that_cannot_be_written_is_not_ready(client: Client, use: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    use(data_dir=str(tmp_path / "file" / "data"))
    answer = client.get("/ready", 503)
    assert answer["checks"]["storage"]["message"] == "The data folder cannot be written; its disk may be full."


def test_memory_is_what_the_process_holds_now(client: Client) -> None:
    before = client.get("/ready")["checks"]["memory"]["rssMb"]
    block = bytearray(os.urandom(1) * 200_000_000)
    during = client.get("/ready")["checks"]["memory"]["rssMb"]
    del block
    assert during - before > 150
    assert client.get("/ready")["checks"]["memory"]["rssMb"] < during - 100


def test_the_key_of_the_answers_is_the_platforms_own_before_that_of_the_environment(client: Client, use: Any) -> None:
    def told() -> tuple[str, int]:
        cache.clear_all()
        return client.get("/ready")["checks"]["ai"]["mode"], len(health.models())

    use(openai_api_key="sk-1")
    assert told() == ("model", 1)
    IntegrationSecret.create(key_name="OPENAI_API_KEY", secret="sk-2")
    base.db.execute_sql(f"UPDATE integration_secret SET secret = {base.db.param}",
                        (Keyring(bytes(32)).seal("sk-2", "integration_secret.secret"),))
    assert told() == ("offline", 0), "answers are quoted articles while it cannot be read"
