"""The real stack as scripts/run starts it, bare servers beside it, and a look at what their processes use."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import orjson

from hub.settings import Settings
from scripts import probes
from scripts.options import ROOT
from scripts.process import die_with
from tests.servers import fresh_database

_TIMEOUT_S = 180.0     # the first start with the demo indexes its articles


@dataclass(frozen=True)
class Hub:
    """A running Parley. `env` is what its processes were told; `ready` what scripts/run says about the demo."""

    port: int
    pid: int
    env: dict[str, str]
    ready: dict[str, Any]

    def web(self) -> list[int]:
        """The processes that hold the connections."""
        return [pid for pid in tree(self.pid) if "gunicorn" in command(pid) and "gunicorn" in command(parent(pid))]


@dataclass(frozen=True)
class World:
    """Where a figure is measured: a folder of its own, and the servers that are not the stack's own."""

    database: str                           # as the table shows it
    folder: Path
    told: Mapping[str, str]                 # DATABASE_URL and REDIS_URL, or nothing

    @contextmanager
    def hub(self, *, demo: bool = False, **env: str) -> Iterator[Hub]:
        """The whole stack under its supervisor, with nobody's limits but the machine's."""
        data = Path(tempfile.mkdtemp(dir=self.folder))
        said = data / "ready.json"
        argv = [sys.executable, str(ROOT / "app.py"), "--data", str(data), "--port", "0", "--ready-file", str(said),
                *([] if demo else ["--no-demo"])]
        with ExitStack() as stack:
            given = {"RATE_LIMIT_MAX_REQUESTS": "1000000", **self.told, **env}
            if "DATABASE_URL" in given:         # as empty as the folder is
                given["DATABASE_URL"] = stack.enter_context(fresh_database(given["DATABASE_URL"]))
            pid = stack.enter_context(running(argv, given, said.exists, data / "stack.log"))
            ready = orjson.loads(said.read_bytes())
            port = int(ready["hub"].rsplit(":", 1)[1])
            yield Hub(port, pid, environment(next(child for child in tree(pid) if "gunicorn" in command(child))), ready)

    @contextmanager
    def bare(self, env: Mapping[str, str]) -> Iterator[int]:
        """The baselines' server: the same gunicorn settings, another application. Gives its port."""
        port = probes.free_port()
        argv = [sys.executable, "-m", "gunicorn", "scripts.benchmarks.bare:app", "--bind", f"127.0.0.1:{port}"]
        with running(argv, env, lambda: probes.http_ok(f"http://127.0.0.1:{port}/hello"), self.folder / "bare.log",
                     signal.SIGQUIT):
            yield port


def told(env: Mapping[str, str]) -> dict[str, str]:
    """Our environment, where nothing of Parley's is set but `env`: empty is as good as not set, even in a .env file."""
    silent = {field.metadata["env"]: "" for field in fields(Settings)}
    return {**os.environ, **silent, **env}


@contextmanager
def running(argv: Sequence[str], env: Mapping[str, str], ready: Callable[[], bool], log: Path,
            stop: signal.Signals = signal.SIGTERM) -> Iterator[int]:
    """A program from when it is ready until the end of the block; its process id. It ends with us, too."""
    me = os.getpid()
    with open(log, "ab") as out:
        program = subprocess.Popen(argv, cwd=ROOT, env=told(env), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                   start_new_session=True, preexec_fn=lambda: die_with(me))
    try:
        _wait(program, ready, log)
        yield program.pid
    finally:
        program.send_signal(stop)
        try:
            program.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()


def _wait(program: "subprocess.Popen[bytes]", ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + _TIMEOUT_S
    while not ready():
        if program.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{program.args!r} did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.02)


# What /proc knows about processes (Linux)

def tree(pid: int) -> list[int]:
    """The process and everything that came of it."""
    found = [pid]
    for one in found:
        with suppress(FileNotFoundError, ProcessLookupError):       # it ended while we looked
            tasks = Path(f"/proc/{one}/task").glob("*/children")
            found += [int(child) for task in tasks for child in task.read_text().split()]
    return found


def command(pid: int) -> str:
    """Its program and arguments; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except FileNotFoundError:
        return ""


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def environment(pid: int) -> dict[str, str]:
    pairs = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace").split("\0")
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def memory(pid: int) -> tuple[float, float]:
    """(PSS, RSS) in MB. PSS counts shared pages once among all who share them, so that a sum is true."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    sizes = {line.split(":")[0]: int(line.split()[1]) for line in rollup if line.endswith("kB")}
    return sizes["Pss"] / 1024, sizes["Rss"] / 1024
