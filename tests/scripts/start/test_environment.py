"""scripts/run and friends on machines where something is missing, and the environment they make."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import StartError, environment
from tests.scripts.trees import ROOT, clean
from tests.waits import STUCK_S


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A copy of the program without an environment, with next to nothing to install."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__", "demo"))
    (tmp_path / "tests").mkdir()
    (tmp_path / "requirements.txt").write_text("packaging==26.3\n")
    (tmp_path / "tests" / "requirements.txt").write_text("packaging==26.3\niniconfig==2.3.1\n")
    (tmp_path / "app.py").write_text("import sys, packaging; print('app', *sys.argv[1:], sys.prefix)\n")
    return tmp_path


def run(folder: Path, name: str, *arguments: str, python: str = sys.executable,
        **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([python, str(folder / "scripts" / name), *arguments], text=True, capture_output=True,
                          env=clean(**env), timeout=4 * STUCK_S)


def said_one_sentence(done: "subprocess.CompletedProcess[str]") -> str:
    assert done.returncode == 2
    assert done.stdout == "" and done.stderr.count("\n") == 1 and done.stderr.endswith(".\n"), done
    return done.stderr.strip()


@pytest.mark.parametrize("name", ["run", "test", "check", "lock"])
def test_an_old_python_is_one_sentence(elsewhere: Path, name: str) -> None:
    program = str(elsewhere / "scripts" / name)
    pretend = (f"import runpy, sys; sys.version_info = (3, 9, 2); sys.argv[:] = [{program!r}]; "
               "runpy.run_path(sys.argv[0], run_name='__main__')")
    done = subprocess.run([sys.executable, "-c", pretend], text=True, capture_output=True, env=clean())
    assert said_one_sentence(done) == "Parley needs Python 3.11 or newer; this is 3.9."


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_is_one_sentence(elsewhere: Path, tmp_path: Path, module: str) -> None:
    without = tmp_path / "without"
    without.mkdir()
    (without / f"{module}.py").write_text(f"raise ImportError(name={module!r})")     # as if it were not installed
    said = said_one_sentence(run(elsewhere, "run", PYTHONPATH=str(without)))
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert said == (f"This Python has no module {module}: install it "
                    f"(on Debian and Ubuntu: apt install python{version}-venv).")


def test_a_folder_that_cannot_be_written_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "ROOT", Path("/proc"))     # where even root cannot make a file
    with pytest.raises(StartError, match=r"^Cannot write to /proc: .*\.$"):
        environment.check()


def test_a_mistake_on_the_command_line_costs_no_installation(elsewhere: Path) -> None:
    said = said_one_sentence(run(elsewhere, "run", "--port", "many"))
    assert said == "--port must be a number from 0 to 65535, not 'many'."
    assert not (elsewhere / ".venv").exists()


def test_help_costs_no_installation(elsewhere: Path) -> None:
    done = run(elsewhere, "run", "--help")
    assert done.returncode == 0 and "--ready-file" in done.stdout
    assert not (elsewhere / ".venv").exists()


@pytest.mark.slow
def test_it_installs_once_and_again_when_the_list_changes(elsewhere: Path) -> None:
    first = run(elsewhere, "run", "--no-demo")
    assert first.returncode == 0, first.stderr
    assert "making .venv" in first.stdout and "installing" in first.stdout
    assert first.stdout.splitlines()[-1] == f"app --no-demo {elsewhere / '.venv'}"

    second = run(elsewhere, "run")
    assert second.stdout.splitlines() == [f"app {elsewhere / '.venv'}"]

    (elsewhere / "requirements.txt").write_text("packaging==26.3\niniconfig==2.3.1\n")
    third = run(elsewhere, "run")
    assert "making .venv" not in third.stdout and "installing" in third.stdout


@pytest.mark.slow
def test_a_package_that_does_not_exist_is_one_sentence(elsewhere: Path) -> None:
    (elsewhere / "requirements.txt").write_text("packaging==0.0.0.1\n")
    done = run(elsewhere, "run")
    assert done.returncode == 2
    assert done.stderr.startswith("The packages could not be installed: ") and done.stderr.count("\n") == 1


def test_the_environment_of_the_tests_serves_the_program_too(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(environment, "_install", installed.append)
    monkeypatch.setattr(environment, "_install_redis", lambda: None)
    for lock in (environment.TEST, environment.RUN, environment.TEST, environment.RUN):
        environment.make(lock)
    assert installed == [environment.TEST]
