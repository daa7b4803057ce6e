"""How scripts/test sums up: what passed, what was left out and why, and that CI leaves nothing out."""

from scripts import suite
from scripts.options import ROOT
from scripts.suite import Run

REPORT = """<?xml version="1.0"?><testsuites>
<testsuite name="pytest" errors="1" failures="1" skipped="1" tests="4" time="3.6">
<testcase classname="tests.a" name="test_good" time="0.1" />
<testcase classname="tests.a" name="test_bad"><failure message="no">no</failure></testcase>
<testcase classname="tests.a" name="test_broken"><error message="no">no</error></testcase>
<testcase classname="tests.b" name="test_left"><skipped message="no Postgres" type="pytest.skip"/></testcase>
</testsuite></testsuites>"""


def passed(name: str, ran: set[str], **skipped: str) -> Run:
    return Run(name, True, "1 passed in 1s", ran, skipped)


def test_it_counts_what_pytest_reports() -> None:
    run = suite.read_report("SQLite", 1, REPORT)
    assert (run.passed, run.says) == (False, "2 failed, 1 passed, 1 skipped in 4s")
    assert run.skipped == {"tests.b::test_left": "no Postgres"}


def test_a_pytest_that_broke_down_has_failed() -> None:
    run = suite.read_report("SQLite", 4, "")
    assert (run.passed, run.says) == (False, "pytest ended with 4")


def test_a_test_that_ran_on_one_database_is_not_left_out() -> None:
    runs = [passed("SQLite", {"a"}, b="needs Postgres"), passed("Postgres", {"a", "b"})]
    assert list(suite.never_ran(runs)) == []


def test_tests_that_never_ran_are_named_by_their_reason() -> None:
    runs = [passed("SQLite", {"a"}, b="no Chromium", c="no Chromium", d="no moon"), passed("Postgres", {"a"})]
    assert list(suite.never_ran(runs)) == ["2 tests: no Chromium", "d: no moon"]


def test_the_summary_says_plainly_that_nothing_was_left_out() -> None:
    text = suite.summary([passed("SQLite", {"a"})], [], strict=True)
    assert text.splitlines()[-2:] == ["SQLite    1 passed in 1s", "Nothing was left out."]


def test_the_summary_lists_what_was_left_out() -> None:
    run = Run("SQLite", False, "1 failed in 1s")
    text = suite.summary([run], ["the tests in a browser: no Chromium here"], strict=False)
    assert text.splitlines()[-3:] == ["SQLite    1 failed in 1s   <- FAILED", "Left out:",
                                      "  - the tests in a browser: no Chromium here"]


def test_in_ci_the_summary_says_that_a_gap_is_a_failure() -> None:
    assert "CI=true allows nothing to be left out:" in suite.summary([], ["something"], strict=True)


def test_what_runs_once_is_there_and_has_no_test_that_needs_postgres() -> None:
    for path in map(ROOT.joinpath, suite.ONCE):
        files = sorted(path.rglob("test_*.py")) if path.is_dir() else [path]
        assert files and not [file for file in files if "mark.postgres" in file.read_text("utf-8")]
