"""Sentry, where there is one, hears of every breakdown, and of nothing that somebody said or keeps secret."""

import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from scripts.options import ROOT
from tests.fakes import site as sites
from tests.waits import STUCK_S

CANARY = "canary-4711-and-more"
_WEB = """
import os, sentry_sdk
from hub import create_app
from hub.models import migrate
from hub.settings import Settings
settings = Settings.load(os.environ)
migrate.upgrade(settings)
app = create_app(settings)
from hub.services.accounts import login
def broken(*given, **more):
    canary = given
    raise RuntimeError("The wheel came off.")
login.check_password = broken
print(app.test_client().post("/api/auth/login?token=CANARY", json={"email": "a@b.example", "password": "CANARY"},
      headers={"Authorization": "Bearer CANARY", "X-Admin-Token": "CANARY"}).status_code)
sentry_sdk.flush()
"""
_JOB = """
import os, sentry_sdk
from hub.settings import Settings
from hub.services.start import start
start(Settings.load(os.environ))
import structlog
def work(password):
    try:
        raise RuntimeError("The wheel came off.")
    except RuntimeError:
        structlog.get_logger("t").exception("job.failed", job=7, api_key=password)
    structlog.get_logger("t").warning("nothing.much", api_key=password)
work("CANARY")
sentry_sdk.flush()
"""


@pytest.mark.parametrize(("program", "event"), [(_WEB, "request.failed"), (_JOB, "job.failed")])
def test_an_error_of_ours_is_reported_once_and_without_anything_secret(
        redis_url: str, tmp_path: Path, program: str, event: str) -> None:
    with sites.running() as sentry:
        env = {**os.environ, "APP_ENV": "test", "DATABASE_URL": f"sqlite:///{tmp_path}/hub.db", "REDIS_URL": redis_url,
               "DATA_DIR": str(tmp_path), "SESSION_SECRET": "s" * 40,
               "SENTRY_DSN": sentry.url.replace("http://", "http://public@") + "/1"}
        done = subprocess.run([sys.executable, "-c", program.replace("CANARY", CANARY)], cwd=ROOT, env=env, text=True,
                              capture_output=True, timeout=STUCK_S)
        assert done.returncode == 0, done.stderr
    assert "500" in done.stdout or program is _JOB
    reports = [zlib.decompress(body, 31).decode() for body in sentry.posted]
    assert len(reports) == 1 and "The wheel came off." in reports[0] and event in reports[0]
    assert CANARY not in reports[0] and "a@b.example" not in reports[0] and CANARY not in done.stdout
