"""The custom channel: signed lines in both directions, and a verdict on every answer."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from pydantic import BaseModel

from hub.channels import CHANNELS, custom
from hub.channels.base import (
    Challenge,
    ChannelError,
    ChannelKind,
    Denied,
    Hook,
    Outbound,
)
from hub.channels.custom import KIND
from hub.lib import crypto, http
from tests.fakes import FakeServer, signature, signed

_SECRET = "shared-secret"
_LINE = {"id": "m-1", "from": {"id": "anna"}, "text": "Hello"}
_OUT = Outbound("key-1", "anna", "300 rubles — добрый день 🙂", "talk-1", "2026-02-20T12:00:00.000Z")


@pytest.fixture(autouse=True)
def _near() -> Iterator[None]:
    """The fake server stands on this machine."""
    http.allow_loopback(True)
    yield
    http.allow_loopback(True)


@pytest.fixture
def fake(fake: FakeServer) -> FakeServer:
    fake.options("channel", "shop", secret=_SECRET)
    return fake


def hook(body: Any, **headers: str) -> Hook:
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return Hook(headers or {name.lower(): value for name, value in signed(_SECRET, raw).items()}, raw)


def config(fake: FakeServer, **more: Any) -> custom.Config:
    return custom.Config(url=fake.channel_url("shop"), **more)


# In

def test_it_takes_what_is_signed() -> None:
    KIND.verify(custom.Config(url="x"), _SECRET, hook(_LINE))


@pytest.mark.parametrize("given", [
    {}, {"x-parley-signature": ""}, {"x-parley-signature": "sha256="}, {"x-parley-signature": "sha256=é"},
    {"x-parley-signature": signature("another-secret", orjson.dumps(_LINE))},
    {"x-parley-signature": signature(_SECRET, orjson.dumps(_LINE)).removeprefix("sha256=")},
    {"x-parley-signature": signature(_SECRET, orjson.dumps(_LINE)).replace("sha256", "sha1")},
    {"x-parley-signature": signature(_SECRET, orjson.dumps(_LINE) + b"\n")},
])
def test_it_denies_what_is_not(given: dict[str, str]) -> None:
    with pytest.raises(Denied):
        KIND.verify(custom.Config(url="x"), _SECRET, Hook(given, orjson.dumps(_LINE)))


@pytest.mark.parametrize("spell", [str.upper, str.title, lambda text: text.replace("sha256", "SHA256"),
                                   lambda text: text.replace("=", "= ")], ids=["all", "mixed", "scheme", "space"])
def test_hex_digits_count_in_either_case(spell: Any) -> None:
    body = orjson.dumps(_LINE)
    signed = "sha256=" + crypto.sign(_SECRET, body)
    KIND.verify(custom.Config(url="x"), _SECRET, Hook({"x-parley-signature": spell(signed)}, body))


def test_our_signature_is_the_one_that_receivers_compute() -> None:
    """HMAC-SHA256, test case 2 of RFC 4231."""
    assert crypto.sign("Jefe", b"what do ya want for nothing?") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")


def test_the_same_body_is_the_same_event_and_a_key_comes_before_it() -> None:
    assert KIND.event_id(hook(_LINE)) == KIND.event_id(hook(_LINE)) != KIND.event_id(hook({**_LINE, "id": "m-2"}))
    assert KIND.event_id(hook(_LINE, **{"idempotency-key": "evt-1"})) == "evt-1"


@pytest.mark.parametrize(("one", "other"), [
    ("k" * 200 + "a", "k" * 200 + "b"), ("a\x00", "a\x01"), ("k" * 5000, "k" * 5001)])
def test_long_and_odd_keys_are_told_apart_and_fit(one: str, other: str) -> None:
    first, second = (KIND.event_id(hook(_LINE, **{"idempotency-key": key})) for key in (one, other))
    assert first != second and max(len(first), len(second)) <= 200 and (first + second).isprintable()


def get(challenge: str | None, signed_text: str | None) -> Challenge | None:
    headers = {} if signed_text is None else {"x-parley-signature": signature(_SECRET, signed_text.encode())}
    return KIND.verify(custom.Config(url="x"), _SECRET,
                       Hook(headers, b"", {} if challenge is None else {"challenge": challenge}, "GET"))


def test_an_address_is_checked_by_a_challenge() -> None:
    assert get("abc-123", "abc-123") == Challenge("abc-123")
    for challenge, signed_text in (("abc", "other"), ("abc", None), (None, ""), ("", ""), (None, None)):
        with pytest.raises(Denied):
            get(challenge, signed_text)


def test_what_is_kept_of_a_request_holds_no_secret() -> None:
    headers = {"content-type": "application/json", "user-agent": "Shop/1", "x-request-id": "r-1", "cookie": "a=b",
               "authorization": "Bearer x", "x-parley-signature": "sha256=1", "x-api-key": "k", "x-auth-token": "t",
               "x-telegram-bot-api-secret-token": "s", "accept": "*/*", "host": "hub", "x-long": "v" * 900}
    kept, query = Hook(headers, b"", {"source": "crm", "token": "t", "hub.verify_token": "v", "sig_n": "1",
                                      "signature": "2"}).kept()
    assert kept == {"content-type": "application/json", "user-agent": "Shop/1", "x-request-id": "r-1",
                    "x-long": "v" * 200}
    assert query == {"source": "crm", "sig_n": "1"}


# Out

def test_it_sends_a_signed_line_with_its_key(fake: FakeServer) -> None:
    sent = KIND.send(config(fake), _SECRET, _OUT)
    (call,) = fake.calls("channel")
    assert sent.external_id == "ext-1" and call.note["signature"] == "valid"
    assert call.headers["idempotency-key"] == "key-1" and call.headers["content-type"] == "application/json"
    assert call.body == {"id": "key-1", "to": "anna", "text": _OUT.text, "conversation": {"id": "talk-1"},
                         "createdAt": _OUT.created_at}


# mode -> (permanent, in doubt without idempotency, seconds asked for)
VERDICTS = {
    "400": (True, False, None), "401": (True, False, None), "403": (True, False, None), "404": (True, False, None),
    "410": (True, False, None), "413": (True, False, None), "422": (True, False, None),
    "408": (False, False, None), "409": (False, False, None), "429": (False, False, 7.0), "500": (False, False, None),
    "502": (False, False, None), "503": (False, False, 7.0), "504": (False, False, None),
    "drop": (False, True, None), "reset": (False, True, None), "drop_after_accept": (False, True, None),
    "cut_stream": (False, True, None),
}


@pytest.mark.parametrize("idempotent", [True, False])
@pytest.mark.parametrize("mode", VERDICTS)
def test_it_judges_every_answer(fake: FakeServer, mode: str, idempotent: bool) -> None:
    permanent, doubtful, wait = VERDICTS[mode]
    fake.mode("channel", mode, retry_after_s=7)
    with pytest.raises(ChannelError) as raised:
        KIND.send(config(fake, idempotent=idempotent), _SECRET, _OUT)
    verdict = raised.value
    assert (verdict.permanent, verdict.in_doubt, verdict.retry_after) == (permanent, doubtful and not idempotent, wait)
    assert _SECRET not in verdict.reason and len(verdict.reason) < 255


@pytest.mark.parametrize("mode", ["bad_json", "empty", "no_id", "malformed"])
def test_an_answer_without_an_id_means_sent_all_the_same(fake: FakeServer, mode: str) -> None:
    fake.mode("channel", mode)
    assert KIND.send(config(fake), _SECRET, _OUT).external_id is None


def test_a_redirect_is_not_followed_with_our_signature(fake: FakeServer) -> None:
    fake.answer("channel", {}, status=302)
    with pytest.raises(ChannelError, match="302"):
        KIND.send(config(fake), _SECRET, _OUT)
    assert len(fake.calls()) == 1


@pytest.mark.parametrize(("url", "permanent"), [
    ("http://127.0.0.1:9/", False), ("http://no-such-host.invalid/", False), ("nonsense", True), ("ftp://x/", True),
    ("", True)])
def test_what_was_never_reached_is_in_no_doubt(url: str, permanent: bool) -> None:
    with pytest.raises(ChannelError) as raised:
        KIND.send(custom.Config(url=url, idempotent=False), _SECRET, _OUT)
    assert (raised.value.in_doubt, raised.value.permanent) == (False, permanent)


def test_a_system_on_our_own_machine_is_not_written_to_in_production(fake: FakeServer) -> None:
    http.allow_loopback(False)
    with pytest.raises(ChannelError, match="not a public address") as raised:
        KIND.send(config(fake), _SECRET, _OUT)
    assert raised.value.permanent and not raised.value.in_doubt and fake.calls() == []


def test_a_receiver_that_trickles_its_answer_does_not_hold_us(fake: FakeServer) -> None:
    """The status is known at once; what follows is not worth waiting for."""
    fake.mode("channel", "trickle", delay_s=0.2)
    answer = http.call("POST", fake.channel_url("shop"), content=b"{}", timeout_s=0.5)
    assert answer.status_code in (200, 401) and len(answer.content) < 10


def test_a_long_answer_is_cut(fake: FakeServer) -> None:
    fake.answer("channel", {"filler": "x" * 3_000_000}, status=200)
    answer = http.call("POST", fake.channel_url("shop"), content=orjson.dumps({}))
    assert len(answer.content) <= 1_000_000


@pytest.mark.parametrize(("told", "seconds"), [("7", 7.0), ("0", 0.0), ("1.5", 1.5), ("-1", None), ("inf", None),
                                               ("nan", None), ("soon", None), (None, None)])
def test_retry_after_is_seconds_or_nothing(told: str | None, seconds: float | None) -> None:
    headers = {} if told is None else {"retry-after": told}
    assert http.retry_after(http.Response(429, headers, b"")) == seconds


# All of them

@pytest.mark.parametrize("kind", CHANNELS)
def test_every_channel_has_the_same_shape(kind: str) -> None:
    found = CHANNELS[kind]
    assert found.name == kind and found.LIMITS.text > 0 and issubclass(found.CONFIG, BaseModel)
    assert type(found).send is not ChannelKind.send
    receives = [getattr(type(found), name) is not getattr(ChannelKind, name) for name in ("verify", "parse")]
    assert all(receives) or (not any(receives) and found.LIMITS.pull), "by a webhook, or the page fetches them itself"


@pytest.mark.parametrize(("mode", "ok"), [("ok", True), ("400", True), ("422", True), ("429", True), ("401", False),
                                          ("403", False), ("500", False), ("503", False)])
def test_a_receiver_that_answers_and_knows_us_is_well(fake: FakeServer, mode: str, ok: bool) -> None:
    fake.mode("channel", mode)
    health = KIND.health(config(fake), _SECRET)
    assert health.ok is ok and (mode in health.message) is not ok


def test_a_receiver_that_is_away_is_not_well() -> None:
    health = KIND.health(custom.Config(url="http://127.0.0.1:9/"), _SECRET)
    assert not health.ok and health.message


@pytest.mark.parametrize("length", [1, 7, 40, 10_000])
def test_parts_are_no_longer_than_the_receiver_asked_and_lose_no_word(length: int) -> None:
    whole = "Delivery to Kazan costs 300 rubles.\nIt takes two days. " * 5
    parts = KIND.parts(custom.Config(url="x", part_length=length), whole.strip())
    assert max(map(len, parts)) <= length and all(parts)
    assert "".join("".join(parts).split()) == "".join(whole.split())
