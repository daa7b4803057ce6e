"""(f) What the default stack keeps in memory when nobody does anything."""

import os
import time
from collections.abc import Iterator

from scripts.benchmarks import apart, asking, business, world
from scripts.benchmarks.asking import Job
from scripts.benchmarks.figure import Bar, Figure, Size
from scripts.benchmarks.world import Hub, World

KEY = "f"
_NAMES = {"redis-server": "redis", "scripts.chroma_server": "chroma", "jobs.worker": "worker",
          "scripts.demo.shop": "demo shop", "gunicorn": "web", "app.py": "supervisor"}


def measure(world: World, size: Size) -> Iterator[Figure]:
    with world.hub(demo=True) as hub:
        time.sleep(size.settle_s)
        resting = _memory(hub.pid)
        _work(hub)
        time.sleep(size.settle_s)
        worked = _memory(hub.pid)
        with world.bare(hub.env) as port:
            bare = sum(pss for _, pss, _ in _memory(_listening(port)))
    yield from _figures(world, resting, bare, "after the start", Bar(270))
    yield from _figures(world, worked, bare, "after a few answers", None)
    for name, pss, rss in resting:
        yield Figure(KEY, f"of it {name}", pss, "MB", note=f"RSS {rss:.0f} MB", database=world.database)


def _figures(world: World, found: list[tuple[str, float, float]], bare: float, when: str,
             bar: Bar | None) -> Iterator[Figure]:
    yield Figure(KEY, f"memory of all {len(found)} processes {when} (PSS)", sum(pss for _, pss, _ in found), "MB", bar,
                 bare, "gunicorn with a hello-world", world.database, f"RSS {sum(rss for _, _, rss in found):.0f} MB")


def _memory(root: int) -> list[tuple[str, float, float]]:
    """(name, PSS, RSS) in MB of each process."""
    return [(_name(pid), *world.memory(pid)) for pid in world.tree(root)]


def _name(pid: int) -> str:
    command = world.command(pid)
    return next((name for part, name in _NAMES.items() if part in command), command[:40])


def _listening(port: int) -> int:
    """The bare server's first process."""
    return next(pid for pid in world.tree(os.getpid()) if f"127.0.0.1:{port}" in world.command(pid))


def _work(hub: Hub) -> None:
    """A few questions, so that what is loaded on demand is loaded."""
    result = business.of_site(hub.env, hub.ready["site"])
    questions = ("Сколько стоит доставка?", "How do I return a jacket?", "Is there a warranty?")
    apart.run(asking.ask, Job(hub.port, result.site, hub.ready["shop"],
                              tuple(business.visitors(hub.env, result, len(questions))), questions))
