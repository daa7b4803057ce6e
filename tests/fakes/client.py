"""The Python face of the fake server: how tests command it, and the two ways to start it."""
from __future__ import annotations

import asyncio
import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from tests.fakes.ledger import Call
from tests.fakes.server import Server
from tests.waits import STUCK_S

ROOT = Path(__file__).resolve().parents[2]


class FakeClient:
    """Commands a running fake server. Each method is one HTTP call; AssertionError when it is refused."""

    def __init__(self, url: str) -> None:
        self.url = url

    @property
    def openai_url(self) -> str:
        """The base URL for an OpenAI client."""
        return f"{self.url}/openai/v1"

    def channel_url(self, name: str) -> str:
        """Where the custom channel of this name takes messages."""
        return f"{self.url}/channel/{name}/messages"

    def mode(
        self, provider: str, name: str, *, times: int | None = None, delay_s: float | None = None,
        key: str | None = None, path: str | None = None, retry_after_s: float = 1.0,
    ) -> None:
        """How the provider behaves from now on, or for the next `times` calls; narrowed to a key or path."""
        self._post("mode", provider=provider, name=name, times=times, delay_s=delay_s, key=key, path=path,
                   retry_after_s=retry_after_s)

    def answer(
        self, provider: str, value: Any, *, key: str | None = None, when: str | None = None,
        times: int | None = 1, status: int | None = None,
    ) -> None:
        """Queue what is said next; answers are used in order, each by the first call that it fits."""
        self._post("answer", provider=provider, value=value, key=key, when=when, times=times, status=status)

    def options(self, provider: str, key: str, **options: Any) -> None:
        """Switches of one provider, e.g. `options("channel", "shop", idempotent=False)`."""
        self._post("options", provider=provider, key=key, options=options)

    def release(self, provider: str) -> None:
        """Let the calls go on that mode `hold` has stopped; later ones are held while the mode stands."""
        self._post("release", provider=provider)

    def reset(self) -> None:
        """Forget modes, answers, options and calls; what is in progress is cut."""
        self._post("reset")

    def calls(self, provider: str | None = None, path: str | None = None, after: int = 0) -> list[Call]:
        """The calls since the last reset whose path contains `path`, numbered above `after`."""
        return [Call(**call) for call in self._ledger(provider=provider, path=path, after=after)["calls"]]

    def load(self) -> dict[str, dict[str, int]]:
        """By provider: calls in progress (`active`) and the most at once (`peak`)."""
        load: dict[str, dict[str, int]] = self._ledger(after=sys.maxsize)["load"]
        return load

    def wait_for(
        self, provider: str, count: int = 1, *, path: str | None = None, is_over: bool = False,
        within_s: float = STUCK_S,
    ) -> list[Call]:
        """The calls, once there are `count` (`is_over`: ended ones). AssertionError after within_s."""
        end = time.monotonic() + within_s
        while True:
            calls = [c for c in self.calls(provider, path) if not is_over or c.took_s is not None]
            if len(calls) >= count:
                return calls
            assert time.monotonic() < end, f"{len(calls)} of {count} calls to {provider} after {within_s} s"
            time.sleep(0.01)

    def _post(self, what: str, **told: Any) -> None:
        self._speak("POST", f"/_control/{what}", json.dumps(told))

    def _ledger(self, **query: Any) -> dict[str, Any]:
        told = {name: value for name, value in query.items() if value is not None}
        return self._speak("GET", f"/_control/calls?{urlencode(told)}")

    def _speak(self, method: str, path: str, body: str | None = None) -> dict[str, Any]:
        line = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=STUCK_S)
        try:
            line.request(method, path, body)
            response = line.getresponse()
            said: dict[str, Any] = json.loads(response.read())
        finally:
            line.close()
        assert response.status == 200, said["error"]
        return said


class FakeServer(FakeClient):
    """The server as a thread of this process; use it in a `with`. Port 0 takes a free one."""

    def __init__(self, port: int = 0) -> None:
        self._sock = bound(port)
        super().__init__(f"http://127.0.0.1:{self._sock.getsockname()[1]}")
        self._thread = threading.Thread(target=self._live, name="fake-providers", daemon=True)
        self._ready = threading.Event()

    def _live(self) -> None:
        asyncio.run(self._run())

    async def _run(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._ready.set()
        await Server().run(self._sock, self._stop)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *error: Any) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(STUCK_S)
        assert not self._thread.is_alive(), "the fake server did not stop"


class FakeProcess(FakeClient):
    """The server as a process in a session of its own; it ends with the `with`, or when this process dies."""

    def __init__(self, port: int = 0) -> None:
        command = [sys.executable, "-m", "tests.fakes", "--port", str(port), "--until-stdin-closes"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, start_new_session=True, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        super().__init__(self.process.stdout.readline().strip())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        self.process.communicate(timeout=STUCK_S)


def bound(port: int) -> socket.socket:
    """A socket on loopback; connections made before the server listens wait instead of being refused.

    The protocol is named because asyncio sets TCP_NODELAY only then; without it small pieces wait 40 ms.
    """
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", port))
    sock.listen(1024)
    return sock
