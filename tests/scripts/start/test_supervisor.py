"""The supervisor with small children: order, readiness, restarts, and never a process left behind."""

import itertools
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scripts.trees import ROOT, Tree, clean, lines
from tests.waits import STUCK_S, until

Start = Callable[[str], Tree]
PROGRAM = Path(__file__).with_name("small_stack.py")


@pytest.fixture
def start(tmp_path: Path) -> Start:
    return lambda case: Tree(PROGRAM, case, tmp_path, log=tmp_path / "output")


def noted(folder: Path) -> list[str]:
    return lines(folder / "log") if (folder / "log").exists() else []


def test_it_restarts_a_crashed_child_with_growing_delays(start: Start, tmp_path: Path) -> None:
    with start("crashing") as tree:
        until(lambda: len(noted(tmp_path)) >= 5, lambda: str(noted(tmp_path)))
    assert delays(tree)[:4] == ["0.1", "0.2", "0.4", "0.4"]
    times = [float(line) for line in noted(tmp_path)]
    pauses = [after - before for before, after in itertools.pairwise(times[:5])]
    assert all(pause >= least for pause, least in zip(pauses, (0.1, 0.2, 0.4, 0.4), strict=True))


def delays(tree: Tree) -> list[str]:
    """The pauses that it announced."""
    return [line.rsplit(" ", 2)[1] for line in lines(tree.log) if "starting again" in line]


def test_it_forgets_the_delay_of_a_child_that_stayed_up_long_enough(start: Start, tmp_path: Path) -> None:
    with start("sometimes") as tree:
        until(lambda: len(noted(tmp_path)) >= 5, tree.text)
    assert delays(tree)[:4] == ["0.1", "0.2", "0.1", "0.2"]


def test_it_starts_what_others_wait_for_first_and_stops_it_last(start: Start, tmp_path: Path) -> None:
    with start("ordered") as tree:
        tree.says("all up")
        until(lambda: "last begins" in noted(tmp_path), tree.text)
        tree.root.terminate()
        assert tree.ends() == 0
    assert noted(tmp_path) == ["first begins", "job done", "last begins", "last ends", "first ends"]


def test_others_follow_what_is_over_or_did_not_get_up_until_a_signal_comes(start: Start, tmp_path: Path) -> None:
    with start("succeeding") as tree:
        until(lambda: "third begins" in noted(tmp_path), tree.text)
        tree.root.terminate()
        assert tree.ends() == 0
        tree.leaves_nothing()
    assert noted(tmp_path) == ["first begins", "first ends", "third begins", "third ends"]
    assert [line for line in lines(tree.log) if line.startswith("was up")] == ["was up: True", "was up: False"]


def test_it_shows_only_the_sentence_of_a_child_that_says_why_it_cannot_run(start: Start) -> None:
    with start("refused") as tree:
        assert tree.ends() == 2
        tree.leaves_nothing()
    assert lines(tree.log)[-1] == "The door is locked."
    assert not [line for line in lines(tree.log) if line.startswith("job ")]


def test_it_gives_up_and_shows_the_output_when_a_child_dies_before_it_is_ready(start: Start) -> None:
    with start("dying") as tree:
        assert tree.ends() == 1
        tree.leaves_nothing()
    assert "web   | because of this" in lines(tree.log)
    assert "web   | ended with 7 before it was ready; stopping everything" in lines(tree.log)


def test_it_gives_up_when_a_child_is_not_ready_in_time(start: Start) -> None:
    with start("mute") as tree:
        assert tree.ends() == 1
        tree.leaves_nothing()
    assert "was not ready within 0.3 s" in tree.text()


def test_it_says_when_a_program_is_not_there(start: Start) -> None:
    with start("absent") as tree:
        assert tree.ends() == 1
    assert "cannot be started" in tree.text() and "/no/such/program" in tree.text()
    assert "Traceback" not in tree.text()


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_it_leaves_no_process_behind(start: Start, signum: signal.Signals) -> None:
    with start("trees") as tree:
        tree.says("all up")
        until(lambda: len(tree.pids()) >= 11, lambda: str(tree.pids()))    # supervisor and guard, 3 + 2 + 4
        tree.root.send_signal(signum)
        assert tree.ends() == (-9 if signum == signal.SIGKILL else 0)
        tree.leaves_nothing()


def test_it_kills_at_once_when_asked_twice(start: Start) -> None:
    with start("trees") as tree:
        tree.says("all up")
        tree.root.send_signal(signal.SIGINT)
        tree.root.send_signal(signal.SIGTERM)
        assert tree.ends() == 0
        tree.leaves_nothing()


def test_it_kills_what_a_crashed_child_left_behind_before_it_starts_again(start: Start, tmp_path: Path) -> None:
    with start("abandoning") as tree:
        until(lambda: len(noted(tmp_path)) >= 3, tree.text)
        first = int(noted(tmp_path)[0])
        assert first not in tree.pids()


def test_it_prints_whole_lines_with_the_name_before_them(start: Start) -> None:
    with start("talking") as tree:
        tree.says("no end of line")
    assert [line for line in lines(tree.log) if line.startswith("talk") and "ready" not in line][:3] == [
        "talk | half a line", "talk | \N{REPLACEMENT CHARACTER} bytes", "talk | no end of line"]


def test_it_prints_any_alphabet_on_any_terminal(tmp_path: Path) -> None:
    with Tree(PROGRAM, "russian", tmp_path, log=tmp_path / "output", PYTHONIOENCODING="ascii") as tree:
        tree.says("Привет, мир")
        tree.says("all up")
        assert tree.root.poll() is None


def test_it_keeps_to_itself_what_was_meant_for_the_supervisor(start: Start) -> None:
    with start("hearing") as tree:
        tree.says("all up")
    assert "other words" in tree.text() and "secret" not in tree.text()


def test_it_lives_on_when_nobody_reads_its_output(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, str(PROGRAM), "chatty", str(tmp_path)], cwd=ROOT, env=clean(),
                          stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        program.stdout.readline()
        program.stdout.close()
        before = len(noted(tmp_path))
        until(lambda: len(noted(tmp_path)) > before + 5, lambda: "the child stopped")
        assert program.poll() is None
        program.terminate()
        assert program.wait(STUCK_S) == 0
