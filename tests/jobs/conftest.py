"""The worker and the clock as processes of their own, on the database and the Redis of the test."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hub import queue
from scripts import probes, redis_server
from scripts.process import die_with
from tests import servers
from tests.services import steps
from tests.waits import STUCK_S

Start = Callable[..., subprocess.Popen[bytes]]


class OwnRedis:
    """A Redis that a test may stop and begin again, at the same address."""

    def __init__(self, folder: Path) -> None:
        self._server = redis_server.on_port(folder, servers.free_port())
        self.url = self._server.url

    def begin(self) -> None:
        me = os.getpid()
        self._process = subprocess.Popen(self._server.argv, stdout=subprocess.DEVNULL, preexec_fn=lambda: die_with(me))
        steps.until(lambda: probes.redis_says(self.url, "PING"))

    def stop(self) -> None:
        self._process.kill()
        self._process.wait(STUCK_S)


@pytest.fixture
def own_redis(app: Any, settings: Any, tmp_path: Path) -> Iterator[OwnRedis]:
    """The hub of this test uses it."""
    redis = OwnRedis(tmp_path / "redis")
    try:
        redis.begin()
        queue.connect(redis.url)
        yield redis
    finally:
        redis.stop()
        queue.connect(settings.redis_url)


@pytest.fixture
def start(app: Any, settings: Any, root: Path, tmp_path: Path) -> Iterator[Start]:
    """start("jobs.worker", OPENAI_API_KEY="…"): the process, once it has said that it runs."""
    started: list[subprocess.Popen[bytes]] = []
    env = {**os.environ, "APP_ENV": "test", "ALLOW_LOOPBACK_URLS": "true",
           "DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url,
           "CHROMA_URL": settings.chroma_url, "SESSION_SECRET": settings.session_secret, "DATA_DIR": settings.data_dir,
           "LOG_LEVEL": "error", "OPENAI_API_KEY": ""}
    me = os.getpid()

    def start(module: str, **more: str) -> subprocess.Popen[bytes]:
        log = (tmp_path / f"{module}-{len(started)}.log").open("wb")
        process = subprocess.Popen([sys.executable, "-m", module], cwd=root, env={**env, **more}, stdout=log,
                                   stderr=log, preexec_fn=lambda: die_with(me))
        started.append(process)
        name = module.rsplit(".", 1)[1]
        steps.until(lambda: process.poll() is not None or
                    queue.redis().exists(f"parley:beat:{name}:{process.pid}"))
        assert process.poll() is None, Path(log.name).read_text()
        return process

    yield start
    for process in started:
        process.send_signal(signal.SIGKILL)
        process.wait(STUCK_S)
