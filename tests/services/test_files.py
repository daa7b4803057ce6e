"""Uploaded files: streamed to disk, known by their content, nobody else's to read, gone with their owner."""

import hashlib
import io
import os
import stat
import time
from pathlib import Path
from typing import Any

import pytest
import time_machine

from hub.errors import BadInput, NotFound, TooLarge, Unauthorized
from hub.models.base import db
from hub.models.platform.file import File, FileKind
from hub.services import files
from tests.factories import People

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100


def stored(people: People, data: bytes = b"Hello", kind: FileKind = FileKind.ATTACHMENT, name: str = "a.txt") -> File:
    return files.store(people.tenant, kind, name, io.BytesIO(data))


def content(file: File) -> bytes:
    with files.opened(File.get_by_id(file.id)) as opened:
        return opened.read()


def on_disk(settings: Any) -> list[Path]:
    return sorted(path for path in Path(settings.data_dir).glob("files/*/*/*"))


@pytest.fixture(autouse=True)
def _empty(settings: Any) -> None:
    for path in on_disk(settings):
        path.unlink()


def test_it_lies_in_its_businesses_folder_under_its_hash_for_nobody_else_to_read(people: People, settings: Any) -> None:
    file = stored(people, b"Hello")
    (path,) = on_disk(settings)
    digest = hashlib.sha256(b"Hello").hexdigest()
    assert path.parts[-3:] == (str(people.tenant.uuid), digest[:2], digest)
    assert (file.sha256, file.size, file.mime, file.name, bytes(file.data)) == (digest, 5, "text/plain", "a.txt", b"")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in list(path.parents)[:3]} == {0o700}
    assert content(file) == b"Hello"


class Slow(io.RawIOBase):
    """A hundred megabytes that exist only as they are read; `most` is the largest piece that was asked for."""

    def __init__(self) -> None:
        self.left, self.most = 100 << 20, 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0, "never all at once"
        self.most = max(self.most, size)
        size = min(size, self.left)
        self.left -= size
        return b"x" * size


def test_a_large_file_is_read_in_pieces_and_no_further_than_it_may_be(people: People, settings: Any) -> None:
    endless: Any = Slow()
    with pytest.raises(TooLarge):
        files.store(people.tenant, FileKind.ATTACHMENT, "a.bin", endless)
    assert endless.most <= 1 << 20 and endless.left > 75 << 20
    assert on_disk(settings) == [] and File.select().count() == 0


@pytest.mark.parametrize(("kind", "most"), [(FileKind.PICTURE, 5 << 20), (FileKind.ATTACHMENT, 20 << 20)])
def test_each_kind_has_its_own_limit(people: People, kind: FileKind, most: int) -> None:
    assert stored(people, PNG.ljust(most, b"X"), kind).size == most
    with pytest.raises(TooLarge):
        stored(people, PNG.ljust(most + 1, b"x"), kind)


@pytest.mark.parametrize("data", [b"<svg onload='alert(1)'>", b"<html>", b"%PDF-1.7", b"GIF", b"hello"])
def test_only_pictures_are_pictures(people: People, data: bytes) -> None:
    with pytest.raises(BadInput):
        stored(people, data, FileKind.PICTURE, "photo.png")


def test_an_empty_file_is_none(people: People) -> None:
    with pytest.raises(BadInput):
        stored(people, b"")


def test_the_same_bytes_lie_there_once_and_until_the_last_row_is_gone(people: People, settings: Any) -> None:
    first, second = stored(people), stored(people)
    elsewhere = files.store(people.other, FileKind.ATTACHMENT, "b.txt", io.BytesIO(b"Hello"))
    assert len(on_disk(settings)) == 2, "one for each business"
    files.remove(first)
    assert content(second) == b"Hello"
    files.remove(second)
    assert len(on_disk(settings)) == 1 and content(elsewhere) == b"Hello"


def test_without_a_shared_folder_they_lie_in_the_database(people: People, settings: Any, use: Any) -> None:
    before = stored(people, b"on disk")
    use(files_in_database=True)
    file = stored(people, b"in the row")
    assert [path.read_bytes() for path in on_disk(settings)] == [b"on disk"]
    assert (content(file), content(before)) == (b"in the row", b"on disk")


def test_what_an_earlier_release_kept_in_the_row_is_still_read(people: People) -> None:
    mark = db.param
    file = File.create(tenant=people.tenant, name="old.md", mime="text/markdown", size=3, sha256="0" * 64, data=b"old")
    db.execute_sql(f"UPDATE file SET on_disk = 0 WHERE id = {mark}", (file.id,))
    assert content(file) == b"old"


def test_a_file_that_the_folder_lacks_says_so(people: People, settings: Any) -> None:
    file = stored(people)
    on_disk(settings)[0].unlink()
    with pytest.raises(NotFound, match="DATA_DIR/files must be shared"):
        content(file)


def address(file: File, **more: Any) -> dict[str, str]:
    path, _, query = files.url(file, **more).partition("?")
    return {"uuid": path.rpartition("/")[2], **dict(part.split("=") for part in query.split("&"))}


def test_an_address_opens_its_file_for_a_while_and_stays_the_same(people: People) -> None:
    file = stored(people)
    with time_machine.travel("2026-03-01T10:00:00Z", tick=False) as traveller:
        one = address(file)
        traveller.shift(600)
        assert address(file) == one and files.by_address(**one).id == file.id
        traveller.shift(2 * 3600)
        with pytest.raises(Unauthorized):
            files.by_address(**one)


@pytest.mark.parametrize("change", [
    {"expires": "99999999999"}, {"expires": ""}, {"expires": "-1"}, {"expires": "1e12"}, {"expires": "²"},
    {"signature": ""}, {"signature": "0" * 64}, {"signature": "é"}, {"uuid": "x"},
    {"uuid": "01a21ec9-1450-7653-a49c-0e5b1b83efb3"}])
def test_no_other_address_opens_it(people: People, change: dict[str, str]) -> None:
    with pytest.raises(Unauthorized):
        files.by_address(**{**address(stored(people)), **change})


def test_what_a_killed_process_left_behind_is_tidied_away_and_nothing_else(people: People, settings: Any) -> None:
    file = stored(people)
    folder = on_disk(settings)[0].parent
    young, lost = folder / ("1" * 64), folder / ("0" * 64)
    incoming = Path(settings.data_dir) / "files" / "incoming" / "00" / "tmpabc"
    for path in (young, lost, incoming):
        path.write_bytes(b"x")
    for path in (lost, incoming):
        os.utime(path, (time.time() - 2 * 86400,) * 2)
    os.utime(folder / str(file.sha256), (time.time() - 2 * 86400,) * 2)
    assert files.tidy() == 2
    assert not lost.exists() and not incoming.exists() and young.exists() and content(file) == b"Hello"


def test_a_picture_is_kept_without_where_it_was_taken(people: People) -> None:
    """Which bytes those are is seen in tests/lib/test_picture_bytes.py."""
    told = b"\xff\xd8\xff\xe1\x00\x0fExif\x00\x00GPS 55 \xff\xda\x00\x02picture\xff\xd9"
    clean = b"\xff\xd8\xff\xda\x00\x02picture\xff\xd9"
    for kind in (FileKind.PICTURE, FileKind.ATTACHMENT):
        file = stored(people, told, kind, "me.jpg")
        assert (content(file), file.size, file.sha256) == (clean, len(clean), hashlib.sha256(clean).hexdigest())
    with pytest.raises(BadInput) as caught:
        stored(people, b"\xff\xd8" + b"\xff\xfe\x00\x02" * 60_000, FileKind.PICTURE)
    assert caught.value.code == "UNSUPPORTED_FORMAT"
