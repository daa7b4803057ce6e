"""What a fake provider is: one class per file, listed in `server.PROVIDERS`; its name begins its paths."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from tests.fakes.modes import Answer, Mode
from tests.fakes.wire import Reply, Request

Take = Callable[[], Answer | None]  # takes the next queued answer that fits this call


class Provider(Protocol):
    """One provider since the last reset: each reset makes a fresh object, so it may keep what it accepted.

    name, modes       its name, and the modes it knows beside the common ones (name -> meaning)
    key(request)      who calls: an API key, a channel's name; modes and answers can be narrowed to it
    is_secret         whether that key is a credential (the ledger then keeps its last four characters)
    answer(...)       do the work and answer; plays its own modes
    error(...)        the answer for a mode that is an HTTP status
    option(...)       a switch of the test, e.g. {"idempotent": False}; raises WrongControl
    """

    name: str
    modes: dict[str, str]
    is_secret: bool

    def key(self, request: Request) -> str: ...

    def answer(self, request: Request, mode: Mode, take: Take) -> Reply: ...

    def error(self, request: Request, mode: Mode) -> Reply: ...

    def option(self, key: str, name: str, value: Any) -> None: ...
