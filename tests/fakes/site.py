"""Somebody's own site: pages by their path, served over HTTP on this machine."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Site:
    """`pages` is what it serves: {path: (status, headers, content)}; `url` where it stands."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.pages: dict[str, tuple[int, dict[str, str], str]] = {}
        self.posted: list[bytes] = []       # what it was sent, whatever it is

    def shows(self, content: str, status: int = 200, path: str = "/", headers: Mapping[str, str] | None = None) -> str:
        """Serve this from now on; its address."""
        self.pages[path] = (status, {"Content-Type": "text/html; charset=utf-8", **(headers or {})}, content)
        return self.url + path


@contextmanager
def running() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, content = site.pages.get(self.path, (404, {}, "There is no such page."))
            sent = content.encode()
            self.send_response(status)
            for name, values in {"Content-Length": str(len(sent)), "Connection": "close", **headers}.items():
                for value in values.split("\n"):        # a header that is sent several times
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent)

        def do_POST(self) -> None:
            site.posted.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the test says what it wants to know."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
