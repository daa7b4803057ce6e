"""What became of a mutant: which test failed first, whether only its time was over, and how many ran before."""

import re
import time
from dataclasses import dataclass, field
from typing import Any

import pytest

KILLED, ONCE, LATE, SURVIVED = "killed", "ONCE", "TIMEOUT", "SURVIVED"
# What pytest-timeout, tests/waits.py and tests/services/steps.py say of what took too long.
_LATE = re.compile(r"from pytest-timeout|\(waited \d+ s\)|a step did not end")


@dataclass(eq=False)
class Watch:
    """A pytest plugin: ends the run when the process has used so much CPU, and keeps which test failed first."""

    ends: float
    failed: str = ""
    in_time: bool = True                                    # False: the test failed only because it took too long
    ran: list[str] = field(default_factory=list)
    is_cut: bool = False

    def pytest_runtest_logreport(self, report: Any) -> None:
        self._keep(report, report.nodeid)

    def pytest_collectreport(self, report: Any) -> None:
        self._keep(report, f"{report.nodeid} (collecting)")

    def _keep(self, report: Any, name: str) -> None:
        if report.failed and not self.failed:
            self.failed, self.in_time = name, not _LATE.search(str(report.longrepr))

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.ran.append(nodeid)
        if time.process_time() > self.ends:
            self.is_cut = True
            pytest.exit(f"the time is over after {nodeid}", returncode=0)

    def outcome(self, there: int) -> "Outcome":
        """What is to be told, of so many files."""
        files = len({test.partition("::")[0] for test in self.ran})
        told = f"{len(self.ran)} tests of {files} of {there} files" + ", then the time was over" * self.is_cut
        return Outcome(self.failed, not self.in_time, told)


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant: which test noticed it ("" none), whether it only took too long, what ran, and whether
    the same test noticed it again."""

    noticed: str
    is_late: bool = False
    ran: str = ""
    is_sure: bool = True

    @property
    def verdict(self) -> str:
        if not self.noticed:
            return SURVIVED
        return LATE if self.is_late else KILLED if self.is_sure else ONCE
