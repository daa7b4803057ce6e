"""Starts a program in a tree of processes that can be found again, however deep and however orphaned."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from tests.waits import STUCK_S, until

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
        """The supervisor first, so that it starts nothing again; what has gone meanwhile needs nobody to end it."""
        self.root.kill()
        self.root.wait(STUCK_S)
        self.kill()

    def kill(self) -> None:
        """Everything at once, and what they started while they were being killed."""
        def none_left() -> bool:
            pids = self.pids()
            for pid in pids:
                with suppress(ProcessLookupError):      # its parent's death took it along
                    os.kill(pid, signal.SIGKILL)
            return not pids

        until(none_left, self._who_is_left)

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

    def ports(self) -> set[str]:
        """Where its processes can be reached by TCP: addresses as the kernel writes them, in hex."""
        held = {link for pid in self.pids() for link in _links(pid)}
        told = [line.split() for name in ("tcp", "tcp6")
                for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
        return {words[1].partition(":")[0] for words in told if words[3] == "0A" and f"socket:[{words[9]}]" in held}

    def says(self, text: str) -> None:
        until(lambda: text in self.text() or self.root.poll() is not None, self.text)
        assert text in self.text(), f"{text!r} never came:\n{self.text()}"

    def ends(self) -> int:
        return self.root.wait(STUCK_S)

    def leaves_nothing(self) -> None:
        until(lambda: not self.pids(), self._who_is_left)

    def _who_is_left(self) -> str:
        return f"still there: {[describe(pid) for pid in self.pids()]}"


def _links(pid: int) -> list[str]:
    """What the process holds open, as the kernel names it."""
    with suppress(OSError):     # gone meanwhile
        return [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()]
    return []


def _hear_hangup() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)    # the tests themselves may run under nohup


def clean(**env: str) -> dict[str, str]:
    """Our environment without what would change how Parley starts."""
    ours = ("PORT", "DATA_DIR", "DATABASE_URL", "REDIS_URL", "CHROMA_URL", "SESSION_SECRET", "PYTHONPATH",
            "INTEGRATION_SECRETS_MASTER_KEY", "APP_ENV", "WEB_PROCESSES")
    return {**{name: value for name, value in os.environ.items() if name not in ours}, **env}


class Started:
    """The whole of Parley in a folder of its own, on SQLite or on the Postgres that the suite runs on."""

    def __init__(self, folder: Path, env: Mapping[str, str], *more: str) -> None:
        self.began = time.monotonic()
        self.ready_file = folder / "ready.json"
        self.tree = Tree("app.py", "--port", "0", "--data", folder / "data", "--ready-file", self.ready_file, *more,
                         log=folder / f"log-{self.began}", **env)

    def __enter__(self) -> "Started":
        return self

    def __exit__(self, *_: object) -> None:
        self.tree.__exit__()

    def ready(self) -> dict[str, Any]:
        until(lambda: self.ready_file.exists() or self.tree.root.poll() is not None, self.tree.text)
        assert self.tree.root.poll() is None, self.tree.text()
        return dict(json.loads(self.ready_file.read_text()))

    def stop(self, signum: signal.Signals = signal.SIGTERM) -> None:
        self.tree.root.send_signal(signum)
        self.tree.ends()
        self.tree.leaves_nothing()


def describe(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return "gone"


def lines(stream: IO[str] | Path) -> list[str]:
    text = stream.read_text() if isinstance(stream, Path) else stream.read()
    return [line for line in text.splitlines() if line.strip()]
