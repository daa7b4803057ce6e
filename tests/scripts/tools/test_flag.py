"""Flags from the command line: what is switched is shown; what cannot be used is one sentence."""

import subprocess
import sys
from typing import Any

from hub.access import flags
from hub.access.flags import Flag
from hub.settings import Settings
from tests.factories import People
from tests.scripts.trees import ROOT, clean
from tests.waits import STUCK_S


def flag(settings: Settings, *words: str, **more: str) -> Any:
    env = clean(DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url, DATA_DIR=settings.data_dir,
                SESSION_SECRET=settings.session_secret, **more)
    return subprocess.run([sys.executable, "-m", "scripts.flag", *words], cwd=ROOT, text=True, capture_output=True,
                          env=env, timeout=STUCK_S)


def states(done: Any) -> dict[str, str]:
    assert done.returncode == 0, done.stderr
    return {line.split()[0]: line.split()[1] for line in done.stdout.splitlines()}


def test_a_flag_is_switched_for_one_business_and_for_all(app: Any, people: People, settings: Settings) -> None:
    ours = str(people.tenant.uuid)
    assert states(flag(settings)) == {"RAG_ENABLED": "on", "AI_SUGGESTIONS_ENABLED": "on"}
    assert states(flag(settings, "RAG_ENABLED", "off", "--business", ours))["RAG_ENABLED"] == "off"
    assert states(flag(settings))["RAG_ENABLED"] == "on"
    assert (flags.on(Flag.RAG, people.tenant), flags.on(Flag.RAG, people.other)) == (False, True)
    assert states(flag(settings, "AI_SUGGESTIONS_ENABLED", "off"))["AI_SUGGESTIONS_ENABLED"] == "off"


def test_the_environment_is_named_where_it_decides(app: Any, settings: Settings) -> None:
    done = flag(settings, "RAG_ENABLED", "on", FEATURE_RAG_ENABLED="false")
    assert states(done)["RAG_ENABLED"] == "off" and "FEATURE_RAG_ENABLED says so" in done.stdout


def test_a_business_that_is_none_is_one_sentence(app: Any, settings: Settings) -> None:
    nobody = "00000000-0000-4000-8000-000000000001"
    for words in (["RAG_ENABLED", "on", "--business", "bakery"], ["--business", nobody]):
        done = flag(settings, *words)
        assert done.returncode == 2 and done.stderr == f"There is no business {words[-1]}.\n"
