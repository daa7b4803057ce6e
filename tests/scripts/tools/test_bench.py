"""The benchmark: its arithmetic and its table, and a tiny run of each figure against the real stack."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.benchmarks import FIGURES, beside, one, table, words
from scripts.benchmarks.figure import Bar, Figure, from_json, percentile
from scripts.options import ROOT
from tests.waits import STUCK_S

def bench(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "scripts.benchmarks", *map(str, arguments)], cwd=ROOT,
                          capture_output=True, text=True, timeout=10 * STUCK_S)


def measured(key: str, database: str, file: Path) -> list[dict[str, Any]]:
    """The figures of a tiny run. A missed bar (exit status 1) is a figure like any other."""
    done = bench("--tiny", "--only", key, "--on", database, "--json", file)
    assert done.returncode in (0, 1), done.stderr
    said: dict[str, Any] = json.loads(file.read_text("utf-8"))
    assert said["failed"] == [], done.stderr
    assert "Python 3." in said["machine"] and " cores" in said["machine"]
    assert f"| {key} |" in done.stdout
    figures: list[dict[str, Any]] = said["figures"]
    return figures


# Of the figures one per database: each takes a stack and many seconds, and scripts/bench runs them all.

@pytest.mark.slow
@pytest.mark.timeout(11 * STUCK_S)
def test_a_figure_is_measured_beside_a_baseline(tmp_path: Path) -> None:
    figures = measured("b", "sqlite", tmp_path / "figures.json")
    assert figures and all(figure["key"] == "b" and figure["value"] > 0 for figure in figures)
    assert any(figure["baseline"] and figure["ratio"] > 0 and figure["against"] for figure in figures)


@pytest.mark.slow
@pytest.mark.timeout(11 * STUCK_S)
@pytest.mark.postgres
def test_a_figure_is_measured_on_postgres_too(tmp_path: Path) -> None:
    figures = measured("b", "postgres", tmp_path / "figures.json")
    assert figures and {figure["database"] for figure in figures} == {"Postgres"}


def test_every_figure_has_its_measure() -> None:
    assert FIGURES.keys() == one._MEASURES.keys()


@pytest.mark.slow
@pytest.mark.timeout(11 * STUCK_S)
def test_another_checkout_is_measured_in_turn_with_this_one(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    done = bench("--tiny", "--only", "g", "--on", "sqlite", "--times", "2", "--beside", ROOT, "--json", file)
    assert done.returncode in (0, 1), done.stderr
    said = json.loads(file.read_text("utf-8"))
    assert [figure["value"] for figure in said["theirs"]] == [figure["value"] for figure in said["figures"]]
    assert "| here | beside | here : beside |" in done.stdout and "| 1.00 |" in done.stdout


def test_two_checkouts_are_compared_row_by_row_and_by_their_baselines() -> None:
    def round_of(*values: float, baseline: float) -> list[Figure]:
        return [Figure("b", f"row {number}", value, "ms", baseline=baseline) for number, value in enumerate(values)]

    ours = beside.middle([round_of(10, 1, baseline=2), round_of(30, 1, baseline=4), round_of(20, 1, baseline=4)])
    assert [(figure.what, figure.value, figure.baseline) for figure in ours] == [("row 0", 20, 4), ("row 1", 1, 4)]
    found = beside.pairs(ours, [Figure("b", "row 0", 40, "ms", baseline=4), Figure("b", "old row", 1, "ms")])
    assert [(pair.times, pair.times_by_baseline) for pair in found] == [(0.5, 0.5)]
    assert beside.markdown(found).splitlines()[-1] == "| b | row 0 |  | 20 ms | 40 ms | 0.50 | 0.50 |"


def test_rows_of_the_same_name_are_compared_in_their_order_and_numbers_of_processes_do_not_matter() -> None:
    def memory(processes: int, *each: float) -> list[Figure]:
        return [Figure("f", f"memory of all {processes} processes", sum(each), "MB"),
                *(Figure("f", "of it web", one, "MB") for one in each)]

    ours, theirs = beside.middle([memory(2, 10, 30), memory(2, 20, 40)]), beside.middle([memory(3, 30, 70, 50)])
    assert [(pair.ours.value, pair.theirs.value) for pair in beside.pairs(ours, theirs)] == [
        (50, 150), (15, 30), (35, 70)]


@pytest.mark.parametrize(("arguments", "sentence"), [
    (("--only", "a,z"), "There is no figure z (see scripts/bench --help).\n"),
    (("--beside", "/nowhere"), "--beside: there is no checkout with scripts/benchmarks in /nowhere.\n"),
    (("--times", "0"), "--times takes a number from 1 on.\n"),
    (("--on", "oracle"), "--on takes sqlite and postgres.\n")])
def test_a_mistake_is_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    done = bench(*arguments)
    assert (done.returncode, done.stderr) == (2, sentence)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert [percentile(values, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert percentile([7.0], 0.5) == 7


def test_a_bar_is_judged_by_value_or_by_ratio() -> None:
    slow = Figure("x", "echo", 120, "ms", Bar(100), baseline=60)
    assert (slow.good, slow.ratio) == (False, 2.0)
    assert Figure("x", "echo", 99.9, "ms", Bar(100)).good is True
    assert Figure("x", "lines", 50, "/s", Bar(0.6, at_least=True, of_ratio=True), baseline=100).good is False
    assert Figure("x", "lines", 60, "/s", Bar(0.6, at_least=True, of_ratio=True), baseline=100).good is True
    assert Figure("x", "lines", 60, "/s").good is None


def test_a_missed_bar_is_said_aloud() -> None:
    bar = Bar(0.6, at_least=True, of_ratio=True)
    missed = Figure("b", "inbound lines", 300, "/s", bar, 1000, "bare INSERT", "SQLite")
    row = table.markdown([missed]).splitlines()[-1]
    assert row == ("| b | inbound lines | SQLite | 300 /s | ratio ≥ 0.6 | **MISSED** | 1,000 /s (bare INSERT) | 0.30 "
                   "|  |")


@pytest.mark.parametrize(("value", "unit", "says"), [
    (12_345.6, "/s", "12,346 /s"), (123.4, "ms", "123 ms"), (12.34, "ms", "12.3 ms"), (1.234, "s", "1.23 s"),
    (10_000, "", "10,000")])
def test_numbers_are_shown_with_their_telling_digits(value: float, unit: str, says: str) -> None:
    assert table.shown(value, unit) == says


def test_a_figure_survives_json() -> None:
    figure = Figure("a", "echo", 1.5, "ms", Bar(100), 1.0, "bare", "SQLite", "a note")
    assert from_json(json.loads(json.dumps({**figure.__dict__, "bar": figure.bar.__dict__ if figure.bar else None}))) \
        == figure


def test_the_made_up_passages_are_the_same_each_time_and_in_both_languages() -> None:
    result = list(words.passages(40))
    assert result == list(words.passages(40)) and len({text for _, _, text in result}) == 40
    assert [document for document, _, _ in result] == [number // 10 for number in range(40)]
    assert any("а" <= letter <= "я" for letter in result[10][2]) and result[0][2].isascii()
