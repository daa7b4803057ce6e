"""What scripts/test runs: the units of scripts/units.py, several at once; then, in one block, what was left out.

With arguments for pytest: one pytest on SQLite, one on Postgres. With CI=true nothing may be left out: whatever is
missing is a failure.
"""

import os
import shutil
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from scripts import chromium, one_sentence, units
from scripts.options import ROOT
from scripts.units import NODE, POSTGRES, SQLITE, Command, Ended, Unit
from tests import exchanges, servers


@dataclass
class Run:
    """One part of the suite: did it pass, what did it say at its end, which tests ran and which were skipped, why."""

    name: str
    passed: bool
    says: str
    ran: set[str] = field(default_factory=set)
    skipped: dict[str, str] = field(default_factory=dict)


def main(arguments: list[str]) -> int:
    missing = list(_missing())
    exchanges.clear()
    with ExitStack() as stack:
        reports = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        commands = list(_commands(_chosen(arguments), arguments, reports, stack))
        ended = units.side_by_side(commands, _at_once(arguments), reports, _tell)
        runs = [_run(end, reports) for end in ended]
    print(f"{exchanges.join()} shapes of exchanges are in {exchanges.FOLDER.relative_to(ROOT)}/", flush=True)
    left_out = missing + list(never_ran(runs))
    strict = os.environ.get("CI") == "true"
    print(summary(runs, left_out, strict), flush=True)
    return 0 if all(run.passed for run in runs) and not (strict and left_out) else 1


def _missing() -> Iterable[str]:
    """What this machine lacks, and which tests that costs."""
    if not _postgres():
        yield "every test on Postgres: no initdb here (on Debian: apt install postgresql)"
    if not chromium.program():
        yield "the tests in a browser: no Chromium here (on Debian: apt install chromium-headless-shell)"
    if not _node():
        yield "the widget's own tests: no node here (on Debian: apt install nodejs)"


def _node() -> bool:
    return shutil.which("node") is not None


def _postgres() -> bool:
    return bool(os.environ.get("TEST_DATABASE_URL") or servers.postgres_programs())


def _at_once(arguments: list[str]) -> int:
    """One after the other for a person who looks on, and where all must share one Redis."""
    return 1 if arguments or os.environ.get("TEST_REDIS_URL") else units.AT_ONCE


def _chosen(arguments: list[str]) -> list[Unit]:
    """The units that this machine can run, the longest first; two with everything for a person's own arguments."""
    there = {SQLITE: True, POSTGRES: _postgres(), NODE: _node()}
    if arguments:
        return [Unit("pytest", on, 0, ()) for on in (SQLITE, POSTGRES) if there[on]]
    chosen = [unit for unit in units.UNITS if there[unit.on] and (chromium.program() or not unit.is_browser)]
    return sorted(chosen, key=lambda unit: -unit.seconds)


def _commands(chosen: Sequence[Unit], arguments: list[str], reports: Path, stack: ExitStack) -> Iterator[Command]:
    """Each unit as a process, on servers that live as long as the stack."""
    chroma = stack.enter_context(servers.chroma_server())
    postgres = stack.enter_context(servers.postgres_server()) if any(unit.on == POSTGRES for unit in chosen) else ""
    for number, unit in enumerate(chosen):
        fresh = stack.enter_context(servers.fresh_database(postgres)) if unit.on == POSTGRES else ""
        argv = _node_argv() if unit.on == NODE else _pytest_argv(unit, arguments, reports / f"{unit.title}.xml")
        yield Command(unit.title, argv, units.environment(unit, number, chroma, fresh), unit.alone)


def _node_argv() -> list[str]:
    files = (ROOT / "tests" / "widget").rglob("*.test.*js")
    return ["node", "--test", *sorted(str(path.relative_to(ROOT)) for path in files)]


def _pytest_argv(unit: Unit, arguments: list[str], report: Path) -> list[str]:
    """Arguments come last, so that a person's own -m wins."""
    marks = ["" if unit.on == POSTGRES else "not postgres", "" if chromium.program() else "not browser"]
    chosen = " and ".join(filter(None, marks))
    return [sys.executable, "-m", "pytest", f"--junitxml={report}", *(["-m", chosen] if chosen else []),
            *(["--needs-database"] if unit.on == POSTGRES and not arguments else []),
            *units.arguments(unit), *arguments]


def _tell(ended: Ended) -> None:
    print(f"\n---- {ended.command.title}, {ended.seconds:.0f} s, {ended.cpu_s:.0f} s of a processor\n{ended.output}",
          flush=True)


def _run(ended: Ended, reports: Path) -> Run:
    title, report = ended.command.title, reports / f"{ended.command.title}.xml"
    if title.endswith(f" on {NODE}"):
        passed = ended.code == 0
        return Run(title, passed, f"{'passed' if passed else 'FAILED'} in {ended.seconds:.0f}s")
    return read_report(title, ended.code, report.read_text(encoding="utf-8") if report.exists() else "", ended.seconds)


def read_report(name: str, code: int, report: str, seconds: float) -> Run:
    """A Run from pytest's exit code, its JUnit report ("" when it wrote none) and how long its process took."""
    if not report:
        return Run(name, False, f"pytest ended with {code}")
    ran, skipped = set(), {}
    suite = next(iter(ElementTree.fromstring(report).iter("testsuite")))
    for case in suite.iter("testcase"):
        test, skip = f"{case.get('classname')}::{case.get('name')}", case.find("skipped")
        if skip is None:
            ran.add(test)
        else:
            skipped[test] = skip.get("message") or "no reason given"
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    counts = {"failed": failed, "passed": len(ran) - failed, "skipped": len(skipped)}
    says = ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "no tests"
    return Run(name, code == 0, f"{says} in {seconds:.0f}s", ran, skipped)


def never_ran(runs: Iterable[Run]) -> Iterable[str]:
    """Tests that were skipped wherever they came up, with their reasons. Skipped on one database only is no gap."""
    runs = list(runs)
    ran = set().union(*(run.ran for run in runs))
    reasons: dict[str, set[str]] = {}
    for run in runs:
        for test, reason in run.skipped.items():
            if test not in ran:
                reasons.setdefault(reason, set()).add(test)
    for reason, tests in sorted(reasons.items()):
        yield f"{len(tests)} tests: {reason}" if len(tests) > 1 else f"{tests.pop()}: {reason}"


def summary(runs: Iterable[Run], left_out: list[str], strict: bool) -> str:
    lines = ["", "=" * 30 + " all together " + "=" * 30]
    lines += [f"{run.name:<22}{run.says}{'' if run.passed else '   <- FAILED'}" for run in runs]
    if not left_out:
        return "\n".join([*lines, "Nothing was left out."])
    lines.append("Left out, and CI=true allows nothing to be left out:" if strict else "Left out:")
    return "\n".join(lines + [f"  - {reason}" for reason in left_out])


if __name__ == "__main__":
    with one_sentence():
        sys.exit(main(sys.argv[1:]))
