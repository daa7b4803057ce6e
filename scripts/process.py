"""One child process: its own group, its output as lines, and never alive without the process that started it."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_PR_SET_PDEATHSIG = 1       # prctl(2): the signal a process gets when its parent dies
_LONGEST_LINE = 65_536      # a child that never ends its line must not fill our memory
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Watchdog:
    """A tiny process that outlives a killed supervisor just long enough to kill what it left behind.

    PR_SET_PDEATHSIG reaches direct children only; their own children (gunicorn's workers) are found by group.
    """

    def __init__(self) -> None:
        reader, self._writer = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._writer)
            _kill_when_orphaned(reader)
        os.close(reader)

    def watch(self, group: int) -> None:
        os.write(self._writer, b"+%d\n" % group)

    def forget(self, group: int) -> None:
        os.write(self._writer, b"-%d\n" % group)

    def dismiss(self) -> None:
        os.close(self._writer)
        os.waitpid(self._pid, 0)


def _kill_when_orphaned(reader: int) -> None:
    """Note the groups; when the pipe ends, whoever wrote into it is gone: kill what is still noted. Never returns."""
    os.setsid()     # Ctrl-C is for the supervisor
    for signum in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):    # a reader of the supervisor's output must see its end
        os.dup2(null, fd)
    groups: set[int] = set()
    with os.fdopen(reader) as notes:
        for note in notes:
            (groups.add if note[0] == "+" else groups.discard)(int(note[1:]))
    for group in groups:
        kill_group(group)
    os._exit(0)


def kill_group(group: int) -> None:
    """SIGKILL for every process of the group; none left is fine."""
    with suppress(ProcessLookupError, PermissionError):     # macOS answers EPERM for a group of zombies
        os.killpg(group, signal.SIGKILL)


def die_with(parent: int) -> None:
    """For `preexec_fn`: this process gets SIGKILL when `parent` dies."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:      # it died before we could ask for the signal
            os._exit(1)


class Process:
    """A started program. Its standard output and error come as one stream of lines."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], cwd: Path, watchdog: Watchdog) -> None:
        """Raises OSError when the program cannot be started."""
        me = os.getpid()
        self._popen = subprocess.Popen(argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.STDOUT, process_group=0, preexec_fn=lambda: die_with(me))
        assert self._popen.stdout is not None
        self.pid = self._popen.pid
        self.output = self._popen.stdout.fileno()
        os.set_blocking(self.output, False)
        self.ended = False
        self._rest = b""
        self._watchdog = watchdog
        watchdog.watch(self.pid)

    def read(self) -> list[str] | None:
        """The whole lines that have come; None when there is nothing now. At the end of the output `ended` is set."""
        try:
            chunk = os.read(self.output, _LONGEST_LINE)
        except BlockingIOError:
            return None
        self.ended = not chunk
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if self._rest and (self.ended or len(self._rest) >= _LONGEST_LINE):
            lines, self._rest = [*lines, self._rest], b""
        return [line.decode(errors="replace").rstrip() for line in lines]

    def exit_code(self) -> int | None:
        """None while it runs; then its code (negative: the signal), and whatever it started is killed."""
        code = self._popen.poll()
        if code is not None:
            self.kill()     # the kernel does not reuse the number while anyone of the group is left
            self._watchdog.forget(self.pid)
        return code

    def terminate(self) -> None:
        self._popen.terminate()

    def kill(self) -> None:
        kill_group(self.pid)

    def close(self) -> None:
        """Let go of the output."""
        assert self._popen.stdout is not None
        self._popen.stdout.close()
