"""The server itself: control, ledger, concurrency, bytes on the wire, and its life as a process."""
from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import openai
import pytest

from tests.fakes import FakeClient, FakeProcess, FakeServer
from tests.fakes.client import ROOT
from tests.fakes_tests import requests as http
from tests.fakes_tests.requests import FACT, FORMAT, KEY, ask, prompt, say, stream
from tests.waits import STUCK_S, Watch, until

CHAT = json.dumps({"model": "m", "messages": prompt(), "response_format": FORMAT, "stream": True})


def connect(fake: FakeClient) -> socket.socket:
    return socket.create_connection(("127.0.0.1", urlsplit(fake.url).port or 0), timeout=STUCK_S)


def chat_request(body: str = CHAT, head: str = "") -> bytes:
    raw = body.encode()
    lines = ["POST /openai/v1/chat/completions HTTP/1.1", "Host: x", f"Authorization: Bearer {KEY}", head]
    return "\r\n".join([*filter(None, lines), f"Content-Length: {len(raw)}", "", ""]).encode() + raw


def everything(sock: socket.socket) -> bytes:
    """All bytes until the server closes."""
    parts = []
    while part := sock.recv(65536):
        parts.append(part)
    return b"".join(parts)


def test_counted_rules_are_used_up_before_the_standing_one(fake: FakeServer) -> None:
    fake.mode("channel", "500", times=2)
    fake.mode("channel", "403", times=1)
    assert [http.post(fake.channel_url("a"), json={}).status_code for _ in range(4)] == [500, 500, 403, 400]
    fake.mode("channel", "503", times=9)
    fake.mode("channel", "410")
    assert http.post(fake.channel_url("a"), json={}).status_code == 410


def test_the_narrowest_rule_wins(fake: FakeServer) -> None:
    fake.mode("channel", "401", key="a")
    fake.mode("channel", "500")
    fake.mode("channel", "404", path="/b/", times=1)
    codes = [http.post(fake.channel_url(name), json={}).status_code for name in "abbc"]
    assert codes == [401, 404, 500, 500]
    fake.mode("channel", "ok", key="c")
    assert http.post(fake.channel_url("c"), json={}).status_code == 400


@pytest.mark.parametrize(("path", "told"), [
    ("mode", {"provider": "openai", "name": "hangs"}),
    ("mode", {"provider": "opanai", "name": "hang"}),
    ("mode", {"provider": "openai", "name": "hang", "delay": 1}),
    ("mode", {"name": "hang"}),
    ("mode", {"provider": "channel", "name": "quota"}),
    ("answer", {"provider": "openai"}),
    ("options", {"provider": "channel", "key": "a", "options": {"idempotence": True}}),
    ("options", {"provider": "openai", "key": "a", "options": {"x": 1}}),
])
def test_a_misspelt_command_is_refused_aloud(fake: FakeServer, path: str, told: dict[str, object]) -> None:
    response = http.post(f"{fake.url}/_control/{path}", json=told)
    assert response.status_code == 400
    assert response.json()["error"]


def test_the_python_face_raises_what_the_server_refuses(fake: FakeServer) -> None:
    with pytest.raises(AssertionError, match=r"no mode 'hangs'; there are: .*hang"):
        fake.mode("openai", "hangs")


def test_everything_can_be_said_over_http(fake: FakeServer) -> None:
    def tell(what: str, **told: object) -> None:
        assert http.post(f"{fake.url}/_control/{what}", json=told).json() == {"ok": True}

    tell("mode", provider="channel", name="429", times=1, retry_after_s=2)
    tell("options", provider="channel", key="a", options={"secret": "x"})
    assert [http.post(fake.channel_url("a"), json={}).status_code for _ in range(2)] == [429, 401]
    found = http.get(f"{fake.url}/_control/calls", params={"provider": "channel", "after": 1}).json()
    assert [(call["number"], call["status"]) for call in found["calls"]] == [(2, 401)]
    assert found["load"] == {"channel": {"active": 0, "peak": 1}}
    tell("reset")
    assert http.get(f"{fake.url}/_control/calls").json() == {"calls": [], "load": {}}
    assert http.get(f"{fake.url}/_control/nothing").status_code == 404


def test_reset_forgets_everything_and_frees_hanging_calls(fake: FakeServer, client: openai.OpenAI) -> None:
    fake.mode("openai", "hang")
    fake.answer("openai", {"text": "old"})
    with ThreadPoolExecutor() as pool:
        call = pool.submit(ask, client.with_options(timeout=STUCK_S))
        fake.wait_for("openai")
        fake.reset()
        assert isinstance(call.exception(timeout=STUCK_S), openai.APIConnectionError)
    assert fake.calls() == []
    assert say(client)["text"] == FACT


def test_hold_stops_a_call_until_it_is_released(fake: FakeServer, client: openai.OpenAI) -> None:
    fake.mode("openai", "hold", times=1)
    with ThreadPoolExecutor() as pool:
        held = pool.submit(say, client.with_options(timeout=STUCK_S))
        assert fake.wait_for("openai")[0].took_s is None
        assert say(client)["text"] == FACT
        assert not held.done()
        fake.answer("openai", {"text": "said after the release"})
        fake.release("openai")
        assert held.result(timeout=STUCK_S)["text"] == "said after the release"


def test_waiting_in_vain_says_how_many_came(fake: FakeServer) -> None:
    with pytest.raises(AssertionError, match="0 of 2 calls to openai"):
        fake.wait_for("openai", 2, within_s=0.05)


def test_sixty_streams_at_once_are_all_served_and_counted(fake: FakeServer, client: openai.OpenAI) -> None:
    fake.mode("openai", "hold")

    def one(number: int) -> int:
        return len(stream(client.with_options(timeout=STUCK_S), prompt(f"question {number}")))

    with ThreadPoolExecutor(60) as pool:
        lengths = pool.map(one, range(60))
        fake.wait_for("openai", 60)
        assert fake.load()["openai"] == {"active": 60, "peak": 60}
        fake.release("openai")
        assert len(set(lengths)) == 1
    calls = fake.wait_for("openai", 60, is_over=True)
    assert fake.load()["openai"] == {"active": 0, "peak": 60}
    assert [(call.number, call.concurrent) for call in calls] == [(n, n) for n in range(1, 61)]
    questions = {call.body["messages"][-1]["content"].split("\n")[-1] for call in calls}
    assert questions == {f"question {number}" for number in range(60)}


def test_it_adds_little_time_of_its_own(fake: FakeServer) -> None:
    """The bench subtracts nothing for it: a streamed answer costs well under five milliseconds."""
    with connect(fake) as sock:
        spent = []
        for _ in range(30):
            with Watch() as watch:
                sock.sendall(chat_request())
                answer = b""
                while not answer.endswith(b"0\r\n\r\n"):
                    answer += sock.recv(65536)
            spent.append(watch.seconds)
    assert min(spent) < 0.005


def test_a_long_prompt_arrives_whole(fake: FakeServer, client: openai.OpenAI) -> None:
    ask(client.with_options(timeout=STUCK_S), prompt("ж" * 1_000_000))
    assert len(fake.calls()[0].body["messages"][1]["content"]) > 1_000_000


def test_a_client_that_hangs_up_in_mid_stream_is_seen(fake: FakeServer) -> None:
    fake.mode("openai", "slow_stream", delay_s=0.05)
    with connect(fake) as sock:
        sock.sendall(chat_request())
        assert b"200 OK" in sock.recv(4096)
    (call,) = fake.wait_for("openai", is_over=True)
    assert (call.status, call.is_hung_up) == (200, True)


def test_a_cut_stream_has_no_end_on_the_wire(fake: FakeServer) -> None:
    fake.mode("openai", "cut_stream")
    with connect(fake) as sock:
        sock.sendall(chat_request())
        told = everything(sock)
    assert b'"delta"' in told
    assert b"[DONE]" not in told
    assert not told.endswith(b"0\r\n\r\n")


def test_dropped_and_reset_sockets_differ(fake: FakeServer) -> None:
    fake.mode("openai", "drop", times=1)
    fake.mode("openai", "reset", times=1)
    with connect(fake) as sock:
        sock.sendall(chat_request())
        assert everything(sock) == b""
    with connect(fake) as sock:
        sock.sendall(chat_request())
        with pytest.raises(ConnectionResetError):
            everything(sock)


def test_one_connection_serves_many_requests_and_chunked_bodies(fake: FakeServer) -> None:
    def halves() -> list[bytes]:
        return [CHAT.encode()[:100], CHAT.encode()[100:]]

    with httpx2.Client(base_url=fake.openai_url, timeout=STUCK_S, headers={"Authorization": f"Bearer {KEY}"}) as line:
        for _ in range(2):
            assert line.post("/chat/completions", content=iter(halves())).text.endswith("data: [DONE]\n\n")
    assert [call.headers["transfer-encoding"] for call in fake.calls()] == ["chunked"] * 2
    assert fake.calls()[0].body == json.loads(CHAT)


def test_the_ledger_keeps_forms_texts_and_half_surrogates(fake: FakeServer) -> None:
    url = f"{fake.url}/openai/v1/x"
    http.post(url, data={"a": "1 2", "b": "ж"})
    http.post(url, content="просто".encode())
    http.post(url + "?q=1", content=b'{"text": "\\ud83d"}', headers={"X-API-Key": "secret-9876"})
    form, text, half = fake.calls()
    assert (form.body, text.body, half.body) == ({"a": "1 2", "b": "ж"}, "просто", {"text": "\ud83d"})
    assert (half.query, half.headers["x-api-key"]) == ({"q": "1"}, "9876")


def test_nonsense_on_the_wire_is_answered_with_400(fake: FakeServer) -> None:
    for nonsense in (b"hello\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n"):
        with connect(fake) as sock:
            sock.sendall(nonsense)
            assert everything(sock).startswith(b"HTTP/1.1 400")
    assert http.get(f"{fake.url}/nobody/here").status_code == 404


def test_a_bug_of_the_fake_is_told(fake: FakeServer, capfd: pytest.CaptureFixture[str]) -> None:
    asked = {"model": "m", "messages": ["no object"]}
    response = http.post(
        f"{fake.openai_url}/chat/completions", json=asked, headers={"Authorization": f"Bearer {KEY}"},
    )
    assert (response.status_code, fake.calls()[0].status) == (500, 500)
    assert "the fake server itself failed" in response.json()["error"]
    assert "Traceback" in capfd.readouterr().err


def test_a_stopped_server_lets_nobody_wait() -> None:
    with FakeServer() as fake:
        hanging, idle = connect(fake), connect(fake)
        fake.mode("openai", "hang")
        hanging.sendall(chat_request())
        fake.wait_for("openai")
    with hanging, idle:     # neither is kept until its own time is over, which would be the two minutes of a hang
        for sock in (hanging, idle):
            with pytest.raises(ConnectionError):
                everything(sock)
    with pytest.raises(ConnectionRefusedError):
        connect(fake)


def test_a_process_is_commanded_like_a_thread() -> None:
    with FakeProcess() as fake:
        fake.answer("openai", {"text": "from a process"})
        with openai.OpenAI(base_url=fake.openai_url, api_key=KEY) as client:
            assert say(client)["text"] == "from a process"
        assert fake.calls("openai")[0].status == 200
        assert os.getsid(fake.process.pid) != os.getsid(0), "a kill of our process group would reach it"
    assert fake.process.returncode == 0


def test_a_process_tells_by_file_that_it_is_ready_and_ends_on_sigterm(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    command = [sys.executable, "-m", "tests.fakes", "--ready-file", str(ready)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        until(ready.exists)
        told = json.loads(ready.read_text())
        assert told == {"url": url, "port": urlsplit(url).port, "pid": process.pid}
        assert FakeClient(url).calls() == []
        process.send_signal(signal.SIGTERM)
        assert process.wait(STUCK_S) == 0
