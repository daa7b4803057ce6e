"""What one business may do a minute, from the command line: shown, set, set back; nonsense is one sentence."""

import subprocess
import sys
from typing import Any

from hub.settings import Settings
from tests.factories import People
from tests.scripts.trees import ROOT, clean
from tests.waits import STUCK_S


def limit(settings: Settings, *words: str) -> Any:
    env = clean(DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url, DATA_DIR=settings.data_dir,
                SESSION_SECRET=settings.session_secret)
    return subprocess.run([sys.executable, "-m", "scripts.limit", *words], cwd=ROOT, text=True, capture_output=True,
                          env=env, timeout=STUCK_S)


def test_a_limit_is_shown_set_and_set_back(app: Any, people: People, settings: Settings) -> None:
    ours = str(people.tenant.uuid)
    told = [limit(settings, *words).stdout.split() for words in (
        [ours], [ours, "send-tenant", "80"], [ours], [str(people.other.uuid)], [ours, "send-tenant", "default"])]
    assert told == [["send-tenant", said] for said in ("default", "80", "80", "default", "default")]


def test_what_is_no_number_is_one_sentence(app: Any, people: People, settings: Settings) -> None:
    for number in ("0", "many", "1.5", "9999999"):
        done = limit(settings, str(people.tenant.uuid), "send-tenant", number)
        assert done.returncode == 2 and done.stderr.count("\n") == 1 and "send" in done.stderr
    assert limit(settings, "bakery").stderr == "There is no business bakery.\n"
