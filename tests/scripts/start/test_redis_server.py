"""Which redis-server we start, and where it listens."""

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts import StartError, redis_server


@dataclass
class Machine:
    """What redis-server there is: on PATH, and in our environment."""

    path: Path
    environment: Path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with neither."""
    here = Machine(tmp_path / "path", tmp_path / "environment" / "bin")
    here.path.mkdir()
    here.environment.mkdir(parents=True)
    monkeypatch.setenv("PATH", str(here.path))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "environment"))
    return here


def install(folder: Path, version: str) -> str:
    program = folder / "redis-server"
    program.write_text(f"#!/bin/sh\necho 'Redis server v={version} sha=00000000:0 malloc=jemalloc bits=64'\n")
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize("version", ["6.2.0", "7.0.15", "10.1.2"])
def test_it_takes_the_system_redis_when_it_is_new_enough(machine: Machine, version: str) -> None:
    install(machine.environment, "6.2.14")
    system = install(machine.path, version)
    assert redis_server.program() == system


@pytest.mark.parametrize("version", ["5.0.7", "6.0.16", "none"])
def test_it_takes_the_bundled_one_when_the_system_redis_is_too_old(machine: Machine, version: str) -> None:
    install(machine.path, version)
    bundled = install(machine.environment, "6.2.14")
    assert redis_server.program() == bundled


@pytest.mark.usefixtures("machine")
def test_it_says_what_to_do_when_there_is_none() -> None:
    with pytest.raises(StartError, match=r"no redis-server 6\.2 or newer here: install one .* or set REDIS_URL"):
        redis_server.program()


def test_it_keeps_every_job_and_listens_on_no_port(tmp_path: Path) -> None:
    server = redis_server.on_socket(tmp_path / "redis")
    words = " ".join(server.argv)
    assert "--port 0" in words and "--unixsocketperm 700" in words
    assert "--appendonly yes" in words and "--maxmemory-policy noeviction" in words
    assert server.url == f"unix://{tmp_path}/redis/redis.sock?db=0"
    assert server.scratch is None


def test_a_path_that_is_too_long_for_a_socket_gets_a_short_one(tmp_path: Path) -> None:
    server = redis_server.on_socket(tmp_path / ("папка" * 20))
    assert server.scratch is not None
    try:
        assert server.scratch.stat().st_mode & 0o777 == 0o700
        assert server.argv[server.argv.index("--unixsocket") + 1] == str(server.scratch / "redis.sock")
        assert len(str(server.scratch / "redis.sock").encode()) <= 107
        assert server.argv[server.argv.index("--dir") + 1] == str(tmp_path / ("папка" * 20))
    finally:
        server.scratch.rmdir()


def test_the_address_survives_blanks_and_russian_in_the_path(tmp_path: Path) -> None:
    server = redis_server.on_socket(tmp_path / "Мои документы")
    assert " " not in server.url and server.url.startswith("unix:///")
