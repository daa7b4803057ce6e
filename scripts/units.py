"""The suite's units: which folders of tests/ one process runs, on which database; and several of them side by side."""

import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.options import ROOT
from scripts.process import die_with

SQLITE, POSTGRES, NODE = "SQLite", "Postgres", "node"
AT_ONCE = 4             # more than two cores: units that start servers wait as much as they work
_FIRST_PORT, PORTS = 10_000, 290
_ENDS_S = 30.0


@dataclass(frozen=True)
class Unit:
    """One process: the folders of tests/ (or patterns of files) that it runs, on what, and about how many seconds it
    takes on two cores.

    On Postgres only what asks for the database runs (tests/conftest.py). `alone`: after all others, by itself.
    """

    name: str
    on: str
    seconds: int
    folders: tuple[str, ...]
    alone: bool = False

    @property
    def title(self) -> str:
        return f"{self.name} on {self.on}"

    @property
    def is_browser(self) -> bool:
        """Without a browser nothing of it runs."""
        return all(folder.startswith("browser/") for folder in self.folders)


# What is the same on each kind of database, and so runs on SQLite alone: words and HTML of pages, too. What pages read
# and write is walked on both (tests/api/test_looking.py, test_page_events.py).
ONCE = ("ai", "browser", "channels", "clocked", "demo", "docs", "fakes_tests", "fuzz", "pages/accounts", "pages/agents",
        "pages/channels", "pages/knowledge", "pages/platform", "pages/test_[a-k]*.py", "pages/test_[m-z]*.py", "widget",
        *(f"api/test_{name}.py" for name in ("access", "broken", "bystanders", "compress", "contracts", "dialects",
                                             "files", "limits", "middleware", "openapi", "secrets", "shapes",
                                             "uploads")),
        *(f"live/test_{name}.py" for name in ("accept_balancer", "alone", "bad_peers", "bodies", "crowds", "quota")),
        *(f"scripts/tools/test_{name}.py" for name in ("api_key", "flag", "limit", "new_business")))

# No unit may take more than four minutes: divide it before.
UNITS = (
    Unit("live", POSTGRES, 110, ("live",)),
    Unit("operator", SQLITE, 230, ("browser/operator",)),
    Unit("visitor", SQLITE, 200, ("browser/visitor",)),
    Unit("rest", SQLITE, 145, ("access", "channels", "fakes_tests", "flow", "lib", "models", "rules")),
    Unit("pages", SQLITE, 135, ("pages",)),
    Unit("rest", POSTGRES, 175, ("access", "flow", "lib", "models", "pages", "rules")),
    Unit("walks", POSTGRES, 220, ("api/test_[b-e]*.py",)),
    Unit("walks-more", POSTGRES, 150, ("api/test_[f-z]*.py",)),
    Unit("services", POSTGRES, 130, ("services/accounts", "services/agents", "services/channels", "services/platform",
                                    "services/test_*.py")),
    Unit("services", SQLITE, 195, ("services",)),
    Unit("live", SQLITE, 140, ("live",)),
    Unit("access", SQLITE, 120, ("api/test_a*.py",)),
    Unit("walks", SQLITE, 220, ("api/test_[b-e]*.py",)),
    Unit("walks-more", SQLITE, 170, ("api/test_[f-z]*.py",)),
    Unit("scripts", SQLITE, 150, ("scripts/tools",)),
    Unit("ai", SQLITE, 130, ("ai",)),
    Unit("scripts", POSTGRES, 180, ("scripts/start", "scripts/tools")),
    Unit("start", SQLITE, 210, ("scripts/start",)),
    Unit("outages", POSTGRES, 125, ("faults/outages",)),
    Unit("widget", SQLITE, 109, ("widget", "demo")),
    Unit("conversations", POSTGRES, 140, ("services/conversations", "services/knowledge")),
    Unit("api", POSTGRES, 130, ("api/bridge", "api/chat", "api/core", "api/widget")),
    Unit("kills", POSTGRES, 125, ("faults/kills",)),
    Unit("jobs", SQLITE, 110, ("jobs",)),
    Unit("storage", POSTGRES, 115, ("storage",)),
    Unit("kills", SQLITE, 110, ("faults/kills", "faults/outages")),
    Unit("docs", SQLITE, 230, ("docs",)),
    Unit("jobs", POSTGRES, 115, ("jobs",)),
    Unit("api", SQLITE, 75, ("api/bridge", "api/chat", "api/core", "api/widget")),
    Unit("fuzz", SQLITE, 95, ("fuzz",)),
    Unit("storage", SQLITE, 24, ("storage",)),
    Unit("widget", NODE, 16, ("widget",)),
    Unit("clocked", SQLITE, 65, ("clocked",), alone=True),
)


@dataclass(frozen=True)
class Command:
    """What one process runs, under which title, with which environment."""

    title: str
    argv: Sequence[str]
    env: Mapping[str, str]
    alone: bool = False


@dataclass(frozen=True)
class Ended:
    """How it ended: the exit status, what it wrote, and how many seconds it took, those of the processor beside."""

    command: Command
    code: int
    output: str
    seconds: float
    cpu_s: float = 0.0


def environment(unit: Unit, number: int, chroma: str, database: str) -> dict[str, str]:
    """Our own environment with what the unit uses: the shared Chroma, its own database, its own ports.

    The ports end below 20,000: the system gives those from 32,768 on to clients, and what the program itself looks
    for lies between (scripts/probes.py).
    """
    env = {**os.environ, "TEST_CHROMA_URL": chroma, "TEST_PORTS": str(_FIRST_PORT + PORTS * number),
           "TEST_UNIT": f"{unit.name}-{unit.on}".lower()}
    env.pop("TEST_DATABASE_URL", None)
    return {**env, "TEST_DATABASE_URL": database} if database else env


def side_by_side(commands: Iterable[Command], at_once: int, logs: Path, tell: Callable[[Ended], None]) -> list[Ended]:
    """Run them all, as many at once; each is told about when it ends. What must be alone comes last, one by one."""
    ended: list[Ended] = []
    ordered = sorted(commands, key=lambda command: command.alone)
    with _started() as running:
        while ordered or running:
            while ordered and len(running) < (1 if ordered[0].alone else at_once):
                running.append(_Running(ordered.pop(0), logs))
            for one in list(running):
                if one.has_ended():
                    running.remove(one)
                    ended.append(one.end())
                    tell(ended[-1])
            time.sleep(0.1)
    return ended


class _Running:
    """A process that has begun; what it writes is kept in a file until it ends."""

    def __init__(self, command: Command, logs: Path) -> None:
        me = os.getpid()
        self.command, self.began, self.log = command, time.monotonic(), logs / f"{command.title}.log"
        self.cpu_s = 0.0
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command.argv, cwd=ROOT, env=dict(command.env), stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, preexec_fn=lambda: die_with(me))

    def has_ended(self) -> bool:
        """Whoever is the first to ask is told by the system what it and its children have used."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        if self.process.poll() is None:
            return False
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return True

    def end(self) -> Ended:
        seconds = time.monotonic() - self.began
        return Ended(self.command, self.process.wait(), self.log.read_text(errors="replace"), seconds, self.cpu_s)


@contextmanager
def _started() -> Iterator[list[_Running]]:
    """What runs now; whatever still does at the end of the block is told to stop, and waited for."""
    running: list[_Running] = []
    try:
        yield running
    finally:
        for one in running:
            one.process.send_signal(signal.SIGINT)
        for one in running:
            try:
                one.process.wait(_ENDS_S)
            except subprocess.TimeoutExpired:
                one.process.kill()


def tests(folder: str = "") -> list[Path]:
    """The files with tests in a folder of tests/, or of a pattern such as api/test_*.py; without one, all."""
    top = ROOT / "tests"
    return sorted(top.glob(folder) if "*" in folder or folder.endswith(".py") else (top / folder).rglob("test_*.py"))


def once() -> set[Path]:
    """The files with tests that run on SQLite alone."""
    return {path for folder in ONCE for path in tests(folder)}


def files(unit: Unit) -> list[Path]:
    """The files with tests that the unit runs."""
    left_out = once() if unit.on == POSTGRES else set()
    return [path for folder in unit.folders for path in tests(folder) if path not in left_out]


def arguments(unit: Unit) -> list[str]:
    """What pytest is told to run."""
    return [str(path.relative_to(ROOT)) for path in files(unit)]
