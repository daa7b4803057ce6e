"""What a call may cost: its deadline, its size, its retries, its redirects, its proxy."""

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from hub.lib import http
from hub.lib.http import Retry

Play = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A server that plays one step after the other, the last one for ever; `seen` is what it was asked."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.steps: list[Play] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                self.raw_requestline = self.rfile.readline(65537)
                if not self.raw_requestline or not self.parse_request():
                    self.close_connection = True
                    return
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                site.seen.append((self.command, self.path, headers, body))
                step = site.steps.pop(0) if len(site.steps) > 1 else site.steps[0]
                step(self)

            def log_message(self, *args: Any) -> None:
                """Nothing: pytest shows what matters."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()
    yield found
    found.close()


@pytest.fixture
def other() -> Iterator[Site]:
    found = Site()
    yield found
    found.close()


def says(status: int, body: bytes = b"", **headers: str) -> Play:
    def play(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)
    return play


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def trickles(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        time.sleep(0.05)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "get"])
def test_any_method_with_its_body_and_headers(site: Site, method: str) -> None:
    site.steps = [says(200, b"fine")]
    answer = http.call(method, f"{site.url}/a?b=c", content=b"body", headers={"X-One": "1"})
    (seen, path, headers, body), = site.seen
    assert (seen, path, headers["x-one"], body) == (method.upper(), "/a?b=c", "1", b"body")
    assert (answer.status_code, answer.content, answer.cut) == (200, b"fine", False)


@pytest.mark.parametrize("status", [200, 204, 302, 404, 500])
def test_every_status_is_an_answer(site: Site, status: int) -> None:
    site.steps = [says(status, Location="/elsewhere")]
    assert http.call("POST", site.url).status_code == status


def test_a_long_body_is_cut_and_says_so(site: Site) -> None:
    site.steps = [says(200, b"x" * 100_000)]
    answer = http.call("GET", site.url, most_bytes=1_000)
    assert (len(answer.content), answer.cut) == (1_000, True)


def test_a_body_that_unpacks_to_gigabytes_is_not_unpacked(site: Site) -> None:
    site.steps = [says(200, b"\x1f\x8b" + b"x" * 50, Content_Encoding="gzip")]
    assert http.call("GET", site.url).content == b"\x1f\x8b" + b"x" * 50
    assert site.seen[0][2]["accept-encoding"] == "identity"


def test_the_deadline_covers_the_last_byte_too(site: Site) -> None:
    site.steps = [trickles]
    answer = http.call("GET", site.url, timeout_s=0.5)
    assert answer.status_code == 200 and answer.cut and 0 < len(answer.content) < 100


def test_the_deadline_covers_all_tries(site: Site) -> None:
    site.steps = [says(503, Retry_After="60")]
    assert http.call("GET", site.url, timeout_s=2, retry=Retry(5)).status_code == 503
    assert len(site.seen) == 1, "nobody waits longer than the deadline"


def test_a_passing_failure_is_tried_again_where_that_is_safe(site: Site) -> None:
    site.steps = [says(503), hangs_up, says(200, b"at last")]
    assert http.call("GET", site.url, retry=Retry(3, wait_s=0.01)).content == b"at last"
    assert len(site.seen) == 3


@pytest.mark.parametrize("step", [says(503), hangs_up])
def test_what_may_have_been_taken_is_not_repeated_unless_the_receiver_knows_our_key(site: Site, step: Play) -> None:
    site.steps = [step, says(200)]
    if step is hangs_up:
        with pytest.raises(http.InDoubt):
            http.call("POST", site.url, retry=Retry(3, wait_s=0.01))
    else:
        assert http.call("POST", site.url, retry=Retry(3, wait_s=0.01)).status_code == 503
    assert len(site.seen) == 1
    site.steps = [step, says(200)]
    again = http.call("POST", site.url, headers={"Idempotency-Key": "k"}, retry=Retry(3, wait_s=0.01))
    assert again.status_code == 200 and len(site.seen) == 3


@pytest.mark.parametrize("status", [400, 401, 404, 409, 422])
def test_what_trying_again_cannot_mend_is_not_tried_again(site: Site, status: int) -> None:
    site.steps = [says(status), says(200)]
    assert http.call("GET", site.url, retry=Retry(3, wait_s=0.01)).status_code == status


def test_redirects_are_followed_and_elsewhere_without_our_credentials(site: Site, other: Site) -> None:
    site.steps = [says(302, Location="/b"), says(307, Location=f"{other.url}/c")]
    other.steps = [says(200, b"there")]
    secrets = {"Authorization": "Bearer x", "Cookie": "a=b", "X-Other": "1"}
    assert http.call("GET", f"{site.url}/a", headers=secrets, redirects=3).content == b"there"
    assert [(path, headers.get("authorization")) for _, path, headers, _ in site.seen] == [
        ("/a", "Bearer x"), ("/b", "Bearer x")]
    (_, path, headers, _), = other.seen
    assert path == "/c" and not {"authorization", "cookie"} & headers.keys() and headers["x-other"] == "1"


def test_redirects_without_end_are_given_up(site: Site) -> None:
    site.steps = [says(302, Location="/again")]
    with pytest.raises(http.NotReached, match="more than 3 times"):
        http.call("GET", site.url, redirects=3)
    assert len(site.seen) == 4


def test_a_body_is_never_sent_to_where_it_was_not_meant_for(site: Site, other: Site) -> None:
    site.steps = [says(307, Location=other.url)]
    assert http.call("POST", site.url, content=b"secret", redirects=3).status_code == 307
    assert other.seen == []


def test_it_goes_through_the_proxy_that_was_named(site: Site) -> None:
    site.steps = [says(200, b"by proxy")]
    assert http.call("GET", "http://shop.example/a", proxy=site.url).content == b"by proxy"
    assert site.seen[0][1] == "http://shop.example/a"
