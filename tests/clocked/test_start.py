"""How long a start takes."""

import time
from pathlib import Path

import pytest

from tests.scripts.trees import Started
from tests.waits import slowness


@pytest.mark.slow
def test_a_later_start_serves_pages_within_eight_seconds(tmp_path: Path) -> None:
    _serves_after(tmp_path)     # makes the demo
    before = slowness()
    took = _serves_after(tmp_path)
    assert took < 8 * max(before, slowness())


def _serves_after(folder: Path) -> float:
    with Started(folder, {}) as started:
        started.tree.says("web     | ready in")
        took = time.monotonic() - started.began
        started.ready()
        started.stop()
    return took
