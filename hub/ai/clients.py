"""Clients of OpenAI-compatible endpoints: one HTTP pool for all, one light client per endpoint and key.

Not by lib/http.call: the `openai` client reads streams and errors of this dialect. Its deadline is the same one.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from hub.lib import deadline

if TYPE_CHECKING:
    import httpx2
    import openai  # 30 MB and 0.7 s that processes which never ask a model do not need


@dataclass(frozen=True)
class Endpoint:
    """Where a model is asked. The key never shows in a repr, so not in a log or a traceback either."""

    base_url: str
    key: str = field(repr=False)
    model: str


def load() -> None:
    """Load what asking needs, before a deadline begins: the first time it takes seconds on a busy machine."""
    importlib.import_module("openai.resources.chat")
    _pool()


def client(endpoint: Endpoint) -> openai.OpenAI:
    """The client of this endpoint and key; it never retries by itself, the deadline is ours."""
    return _client(endpoint.base_url, endpoint.key)


@lru_cache(maxsize=128)
def _client(base_url: str, key: str) -> openai.OpenAI:
    import openai
    result = openai.OpenAI(base_url=base_url, api_key=key, max_retries=0, http_client=_pool())
    # The client takes these two from the environment; the key of one business must not name another's organisation.
    result.organization = result.project = None
    return result


@cache
def _pool() -> httpx2.Client:
    """One pool (an SSL context costs 19 ms) that does not follow redirects: they would carry the key elsewhere."""
    import httpx2
    pool = httpx2.Client(follow_redirects=False)
    # httpx2 has no public way to hand a network backend to httpcore2, which does; the lock pins both.
    for transport in (pool._transport, *filter(None, pool._mounts.values())):
        inner = transport._pool  # type: ignore[attr-defined]
        inner._network_backend = deadline.Backend(inner._network_backend)
    return pool
