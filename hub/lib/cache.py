"""Caches of one process: what was looked up a moment ago. Bounded, safe between greenlets, cleared together."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakSet

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_caches: "WeakSet[Cache[object, object]]" = WeakSet()


def clear_all() -> None:
    """Empty every cache of this process."""
    for cache in list(_caches):
        cache.clear()


class Cache(Generic[Key, Value]):
    """Values for `seconds`, at most `most` of them: the one written first makes room for a new one.

    Nothing waits inside it, so a lock that was made before gevent replaced locks is as good as any other.
    """

    def __init__(self, seconds: float, most: int = 10_000) -> None:
        self._seconds, self._most = seconds, most
        self._kept: dict[Key, tuple[float, Value]] = {}
        self._writing = threading.Lock()
        self._removals = 0
        _caches.add(self)  # type: ignore[arg-type]

    def get(self, key: Key) -> Value | None:
        """The value, or None when there is none any more."""
        until, value = self._kept.get(key, (0.0, None))
        return value if until > time.monotonic() else None

    def put(self, key: Key, value: Value, seconds: float | None = None) -> None:
        """Keep a value, for `seconds` when they differ from the cache's own."""
        with self._writing:
            self._put(key, value, self._seconds if seconds is None else seconds)

    def of(self, key: Key, look: Callable[[], Value]) -> Value:
        """The value, looked up when it is not here. What `look` raises is not kept.

        Nor is what it found while something was removed: it may have read what was there before.
        """
        until, value = self._kept.get(key, (0.0, None))
        if until > time.monotonic():
            return value  # type: ignore[return-value]  # None is a value like any other
        removals = self._removals
        found = look()
        with self._writing:
            if removals == self._removals:
                self._put(key, found, self._seconds)
        return found

    def remove(self, key: Key) -> None:
        """The next one to ask looks anew."""
        with self._writing:
            self._removals += 1
            self._kept.pop(key, None)

    def clear(self) -> None:
        with self._writing:
            self._removals += 1
            self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)

    def _put(self, key: Key, value: Value, seconds: float) -> None:
        self._kept.pop(key, None)
        while len(self._kept) >= self._most:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = (time.monotonic() + seconds, value)
