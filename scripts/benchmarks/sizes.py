"""(g) What a visitor's browser loads: the widget's files as they are served, compressed."""

import gzip
from collections.abc import Iterator

from scripts.benchmarks.figure import Bar, Figure, Size
from scripts.benchmarks.world import World
from scripts.options import ROOT

KEY = "g"


def measure(world: World, size: Size) -> Iterator[Figure]:
    folder = ROOT / "static" / "widget"
    yield _packed("loader.js", (folder / "loader.js").read_bytes(), 3)
    for path in sorted(folder.glob("chat*.js")):        # one for each language; a visitor loads one
        yield _packed(path.name, path.read_bytes(), 20)


def _packed(name: str, plain: bytes, bar_kb: float) -> Figure:
    return Figure(KEY, f"{name}, gzip", len(gzip.compress(plain, 9)) / 1024, "KB", Bar(bar_kb), len(plain) / 1024,
                  "the same file uncompressed")
