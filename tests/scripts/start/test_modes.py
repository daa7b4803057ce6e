"""What we write is nobody else's to read, also what an earlier release left open."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import stack
from scripts.options import ROOT, Options
from tests.waits import STUCK_S


@pytest.mark.parametrize("before", [None, 0o644, 0o666])
def test_the_database_and_its_log_are_closed_to_others(tmp_path: Path, before: int | None) -> None:
    path = tmp_path / "open" / "hub.db"
    path.parent.mkdir(mode=0o755)
    if before is not None:
        path.touch()
        path.chmod(before)
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{path}", "SESSION_SECRET": "x" * 32}
    code = ("import os; os.umask(0o022)\nfrom scripts import migrate\nassert migrate.main([]) == 0\n"
            "from hub.models import base\nbase.db.connect(); base.db.execute_sql('CREATE TABLE x (y)')\n"
            f"print([oct(os.stat({str(path)!r} + end).st_mode & 0o777) for end in ('', '-wal', '-shm', '.migrate')])")
    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True,
                          timeout=STUCK_S)
    assert done.stdout.splitlines()[-1] == str(["0o600"] * 4), done.stderr
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("before", [0o755, 0o777, 0o700])
def test_a_data_folder_that_was_open_is_closed(tmp_path: Path, before: int) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(before)
    os.close(stack.claim(Options(data)))
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
