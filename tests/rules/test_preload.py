"""Web processes are copies of one that loaded the application: loading it must not open or start anything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waits import STUCK_S

_LOOK = """
from gevent import monkey
monkey.patch_all()
import gc, os
import app
from gevent import Greenlet
names = [os.readlink(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")
         if os.path.lexists(f"/proc/self/fd/{number}")]
print([name for name in names if name.startswith("socket:") or ".db" in name],
      [item for item in gc.get_objects() if isinstance(item, Greenlet)])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_loading_the_application_opens_no_connection_and_starts_no_greenlet(root: Path, tmp_path: Path) -> None:
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/hub.db", "SESSION_SECRET": "x" * 40,
           "REDIS_URL": "redis://127.0.0.1:1/0", "CHROMA_URL": "http://127.0.0.1:1", "DATA_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", _LOOK], cwd=root, env=env, capture_output=True, text=True,
                          timeout=STUCK_S)
    assert (done.stdout, done.returncode) == ("[] []\n", 0), done.stderr
    assert not (tmp_path / "hub.db").exists()
