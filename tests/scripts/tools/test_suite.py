"""What scripts/test runs, how it sums up what passed and what was left out, and that CI leaves nothing out."""

import os
import sys
from pathlib import Path

import pytest

from scripts import suite, units
from scripts.suite import Run
from scripts.units import NODE, POSTGRES, SQLITE, UNITS, Command, Ended

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
    run = suite.read_report("SQLite", 1, REPORT, 4.4)
    assert (run.passed, run.says) == (False, "2 failed, 1 passed, 1 skipped in 4s")
    assert run.skipped == {"tests.b::test_left": "no Postgres"}


def test_a_pytest_that_broke_down_has_failed() -> None:
    run = suite.read_report("SQLite", 4, "", 1)
    assert (run.passed, run.says) == (False, "pytest ended with 4")


def test_a_test_that_ran_on_one_database_is_not_left_out() -> None:
    runs = [passed("SQLite", {"a"}, b="needs Postgres"), passed("Postgres", {"a", "b"})]
    assert list(suite.never_ran(runs)) == []


def test_tests_that_never_ran_are_named_by_their_reason() -> None:
    runs = [passed("SQLite", {"a"}, b="no Chromium", c="no Chromium", d="no moon"), passed("Postgres", {"a"})]
    assert list(suite.never_ran(runs)) == ["2 tests: no Chromium", "d: no moon"]


def test_the_summary_says_plainly_that_nothing_was_left_out() -> None:
    text = suite.summary([passed("SQLite", {"a"})], [], strict=True)
    assert text.splitlines()[-2:] == ["SQLite                1 passed in 1s", "Nothing was left out."]


def test_the_summary_lists_what_was_left_out() -> None:
    run = Run("SQLite", False, "1 failed in 1s")
    text = suite.summary([run], ["the tests in a browser: no Chromium here"], strict=False)
    assert text.splitlines()[-3:] == ["SQLite                1 failed in 1s   <- FAILED", "Left out:",
                                      "  - the tests in a browser: no Chromium here"]


def test_in_ci_the_summary_says_that_a_gap_is_a_failure() -> None:
    assert "CI=true allows nothing to be left out:" in suite.summary([], ["something"], strict=True)


def test_every_test_stands_in_one_unit_of_each_kind_of_database() -> None:
    for on, elsewhere in ((SQLITE, set()), (POSTGRES, units.once())):
        stand = [path for unit in UNITS if unit.on == on for path in units.files(unit)]
        assert sorted([*stand, *elsewhere]) == units.tests()


def test_what_runs_once_is_there() -> None:
    assert [folder for folder in units.ONCE if not units.tests(folder)] == []
    assert [unit.folders for unit in UNITS if unit.on == NODE] == [("widget",)]


def test_no_two_units_share_a_name_a_report_or_a_port() -> None:
    envs = [units.environment(unit, number, "http://chroma", "") for number, unit in enumerate(UNITS)]
    assert len({unit.title for unit in UNITS}) == len({env["TEST_UNIT"] for env in envs}) == len(UNITS)
    first = sorted(int(env["TEST_PORTS"]) for env in envs)
    assert len(set(first)) == len(UNITS) and first[0] >= 1024 and first[-1] + units.PORTS <= 20_000


def test_a_unit_on_sqlite_hears_nothing_of_another_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://127.0.0.1/everybody")
    assert "TEST_DATABASE_URL" not in units.environment(UNITS[0], 0, "http://chroma", "")
    assert units.environment(UNITS[0], 0, "http://chroma", "postgres://own")["TEST_DATABASE_URL"] == "postgres://own"


def test_a_person_s_arguments_go_to_one_pytest_per_database() -> None:
    chosen = suite._chosen(["tests/api", "-k", "x"])
    assert [unit.on for unit in chosen] == ([SQLITE, POSTGRES] if suite._postgres() else [SQLITE])
    for unit in chosen:
        argv = suite._pytest_argv(unit, ["tests/api", "-k", "x"], Path("report.xml"))
        assert argv[-3:] == ["tests/api", "-k", "x"] and "--needs-database" not in argv


def test_the_longest_unit_begins_first() -> None:
    seconds = [unit.seconds for unit in suite._chosen([]) if not unit.alone]
    assert seconds == sorted(seconds, reverse=True)


def program(text: str, title: str, **more: bool) -> Command:
    return Command(title, [sys.executable, "-c", text], dict(os.environ), **more)


def test_units_run_side_by_side_and_their_output_is_told_whole(tmp_path: Path) -> None:
    """Each of the two waits for what the other one writes."""
    meets = ("import pathlib, time; pathlib.Path({!r}).touch(); print('begun')\n"
             "while not pathlib.Path({!r}).exists(): time.sleep(0.01)\nprint('met')")
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    told: list[Ended] = []
    units.side_by_side([program(meets.format(one, two), "a"), program(meets.format(two, one), "b")], 2, tmp_path,
                       told.append)
    assert [(end.code, end.output) for end in told] == [(0, "begun\nmet\n")] * 2


def test_what_must_be_alone_begins_when_all_others_have_ended(tmp_path: Path) -> None:
    note = f"import pathlib; print(sorted(path.name for path in pathlib.Path({str(tmp_path)!r}).glob('*.done')))"
    done = f"import pathlib, time; time.sleep(0.2); pathlib.Path({str(tmp_path)!r}, '{{}}.done').touch()"
    commands = [program(note, "alone", alone=True), program(done.format("a"), "a"), program(done.format("b"), "b")]
    ended = units.side_by_side(commands, 4, tmp_path, lambda end: None)
    assert ended[-1].output == "['a.done', 'b.done']\n"


def test_each_unit_is_told_what_it_used_of_the_processors(tmp_path: Path) -> None:
    burns = "import time\nwhile time.process_time() < {}: pass"
    ended = units.side_by_side([program(burns.format(0.6), "a"), program(burns.format(0.1), "b")], 2, tmp_path,
                               lambda end: None)
    used = {end.command.title: end.cpu_s for end in ended}
    assert used["a"] >= 0.6 and 0.1 <= used["b"] < used["a"]


def test_a_unit_that_breaks_down_is_told_with_its_exit_status(tmp_path: Path) -> None:
    (ended,) = units.side_by_side([program("import sys; sys.exit('no')", "a")], 1, tmp_path, lambda end: None)
    assert (ended.code, ended.output) == (1, "no\n") and suite._run(ended, tmp_path).passed is False
