"""`python -m scripts.mutate --seed 7 --count 100`: how many small wrong changes the tests notice. For reviews, not CI.

Chooses mutants (scripts/mutants.py) of ROOMS at random, the same for the same seed and source, and runs each one's
tests in a copy of the tree: a fork of a process that has imported what others wrote, the nearest test files first
(named like the module, for models those of the migrations too, then importing it, then of its area, then the rest),
ending with the first failure or after --seconds of CPU (of the nearest files and of the others), however busy the
machine is: too few and what survives was only not reached. Tests that are slow or drive a browser are left out, and
so are the widget's files that need a document; a mutant of the others runs all of node's tests.

Prints the mutants with who noticed each and how many tests ran, in which files, then the figures. Killed is what made
a test fail twice; what failed once only, and a test or a process that ran out of time, is counted apart: on a busy
machine that may say nothing. At the
end the tests that noticed something run without any mutant: one that fails then too proves nothing, and its mutants
are counted as survivors. `--skip 25` goes on behind the first 25 of the same seed, as long as the source is the same.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib import import_module
from pathlib import Path
from random import Random

import pytest

from scripts import mutants
from scripts.mutant_watch import KILLED, LATE, ONCE, Outcome, Watch
from scripts.mutants import Mutant
from scripts.options import ROOT
from scripts.process import die_with
from tests import servers

ROOMS = ("hub/services", "hub/access", "hub/api/kit", "hub/web", "hub/models", "widget/chat", "widget/loader",
         "widget/shared")
_LEFT_OUT = ("migrations",)
FOLDERS = ("services", "api", "pages", "flow", "access", "models", "channels", "lib", "rules", "jobs", "live",
           "storage")
_OTHERS = ("flask", "peewee", "pydantic", "redis", "rq", "orjson", "structlog", "httpx", "psycopg2", "bcrypt", "gevent",
           "playhouse.pool", "flask_babel", "flask_login", "flask_sock", "openai")
_OURS = ("hub", "jobs", "tests", "scripts", "app")
_BROKE, _NEVER = "pytest itself broke", "the tests do not even start"
_NOTHING = Outcome("")
_NEAR = 8               # files
_NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "build", "data", "node_modules", ".mypy_cache", ".ruff_cache",
                                     ".pytest_cache")


@dataclass
class Trial:
    """A mutant whose tests run in a process of their own, in that copy of the tree."""

    mutant: Mutant
    copy: Path
    original: bytes
    times: tuple[int, int]
    pid: int = 0
    began: float = field(default_factory=time.monotonic)
    outcome: Outcome = _NOTHING


def candidates(rooms: Sequence[str], root: Path = ROOT) -> list[Mutant]:
    """Every mutant of every file of the rooms."""
    paths = [path for room in rooms for path in sorted((root / room).rglob("*")) if path.suffix in (".py", ".js")]
    in_node = "".join(test.read_text("utf-8") for test in (root / "tests" / "widget").glob("*.mjs"))
    names = [str(path.relative_to(root)) for path in paths if not set(path.parts) & set(_LEFT_OUT)
             and (path.suffix == ".py" or str(path.relative_to(root / "widget")) in in_node)]
    return [mutant for name in names for mutant in mutants.of(name, (root / name).read_text("utf-8"))]


def nearest(path: str, root: Path = ROOT) -> list[str]:
    """The test files for a module, the nearest first, of the same distance the smallest first."""
    room, area, stem = Path(path).parts[1], Path(path).parent.name, Path(path).stem
    module = f"from hub.{'.'.join(Path(path).parts[1:-1])} import"

    def distance(test: Path) -> tuple[int, int]:
        text = test.read_text("utf-8")
        imports = any(stem in line for line in text.splitlines() if line.startswith((module, f"{module[:-7]}.{stem}")))
        named = stem in test.stem or (room == "models" and test.stem == "test_migrations")
        near = [named, imports, test.parent.name == area, test.relative_to(root).parts[1] == room, True]
        return near.index(True), len(text)
    tests = [test for folder in FOLDERS for test in (root / "tests" / folder).rglob("test_*.py")]
    return [str(test.relative_to(root)) for test in sorted(tests, key=distance)]


def start(mutant: Mutant, copy: Path, seconds: float, only_near: bool, number: int) -> Trial:
    """The mutant's tests in a new process; its last output is in the copy's file `noticed`."""
    target = copy / mutant.path
    original, stat = target.read_bytes(), target.stat()
    target.write_text(mutant.source, encoding="utf-8")
    os.utime(target, (number + 1, number + 1))     # no two mutants of one second: compiled files are known by it
    (copy / "noticed").unlink(missing_ok=True)
    parent = os.getpid()
    trial = Trial(mutant, copy, original, (stat.st_atime_ns, stat.st_mtime_ns), os.fork())
    if trial.pid == 0:
        die_with(parent)
        os.setpgid(0, 0)
        _enter(copy, number)
        outcome = _node(seconds) if mutant.path.endswith(".js") else \
            _near_then_far(nearest(mutant.path, copy), seconds, only_near)
        (copy / "noticed").write_text(json.dumps(asdict(outcome)))
        os._exit(0)
    return trial


def _enter(copy: Path, number: int) -> None:
    """This process works in the copy from now on, silently, and has imported nothing of ours."""
    os.chdir(copy)
    sys.path[:] = [str(copy), *(entry for entry in sys.path if Path(entry or ".").resolve() != ROOT)]
    os.environ.update(PYTHONPATH=str(copy), TEST_PORTS=str(10_000 + 53 * number % 9_000))
    for name in [name for name in sys.modules if name.partition(".")[0] in _OURS]:
        del sys.modules[name]
    log = os.open("log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)


def _near_then_far(tests: Sequence[str], seconds: float, only_near: bool) -> Outcome:
    """The nearest files in a process of their own: most mutants are noticed before all the others need to be read.

    The test that noticed it runs once more: what a busy machine breaks now and then is no proof.
    """
    outcome = _forked(tests[:_NEAR], seconds)
    if not outcome.noticed and not only_near:
        far = _forked(tests[_NEAR:], seconds)
        outcome = replace(far, ran=f"{outcome.ran} and {far.ran}")
    if "::" in outcome.noticed and not outcome.is_late:
        outcome = replace(outcome, is_sure=bool(_forked([outcome.noticed], seconds).noticed))
    return outcome


def _forked(tests: Sequence[str], seconds: float) -> Outcome:
    said = Path("part")
    said.unlink(missing_ok=True)
    pid = os.fork()
    if pid == 0:
        said.write_text(json.dumps(asdict(_pytest(tests, seconds))))
        os._exit(0)
    os.waitpid(pid, 0)
    return Outcome(**json.loads(said.read_text())) if said.exists() else Outcome(_NEVER)


def _pytest(tests: Sequence[str], seconds: float) -> Outcome:
    watch = Watch(time.process_time() + seconds)
    code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-m", "not slow and not browser and not postgres",
                        "--timeout", str(int(seconds) + 120), *tests], plugins=[watch])
    broke = code in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR)
    return watch.outcome(len(tests)) if watch.failed or not broke else Outcome(_BROKE)


def _node(seconds: float) -> Outcome:
    tests = sorted(str(path) for path in Path("tests/widget").rglob("*.test.*js"))
    told = f"node's {len(tests)} files"
    try:
        ran = subprocess.run(["node", "--test", "--test-reporter=tap", *tests], timeout=10 * seconds,
                             capture_output=True, text=True, check=False)
    except subprocess.TimeoutExpired:
        return Outcome("node", True, told)
    failed = re.search(r"^ *not ok \d+ - (.*)", ran.stdout, re.MULTILINE)
    return Outcome(f"node: {failed[1] if failed else ran.stderr[-90:]}" if ran.returncode else "", False, told)


def end(trial: Trial, seconds: float) -> bool:
    """Is it over? A process that hangs long after its time is ended."""
    done, _ = os.waitpid(trial.pid, os.WNOHANG)
    hangs = not done and time.monotonic() - trial.began > 10 * seconds + 120
    if not done and not hangs:
        return False
    if hangs:
        os.killpg(trial.pid, signal.SIGKILL)
        os.waitpid(trial.pid, 0)
    trial.outcome = _outcome(trial.copy, hangs)
    _put_back(trial)
    print(f"{trial.outcome.verdict:8} {time.monotonic() - trial.began:4.0f} s  {trial.mutant}"
          f"  {trial.outcome.noticed[-110:]} ({trial.outcome.ran})", flush=True)
    return True


def _outcome(copy: Path, hangs: bool) -> Outcome:
    """What the process said; nothing when it hung or died."""
    said = copy / "noticed"
    outcome = Outcome(**json.loads(said.read_text())) if said.exists() else \
        Outcome("it hangs" if hangs else _NEVER, hangs)
    if outcome.noticed == _BROKE:
        raise RuntimeError(f"pytest itself broke, see {copy / 'log'}: {(copy / 'log').read_text()[-2000:]}")
    return outcome


def _put_back(trial: Trial) -> None:
    """The file as it was, with its time: what is compiled of it is still right."""
    target = trial.copy / trial.mutant.path
    target.write_bytes(trial.original)
    os.utime(target, ns=trial.times)


def run(chosen: Sequence[Mutant], copies: list[Path], seconds: float, only_near: bool) -> list[Trial]:
    """Every mutant once, as many at a time as there are copies of the tree."""
    waiting, free, ended = list(enumerate(chosen)), list(copies), list[Trial]()
    running: list[Trial] = []
    while waiting or running:
        while waiting and free:
            number, mutant = waiting.pop(0)
            running.append(start(mutant, free.pop(), seconds, only_near, number))
        over = [trial for trial in running if end(trial, seconds)]
        running = [trial for trial in running if trial not in over]
        free += [trial.copy for trial in over]
        ended += over
        time.sleep(0.2)
    return ended


def doubtful(trials: Sequence[Trial], copy: Path) -> set[str]:
    """The tests that noticed a mutant and fail without one, too."""
    tests = sorted({trial.outcome.noticed for trial in trials if "::" in trial.outcome.noticed})
    ran = subprocess.run([sys.executable, "-m", "pytest", "-q", "-rfE", "-p", "no:cacheprovider", *tests], cwd=copy,
                         capture_output=True, text=True, check=False) if tests else None
    failing = [line.split(" ")[1] for line in ran.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))] \
        if ran else []
    return set(failing)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts.mutate", description="How many small wrong changes the tests notice")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--skip", type=int, default=0, help="so many of the seed's mutants, which ran before")
    parser.add_argument("--seconds", type=float, default=30, help="of CPU for a mutant's nearest tests, and for others")
    parser.add_argument("--only-near", action="store_true", help="a first sight: survivors go on with --line")
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--line", action="append", default=[], help="only mutants of PATH:LINE; may be given again")
    parser.add_argument("rooms", nargs="*", default=ROOMS)
    asked = parser.parse_args(arguments)
    there = candidates(asked.rooms)
    chosen = [mutant for mutant in there if f"{mutant.path}:{mutant.line}" in asked.line] if asked.line else \
        mutants.choose(there, asked.skip + asked.count, Random(asked.seed))[asked.skip:]
    for name in _OTHERS:
        import_module(name)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, servers.chroma_server() as chroma:
        os.environ["TEST_CHROMA_URL"] = chroma
        copies = [Path(shutil.copytree(ROOT, Path(folder) / str(number), ignore=_NOT_COPIED))
                  for number in range(asked.at_once)]
        trials = run(chosen, copies, asked.seconds, asked.only_near)
        doubts = doubtful(trials, copies[0])
    _tell(asked.seed, len(there), trials, doubts)
    return 0


def _tell(seed: int, there: int, trials: Sequence[Trial], doubts: set[str]) -> None:
    killed = [trial for trial in trials if trial.outcome.verdict == KILLED and trial.outcome.noticed not in doubts]
    unsure = [trial for trial in trials if trial.outcome.verdict in (LATE, ONCE)]
    print(f"\nseed {seed}: {len(trials)} of {there} mutants, {len(killed)} killed, {len(unsure)} out of time or noticed"
          f" once only, {len(trials) - len(killed) - len(unsure)} survived")
    for trial in trials:
        if trial not in killed:
            fails = f"(noticed by {trial.outcome.noticed}, which fails anyway)"
            print(f"  {trial.outcome.verdict} {trial.mutant} ({trial.outcome.ran})",
                  fails if trial.outcome.noticed in doubts else "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
