"""Waiting in tests: a wait is a limit for being stuck, never a promise about how quick something is."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self, TypeVar

# How many times slower than a quiet machine this one is: as it says, or as many as there is work for each of its cores.
PATIENCE = float(os.environ.get("PATIENCE") or max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))
STUCK_S = 60.0 * PATIENCE

T = TypeVar("T")


def until(true: Callable[[], T], otherwise: Callable[[], object] = lambda: "it did not happen",
          within_s: float = STUCK_S, pause_s: float = 0.02) -> T:
    """The first true result; AssertionError with what `otherwise` says when it does not come."""
    end = time.monotonic() + within_s
    while not (found := true()):
        assert time.monotonic() < end, f"{otherwise()} (waited {within_s:.0f} s)"
        time.sleep(pause_s)
    return found


def repeat(step: Callable[[], object], until_true: Callable[[], T], pause_s: float = 0.01) -> T:
    """Do the step again and again until something is true."""
    def look() -> T:
        step()
        return until_true()

    return until(look, pause_s=pause_s)


class Watch:
    """`with Watch() as watch: …`: `watch.seconds` is what the block took less what this process waited for a processor.

    So a promise about time is judged by the program and not by what else this machine does. Linux counts the waiting
    (proc(5): the second field of schedstat); elsewhere nothing is taken off.
    """

    seconds = 0.0

    def __enter__(self) -> Self:
        self._began, self._waited = time.monotonic(), _waited_s()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.monotonic() - self._began - (_waited_s() - self._waited)


def _waited_s() -> float:
    """For how long the threads of this process have been ready to run and did not."""
    waited = 0
    for task in Path("/proc/self/task").glob("*/schedstat"):
        with suppress(OSError):     # a thread that has ended meanwhile
            waited += int(task.read_text().split()[1])
    return waited / 1e9


def slowness() -> float:
    """How many times longer than its own work something takes here at this moment: 1.0 on a quiet machine."""
    began, worked = time.monotonic(), time.thread_time()
    while time.thread_time() - worked < 0.3:
        pass
    return max(1.0, (time.monotonic() - began) / 0.3)
