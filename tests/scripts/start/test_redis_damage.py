"""A Redis whose files are damaged is started empty by the supervisor, with one line that says so."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts import probes, redis_server
from scripts.supervisor import Child, Supervisor
from tests.waits import until


def _zeros(aof: Path) -> None:
    aof.write_bytes(aof.read_bytes() + bytes(4096))


def _noise(aof: Path) -> None:
    """In the middle, where commands are."""
    whole = bytearray(aof.read_bytes())
    middle = len(whole) // 2
    whole[middle:middle + 400] = b"\xff\x00garbage!" * 40
    aof.write_bytes(whole)


def _cut(aof: Path) -> None:
    aof.write_bytes(aof.read_bytes()[:-3])


def _nonsense(aof: Path) -> None:
    aof.write_bytes(b"this is no log of commands\r\n" * 100)


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """The supervisor takes signals for itself: they are given back."""
    before = {number: signal.getsignal(number) for number in
              (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    signal.set_wakeup_fd(-1)
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A Redis folder with a thousand keys in it; short, because of the socket."""
    server = redis_server.on_socket(tmp_path)
    with subprocess.Popen(server.argv, stdout=subprocess.DEVNULL) as running:
        until(lambda: probes.redis_says(server.url, "PING"), lambda: "Redis did not start")
        for number in range(300):
            probes.redis_ask(server.url, "SET", f"key-{number}", "value " * 10)
        running.terminate()
    yield tmp_path


def aof(folder: Path) -> Path:
    """The file of commands, whatever the version calls it."""
    return max((path for path in folder.rglob("appendonly*") if path.is_file() and "manifest" not in path.name),
               key=lambda path: path.stat().st_size)


@pytest.mark.parametrize(("harm", "is_kept"), [(_zeros, False), (_noise, False), (_nonsense, False), (_cut, True)])
def test_damaged_files_are_set_aside_and_redis_starts(
        folder: Path, harm: Callable[[Path], None], is_kept: bool, capfd: pytest.CaptureFixture[str]) -> None:
    harm(aof(folder))
    server = redis_server.on_socket(folder)
    ran: list[Supervisor] = []
    child = Child("redis", server.argv, quiet=True, repair=lambda lines: redis_server.set_aside(folder, lines),
                  ready=lambda pid: probes.redis_says(server.url, "PING"))

    def up() -> None:
        ran.append(supervisor)
        assert probes.redis_says(server.url, "EXISTS", "key-1") is is_kept
        assert probes.redis_ask(server.url, "SET", "new", "1") == "+OK"
        supervisor._asked_to_stop(15, None)

    supervisor = Supervisor([child], folder, up)
    assert supervisor.run() == 0 and ran
    said = capfd.readouterr().out
    assert said.count("damaged and were set aside") == (0 if is_kept else 1)
    assert (folder / "damaged").exists() is not is_kept


@pytest.mark.parametrize("lines", [[], ["Failed opening Unix socket: bind: Address already in use"]])
def test_another_reason_moves_no_file(folder: Path, lines: list[str]) -> None:
    assert redis_server.set_aside(folder, lines) == "" and aof(folder).exists()


def test_without_files_there_is_nothing_to_set_aside(tmp_path: Path) -> None:
    assert redis_server.set_aside(tmp_path, ["Bad file format reading the append only file"]) == ""
