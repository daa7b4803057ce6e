"""Processes that start while nothing answers that they need: they stay, and say what is missing."""

from pathlib import Path

import httpx2
import pytest

from tests.live.hub import Hub
from tests.scripts.trees import Tree
from tests.waits import STUCK_S

pytestmark = pytest.mark.slow


def test_without_database_redis_and_chroma_they_start_and_name_what_is_missing(tmp_path: Path) -> None:
    nothing = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing", "REDIS_URL": "redis://127.0.0.1:1/0"}
    hub = Hub(tmp_path, nothing["DATABASE_URL"], **nothing)
    try:
        hub.start_web()         # it waits until /health answers
        answer = httpx2.get(f"{hub.url}/ready", timeout=STUCK_S)
        missing = {name for name, check in answer.json()["checks"].items() if not check["ok"]}
        assert (answer.status_code, missing) == (503, {"storage", "redis", "vectors"})
        before = hub.web_pids()
        with Tree("-m", "jobs.worker", log=tmp_path / "worker.log", **hub.env) as worker:
            worker.says("worker.redis_away")
            worker.says("clock.redis_away")
            assert worker.root.poll() is None
        assert hub.web_pids() == before and httpx2.get(f"{hub.url}/health", timeout=STUCK_S).status_code == 200
    finally:
        hub.stop()
