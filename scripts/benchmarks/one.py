"""`python -m scripts.benchmarks.one KEY DATABASE SIZE FOLDER SERVERS`: one figure, as JSON on stdout."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from scripts.benchmarks import access, answers, idle, inbound, lists, retrieval, sizes, sockets, startup
from scripts.benchmarks.figure import SIZES, Figure, Size
from scripts.benchmarks.world import World

_MEASURES: dict[str, Callable[[World, Size], Iterator[Figure]]] = {
    "a": sockets.measure, "b": inbound.measure, "c": answers.measure, "d": retrieval.measure, "e": lists.measure,
    "f": idle.measure, "g": sizes.measure, "h": startup.measure, "i": access.measure,
}


def main(key: str, database: str, size: str, folder: str, servers: str) -> None:
    world = World(database, Path(folder), json.loads(servers))
    print(json.dumps([asdict(figure) for figure in _MEASURES[key](world, SIZES[size])]))


if __name__ == "__main__":
    main(*sys.argv[1:])
