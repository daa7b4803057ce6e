"""Waiting in tests: a wait is a limit for being stuck, never a promise. A machine that is slow sets PATIENCE."""

import os
import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = float(os.environ.get("PATIENCE", "1"))
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
