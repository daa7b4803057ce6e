"""The whole of Parley in a folder of its own, with one business on it, and the hand that kills parts of it."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Self

import httpx2
import psycopg2
from redis import Redis

from tests import servers
from tests.fakes import FakeClient
from tests.scripts.trees import ROOT, Tree, clean, describe
from tests.waits import STUCK_S, until

# One sentence that answers the question; the fake model quotes it word for word.
ARTICLE = ("Courier delivery across Riga costs 4 euros. Orders above 50 euros travel free of charge. "
           "The courier comes between ten in the morning and nine in the evening, on weekdays and on Saturdays.")
QUESTION = "How much does courier delivery across Riga cost?"

# Words of the command line by which each kind of process is found.
WORDS = {"worker": "-m jobs.worker", "web": "gunicorn app:app", "redis": "redis-server",
         "chroma": "scripts.chroma_server"}


class Stack:
    """`with Stack(folder, fake) as stack:` everything is up; the AI of the site `stack.site` knows one article."""

    def __init__(self, folder: Path, fake: FakeClient, **env: str) -> None:
        self.data, self.log = folder / "data", folder / "log"
        self.port = servers.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {"OPENAI_API_KEY": "sk-tests-only", "OPENAI_BASE_URL": fake.openai_url, "LOG_LEVEL": "warning",
                    **env}
        self._starts = 0

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            undo.callback(self.__exit__)        # also what began but did not come up
            self.start()
            self.site, email, password = self._business()
            self._teach(email, password)
            undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.tree.__exit__()

    def start(self) -> None:
        """Start everything and wait until it is up."""
        self._starts += 1
        ready = self.data.parent / "ready.json"
        ready.unlink(missing_ok=True)       # of the life before, which may have ended without a word
        self.tree = Tree("app.py", "--no-demo", "--port", str(self.port), "--data", self.data, "--ready-file", ready,
                         log=self.data.parent / f"log-{self._starts}", **self.env)
        until(lambda: ready.exists() or self.tree.root.poll() is not None, self.tree.text)
        assert self.tree.root.poll() is None, self.tree.text()

    def stop(self) -> None:
        """SIGTERM to the supervisor, as a deploy sends it; nothing may stay behind."""
        self.tree.root.send_signal(signal.SIGTERM)
        self.tree.ends()
        self.tree.leaves_nothing()

    # Parts of it

    def pids(self, kind: str) -> list[int]:
        """The processes of one kind, the oldest (of gunicorn: the master) first."""
        return sorted(pid for pid in self.tree.pids() if WORDS[kind] in describe(pid))

    def kill(self, kind: str) -> None:
        """kill -9; "one web process" is a child of gunicorn, "web" its master."""
        os.kill(self.pids("web")[1] if kind == "one web process" else self.pids(kind)[0], signal.SIGKILL)

    def redis(self) -> Redis:
        """The stack's Redis, which moves to another process after a kill but keeps its socket."""
        words = describe(self.pids("redis")[0]).split()
        return Redis(unix_socket_path=words[words.index("--unixsocket") + 1], socket_timeout=STUCK_S)

    def is_up(self) -> bool:
        """Every process is there and all that an answer needs is well."""
        ours = WORDS.keys() - ({"redis"} if "REDIS_URL" in self.env else set())
        try:
            return all(map(self.pids, ours)) and httpx2.get(f"{self.url}/ready", timeout=STUCK_S).status_code == 200
        except httpx2.TransportError:
            return False

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database says, read past the hub."""
        url = self.env["DATABASE_URL"]
        is_sqlite = url.startswith("sqlite:")
        link: Any = (sqlite3.connect(url.removeprefix("sqlite:///"), timeout=STUCK_S) if is_sqlite
                     else psycopg2.connect(url))
        with closing(link), closing(link.cursor()) as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    # The business on it

    def _business(self) -> tuple[str, str, str]:
        """(site token, e-mail, password), made from the command line."""
        done = subprocess.run(
            [sys.executable, "-m", "scripts.new_business", "Bakery", "alice@bakery.example"], cwd=ROOT, text=True,
            capture_output=True, check=True, timeout=STUCK_S, env=clean(**self.env, DATA_DIR=str(self.data)))
        said = done.stdout
        return said.split('data-site="')[1].split('"')[0], "alice@bakery.example", said.split("Password")[1].split()[0]

    def _teach(self, email: str, password: str) -> None:
        """One article through the API; the worker indexes it."""
        with httpx2.Client(base_url=self.url, timeout=STUCK_S) as owner:
            assert owner.post("/auth/login", json={"email": email, "password": password}).status_code == 200
            result = owner.post("/api/knowledge-docs", json={"title": "Delivery", "content": ARTICLE})
            assert result.status_code == 201, result.text
            until(lambda: self.rows("SELECT state FROM knowledge_doc") == [("ready",)], self.tree.text)


def wait(true: Callable[[], bool], otherwise: Callable[[], str]) -> float:
    """Wait for a condition that costs something to look at; the seconds it took. AssertionError with `otherwise()`."""
    began = time.monotonic()
    until(true, otherwise, pause_s=0.1)
    return time.monotonic() - began


def shown(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, default=str)
