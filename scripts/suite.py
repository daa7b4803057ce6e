"""What scripts/test runs: node's tests, then pytest on SQLite and on Postgres; then, in one block, what was left out.

With CI=true nothing may be left out: whatever is missing is a failure.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from scripts import one_sentence
from scripts.options import ROOT
from tests import servers

# What never meets the database, or starts one of each kind by itself: once is enough.
ONCE = ("tests/ai", "tests/demo/test_shop_in_browser.py", "tests/scripts/test_bench.py",
        "tests/scripts/test_environment.py", "tests/scripts/test_supervisor.py", "tests/widget")
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


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
    with ExitStack() as stack:
        env = {**os.environ, "TEST_REDIS_URL": stack.enter_context(servers.redis_server()),
               "TEST_CHROMA_URL": stack.enter_context(servers.chroma_server())}
        env.pop("TEST_DATABASE_URL", None)
        runs = [] if arguments or not _node() else [_widget()]
        runs.append(_pytest("SQLite", env, "not postgres", arguments))
        if os.environ.get("TEST_DATABASE_URL") or servers.postgres_programs():
            env["TEST_DATABASE_URL"] = stack.enter_context(servers.postgres_server())
            runs.append(_pytest("Postgres", env, "", arguments or [f"--ignore={path}" for path in ONCE]))
    left_out = missing + list(never_ran(runs))
    strict = os.environ.get("CI") == "true"
    print(summary(runs, left_out, strict), flush=True)
    return 0 if all(run.passed for run in runs) and not (strict and left_out) else 1


def _missing() -> Iterable[str]:
    """What this machine lacks, and which tests that costs."""
    if not os.environ.get("TEST_DATABASE_URL") and servers.postgres_programs() is None:
        yield "every test on Postgres: no initdb here (on Debian: apt install postgresql)"
    if not _chromium():
        yield "the tests in a browser: no Chromium here (on Debian: apt install chromium)"
    if not _node():
        yield "the widget's own tests: no node here (on Debian: apt install nodejs)"


def _chromium() -> bool:
    return any(map(shutil.which, CHROMIUMS))


def _node() -> bool:
    return shutil.which("node") is not None


def _widget() -> Run:
    _title("The widget, in node")
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "widget").glob("*.test.*js"))
    began = time.monotonic()
    code = subprocess.run(["node", "--test", *files], cwd=ROOT).returncode if files else 0
    return Run("node", code == 0, f"{len(files)} files {'passed' if code == 0 else 'FAILED'} "
                                  f"in {time.monotonic() - began:.0f}s")


def _pytest(name: str, env: Mapping[str, str], marks: str, arguments: list[str]) -> Run:
    """One whole run. Arguments come last, so that a person's own -m wins."""
    _title(f"pytest on {name}")
    chosen = " and ".join(part for part in (marks, "" if _chromium() else "not browser") if part)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        only = ["-m", chosen] if chosen else []
        code = subprocess.run([sys.executable, "-m", "pytest", f"--junitxml={report}", *only, *arguments],
                              cwd=ROOT, env=env).returncode
        return read_report(name, code, report.read_text(encoding="utf-8") if report.exists() else "")


def read_report(name: str, code: int, report: str) -> Run:
    """A Run from pytest's exit code and its JUnit report ("" when it wrote none)."""
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
    return Run(name, code == 0, f"{says} in {float(suite.get('time', 0)):.0f}s", ran, skipped)


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
    lines += [f"{run.name:<10}{run.says}{'' if run.passed else '   <- FAILED'}" for run in runs]
    if not left_out:
        return "\n".join([*lines, "Nothing was left out."])
    lines.append("Left out, and CI=true allows nothing to be left out:" if strict else "Left out:")
    return "\n".join(lines + [f"  - {reason}" for reason in left_out])


def _title(text: str) -> None:
    print(f"\n---- {text}", flush=True)


if __name__ == "__main__":
    with one_sentence():
        sys.exit(main(sys.argv[1:]))
