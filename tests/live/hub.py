"""Two real web processes (gunicorn, gevent) on their own database and Redis, with two businesses to listen to."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from redis import Redis

from scripts import probes, redis_server
from tests import servers
from tests.scripts.trees import ROOT, Tree, clean, describe
from tests.waits import STUCK_S, until

ORIGIN = "https://shop.example"
_SECRET = "tests-only-secret-of-more-than-32-characters"


@dataclass(frozen=True)
class Business:
    site: str
    email: str
    password: str


class Hub:
    """Redis and the web processes, each of which can be killed and started again."""

    def __init__(self, folder: Path, database: str, **env: str) -> None:
        self.folder, self.port = folder, servers.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._redis = redis_server.on_port(folder / "redis", servers.free_port())
        self.env = {"DATABASE_URL": database, "REDIS_URL": self._redis.url, "DATA_DIR": str(folder),
                    "CHROMA_URL": "http://127.0.0.1:1", "SESSION_SECRET": _SECRET, "LOG_LEVEL": "warning",
                    "WEB_PROCESSES": "2", **env}
        self._redis_process: subprocess.Popen[bytes] | None = None
        self._trees = ExitStack()

    def redis(self) -> Redis:
        return Redis.from_url(self._redis.url)

    def start_redis(self) -> None:
        self._redis_process = subprocess.Popen(self._redis.argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        until(lambda: probes.redis_says(self._redis.url, "PING"), lambda: "Redis did not start")

    def stop_redis(self) -> None:
        assert self._redis_process is not None
        self._redis_process.kill()
        self._redis_process.wait()

    def stop(self) -> None:
        """End whatever was begun, whether it came up or not."""
        self._trees.close()
        if self._redis_process is not None:
            self.stop_redis()

    def start_web(self) -> None:
        self.tree = self._trees.enter_context(
            Tree("-m", "gunicorn", "app:app", "--bind", f"127.0.0.1:{self.port}", log=self.folder / "web.log",
                 **self.env))
        until(lambda: probes.http_ok(f"{self.url}/health") and len(self.web_pids()) == 2, self.tree.text)

    def web_pids(self) -> list[int]:
        """The two processes that serve; the master is not among them."""
        return sorted(pid for pid in self.tree.pids() if pid != self.tree.root.pid and "gunicorn" in describe(pid))

    def run(self, *words: str) -> str:
        return subprocess.run([sys.executable, "-m", *words], cwd=ROOT, env=clean(**self.env), text=True, check=True,
                              capture_output=True, timeout=STUCK_S).stdout

    def do(self, *statements: str) -> None:
        """Run these lines in a process of their own, as a service of the hub would."""
        head = ("import os", "from hub.settings import Settings", "from hub.services.start import start",
                "from hub.access.callers import Service", "from hub.models.accounts.tenant import Tenant",
                "from hub.models.accounts.user import User", "from hub.models.channels.channel import Channel",
                "from hub.services import changes", "start(Settings.load(os.environ))", "by = Service('test')")
        subprocess.run([sys.executable, "-c", "\n".join((*head, *statements))], cwd=ROOT, env=clean(**self.env),
                       check=True, capture_output=True, timeout=STUCK_S)

    def business(self, name: str, *domains: str) -> Business:
        email = f"owner@{name}.example"
        said = self.run("scripts.new_business", name, email, *domains)
        return Business(said.split('data-site="')[1].split('"')[0], email, said.split("Password")[1].split()[0])

    def sign_in(self, business: Business) -> str:
        """The session cookie of the owner's browser."""
        answer = httpx2.post(f"{self.url}/auth/login", timeout=STUCK_S,
                             json={"email": business.email, "password": business.password})
        assert answer.status_code == 200, answer.text
        return str(answer.cookies["parley_session"])


@contextmanager
def running(folder: Path, database: str, **env: str) -> Iterator[Hub]:
    """A hub of its own, with other settings where `env` gives them."""
    hub = Hub(folder, database, **env)
    with ExitStack() as undo:
        undo.callback(hub.stop)     # also what began but did not come up
        hub.start_redis()
        hub.run("scripts.migrate")
        hub.start_web()
        yield hub


class Visitor:
    """A page of the widget: writes over POST; sockets and streams are opened beside it."""

    def __init__(self, hub: Hub, site: str, origin: str = ORIGIN) -> None:
        self.hub, self.site = hub, site
        self.http = httpx2.Client(base_url=hub.url, timeout=STUCK_S, headers={"Origin": origin})
        answer = self.http.post("/widget/session", json={"site": site})
        assert answer.status_code == 200, answer.text
        self.token = str(answer.json()["visitorToken"])
        self.http.headers["Authorization"] = f"Bearer {self.token}"
        self._count = 0

    def say(self, text: str, patience_s: float = 0.0) -> dict[str, Any]:
        """The accepted message. With patience, a broken connection or a 5xx is tried again under the same client id."""
        self._count += 1
        deadline = time.monotonic() + patience_s
        while True:
            try:
                answer = self.http.post("/widget/messages",
                                        json={"clientId": f"client-{self._count:04d}", "text": text})
            except httpx2.TransportError:
                assert time.monotonic() < deadline, "nobody takes the line"
            else:
                if answer.status_code == 201:
                    return dict(answer.json()["message"])
                assert answer.status_code >= 500 and time.monotonic() < deadline, (answer.status_code, answer.text)
            time.sleep(0.2)

    def conversation(self) -> str:
        return str(self.http.get("/widget/messages").json()["conversation"]["id"])
