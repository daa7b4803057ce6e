"""Many processes write to one SQLite file and are killed at any moment: nobody is told that it is locked."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from hub.models import base
from hub.settings import Settings
from tests import factories
from tests.factories import People
from tests.scripts.trees import ROOT, clean
from tests.waits import STUCK_S

pytestmark = pytest.mark.slow
_KILLS = 100


def test_eight_writers_and_a_hundred_kills_lose_nothing_that_was_stored(
        people: People, settings: Settings, tmp_path: Path) -> None:
    if not settings.sqlite:
        pytest.skip("Postgres has its own processes for that")
    factories.make_site(people.tenant)
    base.release()
    env = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url, "DATA_DIR": str(tmp_path / "data"),
           "SESSION_SECRET": settings.session_secret, "LOG_LEVEL": "error"}
    done = subprocess.run([sys.executable, "-m", "tests.storage.writers", str(tmp_path), str(_KILLS)], cwd=ROOT,
                          env=clean(**env), timeout=5 * STUCK_S, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert [file.read_text() for file in tmp_path.glob("*.errors")] == []
    stored = {key for file in tmp_path.iterdir() if file.is_file() for key in file.read_text().split()}
    with closing(sqlite3.connect(settings.database_url.removeprefix("sqlite:///"))) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        kept = [key for (key,) in file.execute("SELECT external_id FROM message")]
        wrong = file.execute("SELECT c.id FROM conversation c JOIN message m ON m.conversation_id = c.id GROUP BY c.id "
                             "HAVING c.messages_count <> COUNT(*) OR c.change <> MAX(m.change)").fetchall()
    print(f"\n{len(stored)} lines were stored by {len(list(tmp_path.iterdir()))} processes")
    assert stored <= set(kept) and len(kept) == len(set(kept)) and not wrong
    assert len(stored) > _KILLS
