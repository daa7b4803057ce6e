"""Every route that takes a file: by what it holds, never by what it is called, and no byte more than is allowed."""

import io
from pathlib import Path
from typing import Any

import pytest

from hub.api.kit.table import Route
from hub.lib import file_types
from hub.models.platform.file import File
from hub.settings import Settings
from tests.api import bodies
from tests.api import world as worlds
from tests.api.bodies import UPLOADS
from tests.api.callers import code
from tests.api.world import World
from tests.client import Client

pytestmark = pytest.mark.usefixtures("uncounted")
each_upload = pytest.mark.parametrize("route", UPLOADS, ids=[bodies.name(route) for route in UPLOADS])
FOREIGN = {"PNG": b"\x89PNG\r\n\x1a\n123", "zip": b"PK\x03\x04abc", "Windows": b"MZ\x90\x00", "ELF": b"\x7fELF1",
           "GIF": b"GIF89a", "JPEG": b"\xff\xd8\xff\xe0", "SVG": b"<svg xmlns='x'>"}
STRANGE = ["../../etc/passwd", "a'%22;b", "\u202etxt", "x" * 300, "файл", ".", "a\\b"]


class Sender:
    """Sends one route a file; what came of it, and whether anything was stored, is undone."""

    def __init__(self, route: Route, world: World, callers: dict[str, Client]) -> None:
        self.route, self.client, self.path = route, callers[bodies.caller(route)], world.fill(route.path)
        self.name, self.content = bodies.FILES[bodies.name(route)]
        self.ending = f".{self.name.rpartition('.')[2]}"

    def send(self, name: str | None = None, content: bytes | None = None, mime: str = "text/plain",
             **more: Any) -> tuple[Any, bool]:
        file = (io.BytesIO(self.content if content is None else content), self.name if name is None else name, mime)
        sent = {"data": {"file": file}, "content_type": "multipart/form-data", **more}
        return worlds.effect(lambda: self.client.call(self.route.method, self.path, **sent))

    def padded(self, size: int) -> bytes:
        """So many bytes of the same kind."""
        return self.content.ljust(size, b"x")

    def refused(self, status: int, why: str, **sent: Any) -> None:
        response, changed = self.send(**sent)
        assert (response.status_code, code(response), changed) == (status, why, False), response.text


@pytest.fixture
def sender(route: Route, world: World, callers: dict[str, Client]) -> Sender:
    return Sender(route, world, callers)


@each_upload
def test_what_has_no_name_no_content_or_no_form_is_refused(route: Route, sender: Sender) -> None:
    wrong = bodies.invalid(route)
    sender.refused(wrong, "file_missing", name="")
    sender.refused(wrong, "empty_file", content=b"")
    sender.refused(wrong, "file_missing", data=b'{"file": "x"}', content_type="application/json")


@each_upload
@pytest.mark.parametrize("name", ["page.exe", "page", "page{ending}.html", "{ending}x"])
def test_a_name_of_another_kind_is_refused(route: Route, sender: Sender, name: str) -> None:
    sender.refused(bodies.invalid(route), "UNSUPPORTED_FORMAT", name=name.format(ending=sender.ending))


@each_upload
@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
def test_a_file_of_another_kind_is_refused_whatever_its_name_says(
        route: Route, sender: Sender, content: bytes) -> None:
    if file_types.of(sender.content) in file_types.PICTURES and file_types.of(content) in file_types.STILL:
        content = b"MZ\x90\x00" + content
    sender.refused(bodies.invalid(route), "UNSUPPORTED_FORMAT", content=content)


@each_upload
@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_name_is_only_a_name(route: Route, sender: Sender, name: str, settings: Settings) -> None:
    with worlds.undone():
        before = {file.id for file in File.select()}
        response = sender.client.call(route.method, sender.path, content_type="multipart/form-data", data={
            "file": (io.BytesIO(sender.content), f"{name}{sender.ending}", "text/plain")})
        (kept,) = [file for file in File.select() if file.id not in before]
    assert response.status_code == route.status, response.text
    assert len(kept.name) <= 255 and "\u202e" not in kept.name
    places = Path(settings.data_dir).rglob(f"*{kept.sha256}*")
    assert {path.name for path in places} == {kept.sha256}, "on disk it is called by what it holds"


@each_upload
@pytest.mark.parametrize("mime", ["x" * 5000, "image/png", "text/html; charset=x", ""])
def test_what_the_sender_says_about_a_file_does_not_count(route: Route, sender: Sender, mime: str) -> None:
    with worlds.undone():
        sender.client.call(route.method, sender.path, content_type="multipart/form-data", expect=route.status, data={
            "file": (io.BytesIO(sender.content), sender.name, mime)})
        kept = File.select().order_by(File.id.desc()).get().mime
    assert kept == file_types.of(sender.content)


@each_upload
def test_a_file_larger_than_the_limit_is_refused(route: Route, sender: Sender, use: Any) -> None:
    use(max_upload_bytes=1000)
    sender.refused(413, "FILE_TOO_LARGE", content=sender.padded(1001))
    response, _ = sender.send(content=sender.padded(1000))
    assert response.status_code == route.status


@each_upload
def test_a_body_larger_than_any_file_is_refused_before_it_is_read(route: Route, sender: Sender, use: Any) -> None:
    """By its declared length: nothing of it is read. Without one: as soon as it was too much."""
    sender.refused(413, "too_large", environ_overrides={"CONTENT_LENGTH": str(2**30)})
    use(max_upload_bytes=100_000)
    read: list[int] = []

    class Body(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            read.append(len(data))
            return data
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{sender.name}"\r\n\r\n'.encode()
    whole = head + b"a " * 10_000_000 + b"\r\n--x--\r\n"
    for more in ({"CONTENT_LENGTH": str(len(whole))}, {"wsgi.input_terminated": True}):
        read.clear()
        sender.refused(413, "too_large", data=None, input_stream=Body(whole), environ_overrides=more,
                       content_type="multipart/form-data; boundary=x")
        assert sum(read) < 1_000_000
