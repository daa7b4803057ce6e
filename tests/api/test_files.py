"""GET /files/<id>: whoever has the address sees the picture or saves the file; nothing in it ever runs."""

import io
from pathlib import Path
from typing import Any

import pytest

from hub.models.platform.file import File, FileKind
from hub.services import files
from tests.api.callers import code
from tests.client import Client
from tests.factories import People

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))


def stored(people: People, data: bytes, name: str = "a.txt") -> File:
    return files.store(people.tenant, FileKind.ATTACHMENT, name, io.BytesIO(data))


@pytest.mark.parametrize(("data", "mime"), [(PNG, "image/png"), (b"GIF89a123", "image/gif"),
                                            (b"\xff\xd8\xff\xe0123", "image/jpeg"),
                                            (b"RIFF\x08\x00\x00\x00WEBPVP8 ", "image/webp")])
def test_a_picture_is_shown(client: Client, people: People, data: bytes, mime: str) -> None:
    answer = client.call("GET", files.url(stored(people, data, "cat.txt")), expect=200)
    assert (answer.data, answer.mimetype) == (data, mime)
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"


@pytest.mark.parametrize(("data", "mime"), [
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "application/octet-stream"),
    (b"<?xml version='1.0'?><svg onload='alert(1)'/>", "application/octet-stream"),
    (b"<!DOCTYPE html><script>alert(1)</script>", "application/octet-stream"),
    (b"\xef\xbb\xbf  <HTML>", "application/octet-stream"), (b"plain words", "application/octet-stream"),
    (b"%PDF-1.7 x", "application/pdf"), (b"PK\x03\x04", "application/octet-stream")])
def test_everything_else_is_saved(client: Client, people: People, data: bytes, mime: str) -> None:
    answer = client.call("GET", files.url(stored(people, data, "photo.png")), expect=200)
    assert (answer.data, answer.mimetype) == (data, mime)
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_bytes_that_became_something_else_are_not_shown(client: Client, people: People, settings: Any) -> None:
    file = stored(people, PNG, "photo.png")
    (path,) = Path(settings.data_dir).glob(f"files/{people.tenant.uuid}/*/{file.sha256}")
    path.write_bytes(b"<svg onload='alert(1)'/>")
    assert client.call("GET", files.url(file), expect=200).headers["Content-Disposition"].startswith("attachment")
    path.write_bytes(PNG)


@pytest.mark.parametrize("name", ["кот.png", 'a"b.png', "a\r\nSet-Cookie: x=1.png", "../../etc/passwd", "a;b.png"])
def test_any_name_is_one_header(client: Client, people: People, name: str) -> None:
    answer = client.call("GET", files.url(stored(people, PNG, name)), expect=200)
    assert "\n" not in answer.headers["Content-Disposition"] and "Set-Cookie" not in answer.headers


def test_part_of_a_file_and_one_that_is_known_already(client: Client, people: People) -> None:
    address = files.url(stored(people, PNG))
    part = client.call("GET", address, headers={"Range": "bytes=0-3"}, expect=206)
    assert part.data == PNG[:4]
    mark = client.call("GET", address, expect=200).headers["ETag"]
    assert client.call("GET", address, headers={"If-None-Match": mark}, expect=304).data == b""


def test_without_its_signature_there_is_nothing_to_see(client: Client, people: People) -> None:
    address = files.url(stored(people, PNG))
    for wrong in (address.partition("?")[0], address[:-1], address.replace("expires=", "expires=1"), "/files/x?a=b"):
        assert code(client.call("GET", wrong, expect=401)) == "address_expired"


def test_a_file_that_was_removed_is_gone(client: Client, people: People) -> None:
    file = stored(people, PNG)
    address = files.url(file)
    files.remove(file)
    assert code(client.call("GET", address, expect=404)) == "file_not_found"
