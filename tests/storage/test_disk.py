"""The disk is full: callers are told so, what was accepted is kept, and all goes on by itself once there is room."""

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hub.services.platform import storage
from hub.settings import Settings
from tests import factories
from tests.client import Client, Visitor
from tests.factories import People
from tests.storage.postgres import Postgres
from tests.live import hub as running_hub
from tests.live.hub import Hub
from tests.live.hub import Visitor as Page
from tests.waits import STUCK_S, until

_FULL = "The disk is full: nothing can be stored until there is room again."
_DISK = "160m"


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """No file of this process may grow beyond so many bytes: to a program that is as a disk without room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _room_above_the_database(settings: Settings) -> int:
    """What no_file_above may be given so that the database still has room."""
    database = Path(settings.database_url.removeprefix("sqlite:///"))
    held = max((file.stat().st_size for file in database.parent.glob(f"{database.name}*")), default=0)
    return held + 4_000_000


def test_an_upload_that_finds_no_room_is_refused_in_words_and_the_chat_goes_on(
        people: People, alice: Client, app: Any, use: Any, settings: Settings) -> None:
    visitor = Visitor(app, str(factories.make_site(people.tenant).token))
    visitor.say("Before")
    room = _room_above_the_database(settings)
    use(max_upload_bytes=2 * room)
    body = (b'--part\r\nContent-Disposition: form-data; name="file"; filename="prices.txt"\r\n\r\n'
            + b"Bread costs two euros.\n" * (room // 20) + b"\r\n--part--\r\n")

    def upload(expect: int) -> Any:
        return alice.call("POST", "/api/knowledge-docs/upload", data=body, expect=expect,
                          content_type="multipart/form-data; boundary=part")

    with no_file_above(room):
        refused = upload(503)
        error = refused.get_json()["error"]
        assert (error["code"], error["message"]) == ("disk_full", _FULL) and int(refused.headers["Retry-After"]) > 0
        visitor.say("Is anybody there?")
        assert alice.get("/api/knowledge-docs") == []
    upload(201)
    assert len(visitor.lines()) == 2


def test_a_data_folder_without_room_is_told(client: Client, monkeypatch: pytest.MonkeyPatch,
                                            settings: Settings) -> None:
    """The database may lie on another disk."""
    room = _room_above_the_database(settings)
    monkeypatch.setattr(storage, "_rows", lambda: "")
    for size, expect in ((room + 1, {"ok": False, "message": _FULL}), (room, {"ok": True})):
        monkeypatch.setattr(storage, "_written", float("-inf"))
        monkeypatch.setattr(storage, "_BYTES", size)
        with no_file_above(room):
            assert client.get("/ready", 200 if expect["ok"] else 503)["checks"]["storage"] == expect


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a disk")
    for folder in (disk, *tmp_path.parents[:2], tmp_path):      # the database's own user goes through them
        folder.chmod(0o755)
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.fixture
def full_hub(disk: Path, tmp_path: Path) -> Iterator[tuple[Hub, Postgres]]:
    (disk / "postgres").mkdir()
    postgres = Postgres(disk / "postgres", "-c", "max_connections=60")
    postgres.start()
    with running_hub.running(tmp_path / "hub", postgres.url) as hub:
        yield hub, postgres
    postgres.kill()


@pytest.mark.slow
@pytest.mark.postgres
def test_a_postgres_without_room_refuses_in_words_and_what_was_accepted_is_there_afterwards(
        full_hub: tuple[Hub, Postgres], disk: Path) -> None:
    hub, postgres = full_hub
    page = Page(hub, hub.business("bakery", "shop.example").site)
    accepted = [page.say("Before")["id"]]
    filler = disk / "filler"
    _fill(filler)

    def refused() -> bool:
        answer = page.http.post("/widget/messages", json={"clientId": f"long-{len(accepted):06d}", "text": "я" * 4000})
        if answer.status_code == 201:
            accepted.append(answer.json()["message"]["id"])
            return False
        assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0, answer.text
        return True

    until(refused, lambda: "the disk is not full")
    until(lambda: _storage(hub)["ok"] is False, lambda: "it says that it is ready")
    assert "full" in _storage(hub)["message"] or "does not answer" in _storage(hub)["message"]
    filler.unlink()
    until(lambda: _storage(hub)["ok"], lambda: "it does not recover")
    page.say("After", patience_s=STUCK_S)
    kept = {str(uuid) for (uuid,) in postgres.run("SELECT uuid FROM message")}
    assert set(accepted) <= kept


def _fill(filler: Path) -> None:
    with pytest.raises(OSError, match="No space left"), open(filler, "wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)


def _storage(hub: Hub) -> dict[str, Any]:
    answer = httpx2.get(f"{hub.url}/ready", timeout=STUCK_S)
    found: dict[str, Any] = answer.json()["checks"]["storage"]
    return found
