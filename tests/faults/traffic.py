"""Visitors who write through the widget's own calls and, like it, send a line again until it is accepted."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx2

from tests.faults.stack import QUESTION
from tests.waits import STUCK_S

VISITORS, LINES = 20, 10
# Between two lines of one visitor: some belong together, others wait for the answer to the one before.
PAUSES_S = (0.1, 0.2, 0.4, 0.9)
_TIMEOUT_S = 15.0 + STUCK_S    # longer than the longest outage of these tests
_AGAIN_S = 0.3


@dataclass
class Line:
    """One line that was accepted: 201 came back. `tries` counts the requests it took, `began` is time.monotonic()."""

    text: str
    client_id: str
    uuid: str
    tries: int
    began: float
    took_s: float


@dataclass
class Visitor:
    """One page of the widget."""

    number: int
    url: str
    http: httpx2.Client
    token: str
    accepted: list[Line] = field(default_factory=list)
    conversation: str = ""

    def say(self, text: str, client_id: str) -> None:
        """Send until it is accepted. A connection that breaks and a 5xx are tried again, anything else is a defect."""
        began, tries = time.monotonic(), 0
        while True:
            tries += 1
            answer = self._post({"clientId": client_id, "text": text})
            took = time.monotonic() - began
            if answer is not None and answer.status_code == 201:
                break
            assert answer is None or answer.status_code >= 500, (answer.status_code, answer.text)
            assert took < _TIMEOUT_S, f"visitor {self.number}: {text!r} was not accepted within {took:.0f} s"
            time.sleep(_AGAIN_S)
        said = answer.json()
        self.conversation = said["conversation"]["id"]
        self.accepted.append(Line(text, client_id, said["message"]["id"], tries, began, took))

    def _post(self, body: dict[str, str]) -> httpx2.Response | None:
        try:
            return self.http.post("/widget/messages", json=body)
        except httpx2.TransportError:
            return None

    def sees(self) -> list[dict[str, Any]]:
        """All lines as the widget catches up from the beginning."""
        answer = self.http.get("/widget/messages", params={"since": 0, "limit": 100})
        assert answer.status_code == 200, answer.text
        seen: dict[str, Any] = answer.json()
        assert not seen["hasMore"]
        return list(seen["messages"])


class Traffic:
    """`with Traffic(url, site) as traffic:` the lines flow meanwhile; at the end of the block all are accepted."""

    def __init__(self, url: str, site: str, pauses_s: Sequence[float] = PAUSES_S, seed: int = 1) -> None:
        self.visitors = [_arrive(number, url, site) for number in range(VISITORS)]
        self._pauses_s, self._random, self._name = pauses_s, random.Random(seed), uuid4().hex[:6]
        self._pool = ThreadPoolExecutor(VISITORS)
        self._running: list[Future[None]] = []
        self._sent = 0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        plans = [[self._random.choice(self._pauses_s) for _ in range(LINES)] for _ in self.visitors]
        self._running = [self._pool.submit(self._write, visitor, plan)
                         for visitor, plan in zip(self.visitors, plans, strict=True)]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 where: TracebackType | None) -> None:
        for future in self._running:
            future.exception() if error else future.result()
        self._pool.shutdown()

    def after(self, count: int, act: Callable[[], object]) -> None:
        """Do something once that many lines were accepted, in the middle of the rest."""
        deadline = time.monotonic() + _TIMEOUT_S
        while self._sent < count and not all(future.done() for future in self._running):
            assert time.monotonic() < deadline, f"only {self._sent} lines were accepted"
            time.sleep(0.01)
        act()

    def _write(self, visitor: Visitor, pauses: list[float]) -> None:
        for number, pause in enumerate(pauses):
            # The token makes every line findable, in the database and in what the model was asked.
            visitor.say(f"{QUESTION} {self._name}v{visitor.number:02}n{number:02}.", f"client-{number:04d}")
            with self._lock:
                self._sent += 1
            time.sleep(pause)

    def close(self) -> None:
        for visitor in self.visitors:
            visitor.http.close()

    @property
    def lines(self) -> list[Line]:
        return [line for visitor in self.visitors for line in visitor.accepted]


def _arrive(number: int, url: str, site: str) -> Visitor:
    http = httpx2.Client(base_url=url, timeout=STUCK_S, headers={"Origin": "https://shop.example"})
    answer = http.post("/widget/session", json={"site": site})
    assert answer.status_code == 200, answer.text
    http.headers["Authorization"] = f"Bearer {answer.json()['visitorToken']}"
    return Visitor(number, url, http, answer.json()["visitorToken"])
