"""The fake receiver of a custom channel: signatures, repeats, failures."""
from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import httpx2
import pytest

from tests.fakes import FakeServer, signature, signed
from tests.fakes_tests import requests as http

SECRET = "s3cret-ключ"


def message(number: int = 1, **more: Any) -> bytes:
    body = {"id": f"m{number}", "conversation": {"id": "c1"}, "to": "u1", "text": "Привет"}
    return json.dumps({**body, "createdAt": "2026-01-01T00:00:00Z", **more}, ensure_ascii=False).encode()


def post(fake: FakeServer, body: bytes, once: str | None = "k1", **headers: str) -> httpx2.Response:
    key = {"Idempotency-Key": once} if once else {}
    told = {"X-Parley-Signature": signature(SECRET, body), **key, **headers}
    return http.post(fake.channel_url("shop"), content=body, headers=told)


def test_it_takes_a_message_and_gives_it_an_id(fake: FakeServer) -> None:
    fake.options("channel", "shop", secret=SECRET)
    assert post(fake, message()).json() == {"id": "ext-1"}
    (call,) = fake.calls("channel", "/channel/shop/messages")
    assert (call.key, call.body["text"], call.is_accepted) == ("shop", "Привет", True)
    assert call.note == {"signature": "valid", "is_repeat": False, "is_changed": False, "id": "ext-1"}


def test_the_same_key_again_gets_the_same_id(fake: FakeServer) -> None:
    ids = [post(fake, message(), once).json()["id"] for once in ("a", "b", "a", None, None)]
    assert ids == ["ext-1", "ext-2", "ext-1", "ext-3", "ext-4"]
    assert [call.note["is_repeat"] for call in fake.calls("channel")] == [False, False, True, False, False]


def test_a_repeat_with_another_text_is_noticed(fake: FakeServer) -> None:
    post(fake, message())
    post(fake, message(text="other"))
    assert [call.note["is_changed"] for call in fake.calls("channel")] == [False, True]


def test_idempotency_can_be_switched_off(fake: FakeServer) -> None:
    fake.options("channel", "shop", idempotent=False)
    assert [post(fake, message()).json()["id"] for _ in range(2)] == ["ext-1", "ext-2"]
    assert fake.calls("channel")[1].note["is_repeat"]


def test_a_wrong_or_absent_signature_is_refused(fake: FakeServer) -> None:
    fake.options("channel", "shop", secret=SECRET)
    wrong = {"X-Parley-Signature": signature("other", message())}
    assert post(fake, message(), **wrong).status_code == 401
    assert http.post(fake.channel_url("shop"), content=message()).status_code == 401
    assert [call.note["signature"] for call in fake.calls("channel")] == ["wrong", "absent"]
    assert not any(call.is_accepted for call in fake.calls("channel"))


def test_signed_makes_the_header_of_exactly_these_bytes() -> None:
    digest = hmac.new(SECRET.encode(), "тело".encode(), hashlib.sha256).hexdigest()
    assert signed(SECRET, "тело") == signed(SECRET, "тело".encode())
    assert signed(SECRET, "тело")["X-Parley-Signature"] == f"sha256={digest}"


@pytest.mark.parametrize("body", [b"", b"[]", b"not json", b'{"id": "m1", "to": "u1"}'])
def test_a_message_it_cannot_read_is_refused(fake: FakeServer, body: bytes) -> None:
    assert post(fake, body).json()["error"]["code"] == "bad_request"


@pytest.mark.parametrize(("mode", "code"), [
    ("400", "bad_request"), ("401", "bad_signature"), ("403", "recipient_blocked"),
    ("404", "unknown_recipient"), ("410", "recipient_gone"), ("413", "too_long"),
    ("500", "server_error"), ("502", "failed"),
])
def test_a_status_says_why(fake: FakeServer, mode: str, code: str) -> None:
    fake.mode("channel", mode)
    response = post(fake, message())
    assert (response.status_code, response.json()["error"]["code"]) == (int(mode), code)
    assert not fake.calls("channel")[0].is_accepted


def test_too_many_requests_says_how_long_to_wait(fake: FakeServer) -> None:
    fake.mode("channel", "429", times=1, retry_after_s=37)
    assert post(fake, message()).headers["retry-after"] == "37"
    assert post(fake, message()).status_code == 200


def test_one_channel_may_fail_alone(fake: FakeServer) -> None:
    fake.mode("channel", "403", key="shop")
    assert post(fake, message()).status_code == 403
    assert http.post(fake.channel_url("cafe"), content=message()).status_code == 200


def test_what_was_accepted_and_then_dropped_is_remembered(fake: FakeServer) -> None:
    fake.mode("channel", "drop_after_accept", times=1)
    with pytest.raises(httpx2.RemoteProtocolError):
        post(fake, message())
    assert post(fake, message()).json() == {"id": "ext-1"}
    first, second = fake.calls("channel")
    assert (first.status, first.is_accepted, first.note["id"]) == (None, True, "ext-1")
    assert second.note["is_repeat"]


@pytest.mark.parametrize("mode", ["drop", "reset"])
def test_what_was_only_dropped_is_not(fake: FakeServer, mode: str) -> None:
    fake.mode("channel", mode, times=1)
    with pytest.raises(httpx2.TransportError):
        post(fake, message())
    assert post(fake, message()).status_code == 200
    assert [call.is_accepted for call in fake.calls("channel")] == [False, True]
    assert not fake.calls("channel")[1].note["is_repeat"]


@pytest.mark.parametrize(("mode", "text"), [
    ("bad_json", '{"id": "ext-'), ("empty", ""), ("no_id", "{}"), ("malformed", "<!doctype html>"),
])
def test_a_success_may_be_unreadable(fake: FakeServer, mode: str, text: str) -> None:
    fake.mode("channel", mode)
    response = post(fake, message())
    assert response.status_code == 200
    assert response.text[:15] == text


def test_hang_and_slow_work_here_too(fake: FakeServer) -> None:
    fake.mode("channel", "hang", times=1)
    with pytest.raises(httpx2.ReadTimeout):
        httpx2.post(fake.channel_url("shop"), content=message(), timeout=0.1)
    fake.mode("channel", "slow", delay_s=0.1)
    assert post(fake, message()).elapsed.total_seconds() >= 0.1


def test_an_answer_can_be_queued(fake: FakeServer) -> None:
    fake.answer("channel", {"id": "mine", "extra": 1})
    fake.answer("channel", {"error": {"code": "odd"}}, status=418)
    assert post(fake, message()).json() == {"id": "mine", "extra": 1}
    assert (post(fake, message()).status_code, post(fake, message()).status_code) == (418, 200)


def test_other_paths_are_not_found(fake: FakeServer) -> None:
    assert http.get(fake.channel_url("shop")).status_code == 404
    assert http.post(f"{fake.url}/channel/shop/other", json={}).status_code == 404
