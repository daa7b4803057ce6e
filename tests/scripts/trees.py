"""Starts a program in a tree of processes that can be found again, however deep and however orphaned."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent.parent
_MARK = "PARLEY_TEST_TREE"      # every descendant inherits it


class Tree:
    """A started program and everything that came of it. Its output is in `text()`."""

    def __init__(self, *argv: str | Path, log: Path, **env: str) -> None:
        self.mark = uuid4().hex
        self.log = log
        with open(log, "w") as out:
            self.root = subprocess.Popen([sys.executable, *map(str, argv)], cwd=ROOT, stdout=out, stderr=out,
                                         stdin=subprocess.DEVNULL, env=clean(**env, **{_MARK: self.mark}),
                                         preexec_fn=_hear_hangup)

    def __enter__(self) -> "Tree":
        return self

    def __exit__(self, *_: object) -> None:
        for pid in self.pids():
            os.kill(pid, 9)
        self.root.wait()

    def text(self) -> str:
        return self.log.read_text(errors="replace")

    def pids(self) -> list[int]:
        """Every living process of the tree; a zombie is none."""
        found = []
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdigit() and f"{_MARK}={self.mark}".encode() in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
            except OSError:     # gone meanwhile, or not ours
                continue
        return found

    def says(self, text: str, within: float = 20.0) -> None:
        until(lambda: text in self.text() or self.root.poll() is not None, within, self.text)
        assert text in self.text(), f"{text!r} never came:\n{self.text()}"

    def ends(self, within: float = 20.0) -> int:
        return self.root.wait(within)

    def leaves_nothing(self, within: float = 5.0) -> None:
        until(lambda: not self.pids(), within, lambda: f"still there: {[describe(pid) for pid in self.pids()]}")


def _hear_hangup() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)    # the tests themselves may run under nohup


def clean(**env: str) -> dict[str, str]:
    """Our environment without what would change how Parley starts."""
    ours = ("PORT", "DATA_DIR", "DATABASE_URL", "REDIS_URL", "CHROMA_URL", "SESSION_SECRET", "PYTHONPATH",
            "INTEGRATION_SECRETS_MASTER_KEY", "APP_ENV", "WEB_PROCESSES")
    return {**{name: value for name, value in os.environ.items() if name not in ours}, **env}


def until(true: Callable[[], bool], within: float, otherwise: Callable[[], str]) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.02)


def describe(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return "gone"


def lines(stream: IO[str] | Path) -> list[str]:
    text = stream.read_text() if isinstance(stream, Path) else stream.read()
    return [line for line in text.splitlines() if line.strip()]
