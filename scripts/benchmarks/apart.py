"""Runs a function in a fresh process, so that a load client has an interpreter of its own."""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from scripts.process import die_with

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def started(step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Iterator["Future[T]"]:
    """`step(…)` on its way in another process; waits for it at the end of the block."""
    spawn = multiprocessing.get_context("spawn")        # a fork would carry our connections along
    with ProcessPoolExecutor(1, mp_context=spawn, initializer=die_with, initargs=(os.getpid(),)) as pool:
        yield pool.submit(step, *args, **kwargs)


def run(step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `step(…)` returns."""
    with started(step, *args, **kwargs) as result:
        return result.result()
