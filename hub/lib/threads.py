"""Real threads for what keeps a processor busy: the other greenlets of the process go on meanwhile."""

from collections.abc import Callable
from typing import TypeVar, cast

from gevent import monkey
from gevent.threadpool import ThreadPool

Value = TypeVar("Value")

# Made at its first use: a process that is copied for several cannot copy its threads.
_pool: ThreadPool | None = None


def run(work: Callable[..., Value], *args: object) -> Value:
    """work(*args), or what it raises, in the one thread that this process has for such work.

    It helps where `work` lets other threads run: bcrypt, zlib, hashes of large data; not what is written in Python.
    One thread, so that many who ask at once wait for each other and not everybody for them. `work` may touch neither
    the database nor the request. Without gevent it simply runs here.
    """
    global _pool
    if not monkey.is_module_patched("socket"):
        return work(*args)
    _pool = _pool or ThreadPool(1)
    done, value = _pool.apply(_tried, (work, args))
    if not done:
        raise cast(BaseException, value)
    return cast(Value, value)


def _tried(work: Callable[..., object], args: tuple[object, ...]) -> tuple[bool, object]:
    """gevent prints the traceback of whatever its threads raise, so nothing is raised there."""
    try:
        return True, work(*args)
    except Exception as error:
        return False, error
