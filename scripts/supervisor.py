"""A small supervisor: starts children in order, waits until each is ready, restarts what crashes, stops them all."""

import os
import selectors
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

from scripts.child import Child
from scripts.process import Process, Watchdog

HEALTHY_S = 60.0        # a child that lived so long starts again without delay to speak of
SHORTEST_S, LONGEST_S = 1.0, 30.0       # back-off between restarts
_PROBE_S = 0.1


def tell(text: str) -> None:
    """Print, whatever the terminal's alphabet; the children must not suffer when nobody can read it."""
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape") + b"\n")
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


class _Run:
    """One child over time."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.state = "waiting"      # starting, ready, done (once), resting, stopping, stopped
        self.process: Process | None = None
        self.since = 0.0            # when this state began
        self.probed = 0.0
        self.repaired = False         # what kept it from starting was taken away since it was last ready
        self.proven = False         # has been ready at least once: from now on a crash means restart, not failure
        self.delay = SHORTEST_S     # before the restart after the next crash
        self.rest = 0.0             # before the restart that is due now
        self.held: deque[str] = deque(maxlen=200)

    def enter(self, state: str) -> None:
        self.state, self.since = state, time.monotonic()

    @property
    def age(self) -> float:
        return time.monotonic() - self.since


Crew = tuple[Iterable[Child], Path]         # children and the folder in which they run


class Supervisor:
    """Runs children until a signal or until one cannot be started; or until they are over, and then those that follow.

    `is_over` is asked about once a second. `following` gets whether the last ones were all up; None: the end.
    """

    def __init__(self, children: Iterable[Child], cwd: Path, on_ready: Callable[[], None] = lambda: None,
                 is_over: Callable[[], bool] = lambda: False,
                 following: Callable[[bool], Crew | None] = lambda was_up: None) -> None:
        self._on_ready, self._is_over, self._following = on_ready, is_over, following
        self._asked = False         # to stop, by a signal
        self._selector = selectors.DefaultSelector()
        self._take(children, cwd)

    def _take(self, children: Iterable[Child], cwd: Path) -> None:
        self._runs = {child.name: _Run(child) for child in children}
        self._cwd, self._width = cwd, max(map(len, self._runs), default=0)
        self._up = self._stopping = False
        self._code = 0

    def run(self) -> int:
        """0 after a signal; 2 when a child said why it cannot run; 1 when one failed without such a sentence."""
        self._watchdog = Watchdog()
        self._listen()
        try:
            self._until_stopped()
            while not self._asked and (crew := self._following(self._up)) is not None:
                self._take(*crew)
                self._until_stopped()
            return self._code
        finally:
            for run in self._runs.values():
                if run.process is not None:
                    run.process.kill()
            self._watchdog.dismiss()

    def _until_stopped(self) -> None:
        while not self._stopping or any(run.state != "stopped" for run in self._runs.values()):
            self._wait()
            for run in self._runs.values():
                self._step(run)
            self._announce()
            self._stopping = self._stopping or self._asked or self._is_over()

    # What happens from outside: signals and lines of output

    def _listen(self) -> None:
        self._bell, ring = socket.socketpair()
        for end in (self._bell, ring):
            end.setblocking(False)
        signal.set_wakeup_fd(ring.fileno(), warn_on_full_buffer=False)
        self._ring = ring
        self._selector.register(self._bell, selectors.EVENT_READ)
        signal.signal(signal.SIGCHLD, lambda *_: None)      # only to wake up
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, self._asked_to_stop)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:       # nohup
            signal.signal(signal.SIGHUP, self._asked_to_stop)

    def _asked_to_stop(self, signum: int, frame: object) -> None:
        if self._asked:         # twice: now
            for run in self._runs.values():
                if run.process is not None:
                    run.process.kill()
        self._asked = True

    def _wait(self) -> None:
        busy = self._stopping or any(run.state in ("starting", "resting") for run in self._runs.values())
        for key, _ in self._selector.select(_PROBE_S / 2 if busy else 1.0):
            if key.fileobj is self._bell:
                self._bell.recv(1024)
            else:
                self._hear(key.data)

    def _hear(self, run: _Run) -> bool:
        """Take what the child has printed; False when there is nothing more now."""
        assert run.process is not None
        lines = run.process.read()
        for line in lines or []:
            if run.child.consume(line):
                continue
            if run.child.quiet and run.state in ("starting", "stopping"):
                run.held.append(line)
            else:
                self._say(run.child.name, line)
        if run.process.ended:
            self._stop_reading(run.process)
        return lines is not None and not run.process.ended

    def _stop_reading(self, process: Process) -> None:
        if process.output in self._selector.get_map():
            self._selector.unregister(process.output)

    def _say(self, name: str, line: str) -> None:
        tell(f"{name:<{self._width}} | {line}")

    # What a child does next

    def _step(self, run: _Run) -> None:
        if self._stopping and run.state not in ("stopping", "stopped"):
            self._stop(run)
        elif run.state in ("waiting", "resting"):
            self._start_when_due(run)
        elif run.state == "starting":
            self._watch_start(run)
        elif run.state == "ready":
            self._watch(run)
        elif run.state == "stopping":
            self._watch_end(run)

    def _start_when_due(self, run: _Run) -> None:
        if run.state == "resting" and run.age < run.rest:
            return
        if run.state == "waiting" and any(self._runs[n].state not in ("ready", "done") for n in run.child.after):
            return
        child = run.child
        run.held.clear()
        run.enter("starting")
        try:
            argv = child.argv() if callable(child.argv) else child.argv
            run.process = Process(argv, {**os.environ, **child.env}, self._cwd, self._watchdog)
        except OSError as error:
            self._failed(run, f"cannot be started: {error}")
            return
        self._selector.register(run.process.output, selectors.EVENT_READ, run)

    def _watch_start(self, run: _Run) -> None:
        if run.child.ready is None and not run.child.once:
            self._arrived(run)
            return
        code = self._ended(run)
        if code == 0 and run.child.once:
            run.enter("done")
        elif code is not None:
            self._failed(run, f"ended with {code} before it was ready", code)
        elif run.age > run.child.deadline_s:
            self._failed(run, f"was not ready within {run.child.deadline_s:g} s")
        elif not run.child.once and self._is_ready(run):
            self._arrived(run)

    def _arrived(self, run: _Run) -> None:
        self._say(run.child.name, f"ready in {run.age:.1f} s")
        run.enter("ready")
        run.proven, run.repaired = True, False

    def _is_ready(self, run: _Run) -> bool:
        assert run.process is not None and run.child.ready is not None
        if time.monotonic() - run.probed < _PROBE_S:
            return False
        run.probed = time.monotonic()
        return run.child.ready(run.process.pid)

    def _watch(self, run: _Run) -> None:
        if run.age > HEALTHY_S:
            run.delay = SHORTEST_S
        code = self._ended(run)
        if code is not None:
            self._rest(run, f"ended with {code}")

    def _ended(self, run: _Run) -> int | None:
        """The exit code of a child that is gone, after its last output; None while it runs."""
        assert run.process is not None
        code = run.process.exit_code()
        if code is not None:
            while self._hear(run):
                pass
            self._stop_reading(run.process)
            run.process.close()
            run.process = None
        return code

    def _failed(self, run: _Run, reason: str, code: int = 1) -> None:
        if self._repaired(run):
            return
        is_final = run.child.once and code == 2
        for line in run.held:
            if is_final:
                print(line, file=sys.stderr, flush=True)
            else:
                self._say(run.child.name, line)
        run.held.clear()
        if run.proven:
            self._rest(run, reason)
            return
        if not is_final:
            self._say(run.child.name, f"{reason}; stopping everything")
        self._code = 2 if is_final else 1
        self._stopping = True

    def _repaired(self, run: _Run) -> bool:
        """Is there nothing in its way any more? Then its turn comes again."""
        done = run.child.repair(run.held) if run.process is None and not run.repaired else ""
        if done:
            self._say(run.child.name, done)
            run.repaired = True
            run.enter("waiting")
        return bool(done)

    def _rest(self, run: _Run, reason: str) -> None:
        if run.process is not None:     # alive but never ready
            run.process.kill()
            while self._ended(run) is None:
                time.sleep(0.01)
        self._say(run.child.name, f"{reason}; starting again in {run.delay:g} s")
        run.enter("resting")
        run.rest, run.delay = run.delay, min(run.delay * 2, LONGEST_S)

    def _stop(self, run: _Run) -> None:
        others = self._runs.values()
        if any(run.child.name in other.child.after and other.state != "stopped" for other in others):
            return      # somebody still needs it
        if run.process is None:
            run.enter("stopped")
        else:
            run.process.terminate()
            run.enter("stopping")

    def _watch_end(self, run: _Run) -> None:
        assert run.process is not None
        if run.age > run.child.grace_s:
            run.process.kill()
        if self._ended(run) is not None:
            run.enter("stopped")

    def _announce(self) -> None:
        if not self._up and all(run.state in ("ready", "done") for run in self._runs.values()):
            self._up = True
            self._on_ready()
