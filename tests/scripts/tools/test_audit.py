"""The list of known holes is asked for what is pinned; where it cannot be reached that is said, and nothing fails."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from scripts import auditing


class Listed(BaseHTTPRequestHandler):
    """A list on which flask alone has a hole; below /odd it is none."""

    def do_POST(self) -> None:
        queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        results: list[Any] = [{"vulns": [{"id": "X-1"}]} if one["package"] == {"ecosystem": "PyPI", "name": "flask"}
                              else {} for one in queries]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>" if self.path == "/odd" else json.dumps({"results": results}).encode())

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def listed() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Listed) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_package_with_a_known_hole_is_named(listed: str, capsys: pytest.CaptureFixture[str]) -> None:
    version = {name: version for place, name, version in auditing.pinned() if place == "PyPI"}["flask"]
    assert auditing.main([listed]) == 1
    assert capsys.readouterr().out == (f"audit: flask {version} (PyPI): X-1\n"
                                       f"audit: {len(set(auditing.pinned()))} packages, 1 with known holes.\n")


@pytest.mark.parametrize("path", ["http://127.0.0.1:1/", "/odd"])
def test_a_list_that_cannot_be_reached_fails_nothing(
        listed: str, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert auditing.main([path if path.startswith("http") else listed + path]) == 0
    assert "left out, the list of known holes cannot be reached" in capsys.readouterr().out


def test_it_asks_for_python_the_pages_and_the_tools_of_the_widget() -> None:
    names = {name for _, name, _ in auditing.pinned()}
    assert {"flask", "pytest", "htmx.org", "esbuild"} <= names
