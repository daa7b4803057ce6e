"""`scripts/bench`: measures what the README promises, each figure beside a raw baseline of the same run.

With `--beside FOLDER` each figure is also measured on another checkout, in turn with this one: absolute times of a busy
machine say little, the same minute's ratio says more.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from scripts import StartError, one_sentence
from scripts.benchmarks import FIGURES, beside, table
from scripts.benchmarks.figure import Figure, from_json
from scripts.options import ROOT
from scripts.process import die_with
from tests import servers

_TIMEOUT_S = 1_500     # for one figure on one database
_ANYWHERE = "fgh"       # figures that have nothing to do with the database: measured on the default stack only


@dataclass
class Report:
    """What came of a run: figures, how busy the machine was before each, and what could not be measured."""

    figures: list[Figure] = field(default_factory=list)
    theirs: list[Figure] = field(default_factory=list)      # the other checkout's
    busy: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def text(self) -> str:
        compared = [beside.markdown(beside.pairs(self.figures, self.theirs)), ""] if self.theirs else []
        return "\n".join([table.markdown(self.figures), "", *compared,
                          f"Load average before each: {'; '.join(self.busy)}.", *self.failed])

    def json(self) -> str:
        figures = [{**asdict(figure), "ratio": figure.ratio, "good": figure.good} for figure in self.figures]
        return json.dumps({"machine": table.machine(), "busy": self.busy, "failed": self.failed, "figures": figures,
                           "theirs": [asdict(figure) for figure in self.theirs]}, ensure_ascii=False, indent=1) + "\n"


def main(arguments: list[str]) -> int:
    """0 when every bar is cleared, 1 when one is missed or a figure could not be measured."""
    parsed, report = _parse(arguments), Report()
    print(table.machine(), flush=True)
    for database in parsed.databases:
        for key in parsed.only:
            if database == "SQLite" or key not in _ANYWHERE:
                _measure(key, database, parsed, report)
    print(report.text(), flush=True)
    if parsed.json:
        parsed.json.write_text(report.json(), "utf-8")
    return 1 if report.failed or any(figure.good is False for figure in report.figures) else 0


def _measure(key: str, database: str, parsed: argparse.Namespace, report: Report) -> None:
    print(f"{time.strftime('%H:%M:%S')} ({key}) {FIGURES[key]} on {database} …", file=sys.stderr, flush=True)
    report.busy.append(f"({key}) on {database} {os.getloadavg()[0]:.1f}")
    others = [parsed.beside] if parsed.beside else []
    rounds: dict[Path, list[list[Figure]]] = {root: [] for root in (ROOT, *others)}
    try:
        for _ in range(parsed.times):
            for root in (*others, ROOT):
                with _servers(database) as given:
                    rounds[root].append(_measured(root, key, database, given, parsed.size))
        report.figures += beside.middle(rounds[ROOT])
        report.theirs += [figure for other in others for figure in beside.middle(rounds[other])]
    except RuntimeError as error:
        report.failed.append(f"({key}) on {database}: {error}")


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog=f"Figures: {', '.join(f'{key} {what}' for key, what in FIGURES.items())}")
    parser.add_argument("--only", metavar="a,b", default=",".join(FIGURES), help="these figures (default: all)")
    parser.add_argument("--on", metavar="DB", default="sqlite,postgres", help="sqlite, postgres or both (default)")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the figures there, too")
    parser.add_argument("--beside", metavar="FOLDER", type=Path,
                        help="measure each figure on the checkout in FOLDER, too, in turn with this one, and show both "
                             "side by side; e.g. git worktree add ../before v1 && scripts/bench --beside ../before")
    parser.add_argument("--times", metavar="N", type=int, default=1,
                        help="so many rounds of each figure, of which the medians are shown (default: 1)")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_const", dest="size", const="quick", default="full",
                      help="smaller numbers: minutes become seconds, bars at full size are not judged")
    size.add_argument("--large", action="store_const", dest="size", const="large",
                      help="retrieval in 100,000 passages, too, which take some minutes to load")
    size.add_argument("--tiny", action="store_const", dest="size", const="tiny", help="only whether it runs")
    return _checked(parser.parse_args(arguments))


def _checked(parsed: argparse.Namespace) -> argparse.Namespace:
    """Names instead of words; StartError when there is nothing of a name."""
    parsed.beside = parsed.beside and parsed.beside.resolve()
    parsed.only = [key.strip() for key in parsed.only.split(",")]
    parsed.databases = [{"sqlite": "SQLite", "postgres": "Postgres"}.get(name.strip()) for name in parsed.on.split(",")]
    if unknown := set(parsed.only) - set(FIGURES):
        raise StartError(f"There is no figure {', '.join(sorted(unknown))} (see scripts/bench --help).")
    if parsed.beside and not (parsed.beside / "scripts/benchmarks/one.py").is_file():
        raise StartError(f"--beside: there is no checkout with scripts/benchmarks in {parsed.beside}.")
    if parsed.times < 1:
        raise StartError("--times takes a number from 1 on.")
    if None in parsed.databases:
        raise StartError("--on takes sqlite and postgres.")
    if sys.platform != "linux":
        raise StartError("scripts/bench reads /proc and uses epoll, so it needs Linux.")
    return parsed


@contextmanager
def _servers(database: str) -> Iterator[dict[str, str]]:
    """What the stack is told: nothing for the embedded default, else an empty Postgres as it comes, and a Redis."""
    with ExitStack() as stack:
        if database == "SQLite":
            yield {}
            return
        try:
            postgres = stack.enter_context(servers.postgres_server(durable=True))
        except FileNotFoundError as error:
            raise StartError(f"Cannot measure on Postgres: {error}; choose --on sqlite.") from None
        yield {"DATABASE_URL": postgres, "REDIS_URL": stack.enter_context(servers.redis_server())}


def _measured(root: Path, key: str, database: str, given: dict[str, str], size: str) -> list[Figure]:
    """One figure of the checkout in `root`, in a process of its own, which is gone with all it started when its time is
    up. Its Python is ours, so that both have the same packages."""
    me = os.getpid()
    with tempfile.TemporaryDirectory(prefix="pb-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        argv = [sys.executable, "-m", "scripts.benchmarks.one", key, database, size, folder, json.dumps(given)]
        child = subprocess.Popen(argv, cwd=root, stdout=subprocess.PIPE, start_new_session=True,
                                 preexec_fn=lambda: die_with(me))
        try:
            said, _ = child.communicate(timeout=_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            raise RuntimeError(f"was not done after {_TIMEOUT_S} s") from None
        finally:
            _end(child)
        if child.returncode:
            raise RuntimeError(f"ended with {child.returncode}; its reason is above")
    return [from_json(item) for item in json.loads(said)]


def _end(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is None:
        child.send_signal(signal.SIGINT)        # it stops what it started
        try:
            child.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)    # and what it started dies with it
            child.wait()


if __name__ == "__main__":
    with one_sentence():
        sys.exit(main(sys.argv[1:]))
