"""A rolling deploy: the schema is today's already, and processes of the release before still read and write."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from hub.models import base
from hub.models.accounts.user import User
from tests import kept
from tests.client import Client
from tests.models.conftest import Upgraded

pytestmark = pytest.mark.parametrize("upgraded", kept.RELEASES[-1:], indirect=True, scope="module")


def test_the_release_before_names_every_column_that_needs_a_value(upgraded: Upgraded, tmp_path: Path) -> None:
    with kept.restored(upgraded.release, upgraded.url, tmp_path) as url:
        known = kept.columns(url)
    now = kept.columns(upgraded.url)
    assert known.keys() <= now.keys(), "what that release writes is still there"
    unnamed = [place for place, is_demanded in now.items()
               if is_demanded and place not in known and place[0] in {table for table, _ in known}]
    assert unnamed == [], "each is nullable, or the database has a default for it"


def test_the_release_before_still_works(upgraded: Upgraded, tmp_path: Path) -> None:
    before = _counts(upgraded)
    conversation = _run(upgraded, tmp_path).strip()
    after = _counts(upgraded)
    assert [table for table in before if after[table] <= before[table]] == [], "it writes into each of its tables"
    bob = Client(upgraded.app, User.by_email("bob@bakery.example"))
    seen = bob.get(f"/api/conversations/{conversation}")
    assert (seen["customer"]["name"], seen["floor"], seen["mode"]) == ("Йозеф", "nobody", "semi-auto")
    assert {line["role"] for line in seen["messages"]} == {"customer", "assistant", "operator", "system"}


def _counts(upgraded: Upgraded) -> dict[str, int]:
    return {table: kept.rows(upgraded.url, f'SELECT COUNT(*) FROM "{table}"')[0][0]
            for table in upgraded.truths["rows"]}


def _run(upgraded: Upgraded, folder: Path) -> str:
    """What writes.py of that release prints, run with that release's own code."""
    base.release()
    there = kept.FOLDER / upgraded.release
    with tarfile.open(there / "code.tar.gz") as code:
        code.extractall(folder, filter="data")
    environ = {**os.environ, **kept.settings(upgraded.release), "PYTHONPATH": str(folder),
               "DATABASE_URL": upgraded.url, "REDIS_URL": upgraded.settings.redis_url,
               "CHROMA_URL": upgraded.settings.chroma_url, "LOG_LEVEL": "error"}
    business = upgraded.truths["people"][0]["tenant"]
    done = subprocess.run([sys.executable, str(there / "writes.py"), business], cwd=folder, env=environ, text=True,
                          capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
