"""python app.py as a person starts it: refusals in one sentence, and (slow) the whole of Parley, up and gone again."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.scripts.trees import ROOT, Started, Tree, clean, describe, lines
from tests.waits import STUCK_S, until


LOOPBACK = "0100007F"       # 127.0.0.1, as /proc/net/tcp writes it


def refused(*arguments: str, **env: str) -> str:
    """The one sentence with which the start is refused."""
    done = subprocess.run([sys.executable, "app.py", *arguments], cwd=ROOT, text=True, capture_output=True,
                          env=clean(**env), timeout=STUCK_S)
    assert done.returncode == 2, done
    assert done.stderr.count("\n") == 1 and "Traceback" not in done.stderr, done.stderr
    return done.stderr.strip()


def test_a_port_that_is_taken_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        for way in (refused("--port", port, "--data", str(tmp_path)), refused("--data", str(tmp_path), PORT=port)):
            assert way.startswith(f"Port {port} is already in use;")


def test_a_data_folder_that_cannot_be_written_is_refused() -> None:
    assert refused("--data", "/proc/parley").startswith("Cannot write to /proc/parley: ")


def test_a_redis_that_is_not_there_is_refused(tmp_path: Path) -> None:
    said = refused("--data", str(tmp_path), REDIS_URL="redis://:hidden@127.0.0.1:1/0")
    assert said == "REDIS_URL: no Redis answers at 127.0.0.1:1 (Connection refused)."


@pytest.mark.parametrize(("url", "sentence"), [
    ("mysql://u@h/d", "DATABASE_URL must begin with sqlite:/// or postgres://."),
    ("postgres://u:hidden@127.0.0.1:1/d", "DATABASE_URL: no Postgres answers at 127.0.0.1:1."),
])
def test_a_wrong_database_is_refused_and_leaves_nothing_running(tmp_path: Path, url: str, sentence: str) -> None:
    with Tree("app.py", "--port", "0", "--data", tmp_path / "data", log=tmp_path / "log", DATABASE_URL=url) as tree:
        assert tree.ends() == 2
        tree.leaves_nothing()
    assert [line for line in lines(tree.log) if " | " not in line] == [sentence]


def test_importing_the_supervisor_brings_in_nothing_of_the_hub() -> None:
    heavy = "import sys, scripts.stack; print(*sorted({'flask', 'hub', 'redis', 'peewee', 'ssl'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", heavy], cwd=ROOT, text=True, capture_output=True, check=True)
    assert done.stdout.strip() == ""


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """What to set so that Parley uses a database of the kind that the suite runs on."""
    with servers.empty_database(database_url, tmp_path) as own:
        yield {} if own.startswith("sqlite:") else {"DATABASE_URL": own}


def get(url: str) -> int:
    """The status, 0 when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=STUCK_S) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.slow
def test_everything_starts_and_nothing_stays(tmp_path: Path, database: dict[str, str]) -> None:
    _starts_and_ends(tmp_path, database, signal.SIGTERM)


@pytest.mark.slow
def test_nothing_stays_even_when_it_is_killed(tmp_path: Path) -> None:
    """Which database it is makes no difference here, so this does not ask for it."""
    _starts_and_ends(tmp_path, {}, signal.SIGKILL)


def _starts_and_ends(folder: Path, database: dict[str, str], signum: signal.Signals) -> None:
    with Started(folder, database) as started:
        ready = started.ready()
        assert set(ready) == {"hub", "shop", "site", "owner", "operator", "docs"}
        for url in (f"{ready['hub']}/health", ready["docs"], ready["shop"]):
            assert get(url) == 200
        memory = Path(f"/proc/{started.tree.root.pid}/status").read_text().split("VmRSS:")[1].split()[0]
        assert int(memory) < 20_480, "the supervisor itself must stay small"
        assert started.tree.ports() == {LOOPBACK}, "whatever it starts is reached from this machine alone"
        started.stop(signum)
        assert signum == signal.SIGKILL or not started.ready_file.exists()


@pytest.mark.slow
def test_what_is_killed_comes_back_until_it_is_interrupted(tmp_path: Path) -> None:
    """Which database it is makes no difference here, either."""
    with Started(tmp_path, {}) as started:
        health = f"{started.ready()['hub']}/health"
        for words in ("gunicorn app:app", "redis-server", "jobs.worker"):
            victim = min(pid for pid in started.tree.pids() if words in describe(pid))
            os.kill(victim, signal.SIGKILL)
            until(lambda: victim not in started.tree.pids(), started.tree.text)
            until(lambda: any(words in describe(pid) for pid in started.tree.pids()), started.tree.text)
        until(lambda: get(health) == 200, started.tree.text)
        started.stop(signal.SIGINT)
        assert not started.ready_file.exists()
    assert len([line for line in lines(started.tree.log) if "starting again in 1 s" in line]) == 3
