"""A key in Redis that says "I am running", for whoever waits for this process."""

import os
import time
from contextlib import suppress

from redis import RedisError

from hub import queue

_EVERY_S, _LASTS_S = 5, 30


def once(name: str) -> None:
    with suppress(RedisError):          # nobody can receive it while Redis is away
        queue.redis().set(f"parley:beat:{name}:{os.getpid()}", 1, ex=_LASTS_S)


def forever(name: str) -> None:
    while True:
        once(name)
        time.sleep(_EVERY_S)
