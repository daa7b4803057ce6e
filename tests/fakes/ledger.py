"""The ledger: every call a fake provider received, in order of arrival, and how it ended.

A call is written down when its request has been read, before anything is answered, so that a test sees a call
that still hangs. Only the server's thread touches a ledger; all others get copies over HTTP, so there is no
lock and no torn read.
"""
from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.wire import Request

# Headers that carry a credential: of these only the last four characters are kept.
SECRET_HEADERS = ("authorization", "proxy-authorization", "x-api-key", "api-key", "cookie")


@dataclass
class Call:
    """One call.

    number      1, 2, 3… in order of arrival since the last reset
    at, took_s  Unix time of arrival; seconds until the end, None while in progress
    headers     lower-case names; credentials cut to their last four characters
    key         last four characters of the API key, or the channel's name
    body        parsed JSON, form fields or text
    mode        the mode that was played
    status      the HTTP status that was sent; None when nothing was (hang, drop)
    answered    what was said: the JSON body; of a stream the completion it was cut from; of vectors a count
    is_accepted the provider did the work, even if the answer was then dropped
    is_hung_up  the client left before the answer was complete
    concurrent  calls of this provider in progress at that moment, this one included
    note        what the provider noticed, e.g. {"signature": "valid", "is_repeat": true}
    """

    number: int
    provider: str
    method: str
    path: str
    query: dict[str, str]
    at: float
    headers: dict[str, str]
    key: str
    body: Any
    mode: str
    concurrent: int
    status: int | None = None
    answered: Any = None
    is_accepted: bool = False
    is_hung_up: bool = False
    took_s: float | None = None
    note: dict[str, Any] = field(default_factory=dict)


@dataclass
class Load:
    """How many calls of one provider are in progress, and the most there were at once."""

    active: int = 0
    peak: int = 0


class Ledger:
    """All calls since the last reset."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._begun: dict[int, float] = {}  # number -> monotonic time: a test may move the wall clock
        self.load: dict[str, Load] = {}

    def open(self, provider: str, request: Request, key: str, mode: str) -> Call:
        """Write a call down as begun."""
        load = self.load.setdefault(provider, Load())
        load.active += 1
        load.peak = max(load.peak, load.active)
        call = Call(
            len(self._calls) + 1, provider, request.method, request.path, request.query, time.time(),
            _without_secrets(request.headers), key, request.body, mode, load.active,
        )
        self._calls.append(call)
        self._begun[call.number] = time.monotonic()
        return call

    def close(self, call: Call) -> None:
        """Write down that the call is over."""
        self.load[call.provider].active -= 1
        call.took_s = time.monotonic() - self._begun.pop(call.number)

    def calls(self, provider: str | None, path: str | None, after: int) -> list[Call]:
        """The calls of a provider whose path contains `path`, numbered above `after`."""
        return [
            call for call in self._calls[after:]
            if provider in (None, call.provider) and (path is None or path in call.path)
        ]


def last4(secret: str) -> str:
    """All of a credential that may be shown."""
    return secret[-4:]


def _without_secrets(headers: dict[str, str]) -> dict[str, str]:
    return {name: last4(text) if name in SECRET_HEADERS else text for name, text in headers.items()}
