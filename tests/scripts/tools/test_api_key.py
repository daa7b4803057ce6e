"""A key from the command line: printed once, and refused in one sentence."""

import subprocess
import sys
from typing import Any

from hub.settings import Settings
from tests.client import Client
from tests.factories import People
from tests.scripts.trees import ROOT, clean
from tests.waits import STUCK_S


def make(settings: Settings, *words: str) -> Any:
    env = clean(DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url, DATA_DIR=settings.data_dir,
                SESSION_SECRET=settings.session_secret)
    return subprocess.run([sys.executable, "-m", "scripts.api_key", *words], cwd=ROOT, text=True, capture_output=True,
                          env=env, timeout=STUCK_S)


def test_a_key_is_made_and_opens_the_business(app: Any, people: People, settings: Settings) -> None:
    key = make(settings, str(people.tenant.uuid), "Shop", "VIEW_CONVERSATIONS", "--days", "30").stdout.strip()
    found = Client(app, headers={"X-API-Key": key}).get("/chat/api/tenants/tnt_default")
    assert found["data"]["name"] == "Bakery"


def test_what_is_wrong_is_one_sentence(app: Any, people: People, settings: Settings) -> None:
    for words in ((str(people.tenant.uuid), "Shop", "VIEW_CONVERSATIONS", "--days", "0"),
                  (str(people.tenant.uuid), "", "VIEW_CONVERSATIONS"), ("bakery", "Shop", "VIEW_CONVERSATIONS")):
        done = make(settings, *words)
        assert done.returncode == 2 and done.stderr.count("\n") == 1 and not done.stdout
