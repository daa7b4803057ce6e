"""A model on a real port: each key has its own behaviour, every request is kept."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from hub.ai.chat import Endpoint

Behaviour = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request; `body` is its JSON. A behaviour writes the answer with `head` and `write`."""

    protocol_version = "HTTP/1.1"
    body: dict[str, Any]
    model: "Model"

    def do_POST(self) -> None:
        self.body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        key = self.headers["authorization"].removeprefix("Bearer ")
        self.model.requests.append((key, self.path, self.body))
        self.close_connection = True
        try:
            self.model.behaviours[key](self)
        except OSError:
            self.model.hung_up.set()

    def head(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Connection": "close", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def write(self, data: str | bytes) -> None:
        self.wfile.write(data.encode() if isinstance(data, str) else data)
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        pass


class Model:
    """`behaviours` by key; `requests` as (key, path, body); `hung_up` is set when a client left in the middle."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/v1"
        self.behaviours: dict[str, Behaviour] = {}
        self.requests: list[tuple[str, str, dict[str, Any]]] = []
        self.hung_up = threading.Event()

    def endpoint(self, behaviour: Behaviour, key: str = "sk-test", name: str = "small-1") -> Endpoint:
        self.behaviours[key] = behaviour
        return Endpoint(self.url, key, name)


@contextmanager
def running() -> Iterator[Model]:
    handler = type("OneModel", (Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    model = handler.model = Model(server.server_port)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield model
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def reply(text: str = "Доставим за 3 дня.", action: str = "answer", intent: str = "shipping",
          sources: list[int] | None = None) -> str:
    """The JSON that a well-behaved model says."""
    cited = [1] if sources is None else sources
    return json.dumps({"action": action, "intent": intent, "sources": cited, "text": text})


def event(content: str | None = None, finish: str | None = None, **more: Any) -> str:
    """One chunk of a streamed completion."""
    choice = {"index": 0, "delta": {"content": content} | more.pop("delta", {}), "finish_reason": finish}
    return "data: " + json.dumps({"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "small-1-0925",
                                  "choices": [choice], **more}) + "\n\n"


def usage(tokens_in: int, tokens_out: int) -> str:
    told = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
    return event(choices=[], usage=told)


def says(content: str, size: int = 7, finish: str | None = "stop", pause_s: float = 0.0,
         ending: str = usage(120, 30) + "data: [DONE]\n\n") -> Behaviour:
    """Streams the content in pieces of `size` characters."""
    def behave(handler: Handler) -> None:
        handler.head()
        for start in range(0, len(content), size):
            handler.write(event(content[start:start + size]))
            time.sleep(pause_s)
        if finish:
            handler.write(event(finish=finish))
        handler.write(ending)
    return behave


def fails(status: int, code: str | None = None, message: str = "no", kind: str = "error", **headers: str) -> Behaviour:
    """Answers with an error of the API."""
    def behave(handler: Handler) -> None:
        handler.head(status, "application/json", **headers)
        handler.write(json.dumps({"error": {"message": message, "type": kind, "code": code, "param": None}}))
    return behave


def writes(*pieces: str, kind: str = "text/event-stream", pause_s: float = 0.0) -> Behaviour:
    """Sends exactly this with status 200 and hangs up."""
    def behave(handler: Handler) -> None:
        handler.head(kind=kind)
        for piece in pieces:
            handler.write(piece)
            time.sleep(pause_s)
    return behave


def breaks_off(*pieces: str) -> Behaviour:
    """Promises a long body, sends these pieces and drops the connection."""
    def behave(handler: Handler) -> None:
        handler.head(Content_Length="100000")
        for piece in pieces:
            handler.write(piece)
    return behave


def hangs(after: str = "", seconds: float = 30.0) -> Behaviour:
    """Sends headers and this, then nothing until the client leaves."""
    def behave(handler: Handler) -> None:
        handler.head()
        handler.write(after)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(0.05)
            handler.write("")
            if _is_closed(handler):
                handler.model.hung_up.set()
                return
    return behave


def never_answers(handler: Handler) -> None:
    """Takes the request and does not even send a status line."""
    until = time.monotonic() + 30
    while time.monotonic() < until and not _is_closed(handler):
        time.sleep(0.05)
    handler.model.hung_up.set()


def trickles(data: str, pause_s: float) -> Behaviour:
    """Sends one byte at a time: no read ever times out."""
    def behave(handler: Handler) -> None:
        handler.head()
        for byte in data.encode():
            handler.write(bytes([byte]))
            time.sleep(pause_s)
    return behave


def trickles_headers(handler: Handler) -> None:
    """Sends the status line and then a header that never ends."""
    handler.write("HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(300):
        handler.write("a")
        time.sleep(0.1)


def _is_closed(handler: Handler) -> bool:
    handler.connection.setblocking(False)
    try:
        return handler.connection.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        handler.connection.setblocking(True)
