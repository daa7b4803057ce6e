"""Small wrong changes: each is one change, the file still parses, and the same choice comes again."""

import ast
import time
from importlib.util import find_spec
from pathlib import Path
from random import Random

import pytest

from scripts import mutants, mutate
from scripts.mutant_watch import Outcome, Watch

CHANGES = [
    ("x = a < b", "x = (a <= b)"), ("x = a == b", "x = (a != b)"), ("x = a in b", "x = (a not in b)"),
    ("x = a and b", "x = (a or b)"), ("x = not a", "x = (a)"), ("x = a - 1", "x = (a + 1)"), ("x = 7", "x = 8"),
    ("x = True", "x = False"), ("f(a)", "pass"), ("a.b = c", "pass"), ("a += b", "pass"),
    ("q = m.where(a)", "q = m"), ("q = m.where(a, b)", "q = m.where(b)"),
    ("q = m.where((a) & (b))", "q = m.where((a))"),
    ("word = 'Ёж'; x = a < b", "word = 'Ёж'; x = (a <= b)")]


@pytest.mark.parametrize(("source", "wrong"), CHANGES)
def test_it_makes_this_change(source: str, wrong: str) -> None:
    assert wrong in [mutant.source for mutant in mutants.of("hub/x.py", source)]


@pytest.mark.parametrize("source", [
    '"""Words: 7."""', "log.info('x')", "def f(a: 'x < 7') -> None: ...", "x = 'True'", "import a"])
def test_it_leaves_alone_what_nobody_could_notice(source: str) -> None:
    assert mutants.of("hub/x.py", source) == []


@pytest.mark.parametrize(("source", "wrong"), [
    ("if (a === b) c();", "if (a !== b) c();"), ("x = a && b;", "x = a || b;"), ("x = !a;", "x = a;"),
    ("  f(a);", ""), ("x = 7;", "x = 8;"), ("x = a + 1;", "x = a - 1;")])
def test_it_makes_this_change_of_the_widget(source: str, wrong: str) -> None:
    assert wrong in [mutant.source for mutant in mutants.of("widget/x.js", source)]


def test_the_last_line_of_a_longer_statement_is_not_left_out() -> None:
    source = "const x = () =>\n  a && // why\n  f(a);\n  g(a); // also\n  h(a);\n"
    left_out = [mutant.old for mutant in mutants.of("widget/x.js", source) if mutant.new == ""]
    assert left_out == ["  h(a);"]


@pytest.mark.parametrize("source", ["// a === b", "/* x = 7 */", 'x = "a && 7";', "x = `${a} 7`;"])
def test_comments_and_strings_of_the_widget_stay(source: str) -> None:
    assert mutants.of("widget/x.js", source) == []


def test_every_mutant_of_our_own_files_still_parses_and_is_another_file() -> None:
    found = mutate.candidates(["hub/access", "hub/web"])
    assert len(found) > 150
    for mutant in found:
        ast.parse(mutant.source)


def test_the_same_seed_chooses_the_same_at_most_one_of_a_line() -> None:
    found = mutate.candidates(["hub/web"])
    first, again = (mutants.choose(found, 20, Random(7)) for _ in range(2))
    assert first == again == mutants.choose(found, 50, Random(7))[:20] != mutants.choose(found, 20, Random(8))
    assert len({(mutant.path, mutant.line) for mutant in first}) == 20


def test_the_nearest_tests_come_first() -> None:
    nearest = mutate.nearest("hub/services/agents/decide.py")
    assert nearest[0] == "tests/services/agents/test_decide.py" and len(nearest) > 50


WHYS = [("    assert 1 == 2", "killed", "::test_it"), ("    time.sleep(30)", "TIMEOUT", "::test_it"),
        ("    waits.until(lambda: False, within_s=0.1)", "TIMEOUT", "::test_it"),
        ("    pass", "SURVIVED", ""), ("", "killed", " (collecting)")]


def watched(folder: Path, source: str, seconds: float) -> Outcome:
    """What is told of a run of this one test file, of nine."""
    file, watch = folder / f"{folder.name}.py", Watch(time.process_time() + seconds)
    file.write_text(source)
    pytest.main(["-x", "-q", "--timeout", "1", "-p", "no:cacheprovider", "--import-mode=importlib", "-c", "/dev/null",
                 "--rootdir", str(folder), str(file)], plugins=[watch])
    return watch.outcome(9)


@pytest.mark.parametrize(("body", "verdict", "noticed"), WHYS)
def test_what_only_took_too_long_is_told_apart_from_what_failed(
        tmp_path: Path, body: str, verdict: str, noticed: str) -> None:
    source = f"import time\nfrom tests import waits\n\ndef test_first():\n    pass\n\ndef test_it():\n{body}\n"
    outcome = watched(tmp_path, source, 60)
    assert outcome.verdict == verdict
    assert outcome.noticed.partition(".py")[2] == noticed
    assert outcome.ran == ("2 tests of 1 of 9 files" if body else "0 tests of 0 of 9 files")


def test_a_run_that_was_cut_says_so(tmp_path: Path) -> None:
    outcome = watched(tmp_path, "def test_first():\n    pass\n\ndef test_second():\n    assert False\n", 0)
    assert outcome == Outcome("", False, "1 tests of 1 of 9 files, then the time was over")


@pytest.mark.parametrize("name", mutate._OTHERS)
def test_what_is_imported_before_the_first_mutant_is_there(name: str) -> None:
    assert find_spec(name)


@pytest.mark.parametrize(("fails", "verdict"), [
    ("True", "killed"), ("not seen.exists()", "ONCE"), ("False", "SURVIVED")])
def test_what_fails_once_only_has_not_noticed_it(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str, verdict: str) -> None:
    """The test that failed runs again; the mutant is still there."""
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    slow\n    browser\n    postgres\n")
    (tmp_path / f"{tmp_path.name}.py").write_text(
        f"from pathlib import Path\n\ndef test_it():\n    seen = Path('seen')\n    fails = {fails}\n"
        "    seen.touch()\n    assert not fails\n")
    monkeypatch.chdir(tmp_path)
    outcome = mutate._near_then_far([f"{tmp_path.name}.py"], 60, only_near=True)
    assert outcome.verdict == verdict and outcome.ran == "1 tests of 1 of 1 files"
