"""(h) From the second scripts/run on a machine to its first page."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2

from scripts import environment, probes
from scripts.benchmarks import world
from scripts.benchmarks.figure import Bar, Figure, Size, median
from scripts.benchmarks.world import World
from scripts.options import ROOT

KEY = "h"
_PAGE = "/auth/login"       # what somebody who opens the inbox is shown first


def measure(world: World, size: Size) -> Iterator[Figure]:
    if not (environment.VENV / "parley-stamp.json").exists():
        raise RuntimeError("The environment was made by hand, so scripts/run would install first; start scripts/bench.")
    data = world.folder / "start"
    result, all_made = _start(data)
    again, all_again = zip(*(_start(data) for _ in range(size.rounds)), strict=True)
    bare = []
    for _ in range(size.rounds):
        began = time.monotonic()
        with world.bare({"SESSION_SECRET": "b" * 32}):
            bare.append(time.monotonic() - began)
    yield Figure(KEY, "second start of scripts/run to the first page", median(again), "s", Bar(2.5), median(bare),
                 "gunicorn with a hello-world", world.database,
                 f"until everything is up {median(all_again):.1f} s; the first start, which makes the demo: page after "
                 f"{result:.1f} s, everything after {all_made:.1f} s")


def _start(data: Path) -> tuple[float, float]:
    """Seconds from the command to the sign-in page, and until all processes are up and the demo is there."""
    port, ready = probes.free_port(), data.with_suffix(".json")
    argv = [sys.executable, str(ROOT / "scripts" / "run"), "--data", str(data), "--port", str(port),
            "--ready-file", str(ready)]
    pages: list[float] = []

    def up() -> bool:
        if not pages and _served(browser):
            pages.append(time.monotonic() - began)
        return bool(pages) and ready.exists()

    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=5) as browser:
        began = time.monotonic()
        with world.running(argv, {}, up, data.with_suffix(".log")):
            return pages[0], time.monotonic() - began


def _served(browser: httpx2.Client) -> bool:
    """False while nobody answers. Raises RuntimeError for any other status than 200: there waiting does not help."""
    try:
        response = browser.get(_PAGE)
    except httpx2.TransportError:
        return False
    if response.status_code != 200:
        raise RuntimeError(f"{response.url} answers {response.status_code}")
    return True
