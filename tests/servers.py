"""Real servers for the tests: each a context manager that gives the URL of a fresh Redis, Postgres or Chroma.

When TEST_REDIS_URL, TEST_DATABASE_URL or TEST_CHROMA_URL is set, that server is used and nothing is started.
"""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg2

from scripts import probes
from scripts import redis_server as redis
from scripts.options import ROOT
from scripts.process import die_with
from tests.waits import STUCK_S, until

_PASSWORD = "parley-tests"
# Nobody needs a test's rows after a power cut.
_CARELESS = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "autovacuum=off"]

# A unit of the suite has its own range (scripts/units.py); a pytest by itself begins anywhere below 20,000.
_ports = itertools.count(int(os.environ.get("TEST_PORTS") or 10_000 + os.getpid() % 9_000))


def free_port() -> int:
    """A loopback port that nobody uses, and that this process has not given away before."""
    return next(port for port in _ports if not probes.port_problem(port))


@contextmanager
def redis_server() -> Iterator[str]:
    """A `redis://` URL."""
    if told := os.environ.get("TEST_REDIS_URL"):
        yield told
        return
    with redis_on(free_port()) as url:
        yield url


@contextmanager
def redis_on(port: int, stop: signal.Signals = signal.SIGTERM) -> Iterator[str]:
    """An empty Redis on that very port, whatever is set; what it held is gone with it."""
    with _folder() as folder:
        server = redis.on_port(folder, port)
        with _running(server.argv, lambda: probes.redis_says(server.url, "PING"), stop=stop):
            yield server.url


@contextmanager
def chroma_server() -> Iterator[str]:
    """An `http://` URL."""
    if told := os.environ.get("TEST_CHROMA_URL"):
        yield told
        return
    with _folder() as folder:
        port = free_port()
        argv = [sys.executable, "-m", "scripts.chroma_server", "--path", str(folder), "--host", "127.0.0.1",
                "--port", str(port)]
        url = f"http://127.0.0.1:{port}"
        with _running(argv, lambda: probes.http_ok(f"{url}/api/v2/heartbeat")):
            yield url


@contextmanager
def postgres_server(durable: bool = False) -> Iterator[str]:
    """A `postgres://` URL with a password, of an empty database; `durable`: with Postgres' own defaults, to measure it.

    Raises FileNotFoundError without Postgres.
    """
    if told := os.environ.get("TEST_DATABASE_URL"):
        yield told
        return
    _programs()
    with _folder() as folder:
        init_postgres(folder)
        with postgres_on(folder, free_port(), "-c", "max_connections=400", *([] if durable else _CARELESS)) as url:
            yield url


def init_postgres(folder: Path) -> None:
    """An empty cluster in the folder `db` of this one."""
    user = _someone_else()
    if user:
        shutil.chown(folder, user)
    _init(_programs(), folder, user)


@contextmanager
def postgres_on(folder: Path, port: int, *options: str, stop: signal.Signals = signal.SIGINT) -> Iterator[str]:
    """The cluster that `init_postgres` made there, on that very port; SIGQUIT and SIGKILL end it as a crash does."""
    url = f"postgres://parley:{_PASSWORD}@127.0.0.1:{port}/postgres"
    argv = [str(_programs() / "postgres"), "-D", str(folder / "db"), "-p", str(port), "-c",
            "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", *options]
    with _running(argv, lambda: _answers(url), user=_someone_else(), stop=stop):
        yield url


def _programs() -> Path:
    programs = postgres_programs()
    if programs is None:
        raise FileNotFoundError("there is no Postgres here (no initdb on PATH nor in /usr/lib/postgresql)")
    return programs


@contextmanager
def empty_database(like: str, folder: Path) -> Iterator[str]:
    """A new database of the kind `like` names: a file in a new folder inside `folder`, or one on that server."""
    if like.startswith("sqlite:"):
        yield f"sqlite:///{folder}/new/hub.db"
        return
    with fresh_database(like) as url:
        yield url


@contextmanager
def fresh_database(url: str) -> Iterator[str]:
    """A database of its own on the Postgres at `url`, gone afterwards."""
    name = f"parley_{uuid4().hex}"
    _tell(url, f"CREATE DATABASE {name}")
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        _tell(url, f"DROP DATABASE {name} WITH (FORCE)")


def _tell(url: str, statement: str) -> None:
    link = psycopg2.connect(url)
    link.autocommit = True      # a database cannot be made inside a transaction
    with link.cursor() as cursor:
        cursor.execute(statement)
    link.close()


def postgres_programs() -> Path | None:
    """The folder with initdb and postgres, the newest there is; None when there is none."""
    found = shutil.which("initdb")
    if found and (Path(found).resolve().parent / "postgres").exists():
        return Path(found).resolve().parent
    packaged = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(packaged, key=lambda path: float(path.parent.name), default=None)


def _someone_else() -> str | None:
    """Postgres refuses to run as root: then it runs as its own user, or as nobody."""
    if os.geteuid() != 0:
        return None
    import pwd
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _init(programs: Path, folder: Path, user: str | None) -> None:
    secret = folder / "password"
    secret.write_text(_PASSWORD)
    if user:
        shutil.chown(secret, user)
    done = subprocess.run(
        [str(programs / "initdb"), "-D", str(folder / "db"), "-U", "parley", "--pwfile", str(secret),
         "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"],
        user=user, group=_group(user), extra_groups=[] if user else None, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"initdb failed: {done.stderr.strip() or done.stdout.strip()}")


def _group(user: str | None) -> int | None:
    import pwd
    return pwd.getpwnam(user).pw_gid if user else None


def _answers(url: str) -> bool:
    try:
        psycopg2.connect(url, connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="parley-test-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def _running(argv: Sequence[str], ready: Callable[[], bool], user: str | None = None,
             stop: signal.Signals = signal.SIGTERM) -> Iterator[None]:
    """The program, from when it answers until the end of the block. It dies with us, too."""
    me = os.getpid()
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(argv, cwd=ROOT if user is None else "/", stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=log, user=user, group=_group(user), extra_groups=[] if user else None,
                                   start_new_session=True, preexec_fn=lambda: die_with(me))
        try:
            deadline = time.monotonic() + STUCK_S
            while not ready():
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise RuntimeError(f"{argv[0]} did not start: {log.read()[-2000:]}")
                time.sleep(0.05)
            yield
        finally:
            if stop == signal.SIGKILL and process.poll() is None:
                # A power cut takes the children along; else they keep the shared memory, and the next one cannot start.
                _kill_children(process.pid)
            process.send_signal(stop)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _kill_children(pid: int) -> None:
    """SIGKILL for all of them, while their parent stands still and so starts no other; they are gone afterwards."""
    os.kill(pid, signal.SIGSTOP)
    children = [child for task in Path(f"/proc/{pid}/task").iterdir()
                for child in (task / "children").read_text().split()]
    for child in children:
        os.kill(int(child), signal.SIGKILL)
    until(lambda: {_state(child) for child in children} <= {"Z", "X"}, lambda: f"some of {children} do not die")


def _state(pid: str) -> str:
    """One letter of proc(5); X for a process that is no more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "X"
