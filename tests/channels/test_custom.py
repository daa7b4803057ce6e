"""The custom channel: signed lines in both directions, and a verdict on every answer."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.channels import CHANNELS, custom
from hub.channels.base import ChannelError, Denied, Hook, Outbound
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


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with FakeServer() as fake:
        yield fake


@pytest.fixture
def fake(server: FakeServer) -> FakeServer:
    server.reset()
    server.options("channel", "shop", secret=_SECRET)
    return server


def hook(body: Any, **headers: str) -> Hook:
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return Hook(headers or {name.lower(): value for name, value in signed(_SECRET, raw).items()}, raw)


def config(fake: FakeServer, **more: Any) -> custom.Config:
    return custom.Config(url=fake.channel_url("shop"), **more)


# In

def test_it_takes_what_is_signed() -> None:
    custom.verify(custom.Config(url="x"), _SECRET, hook(_LINE))


@pytest.mark.parametrize("given", [
    {}, {"x-parley-signature": ""}, {"x-parley-signature": "sha256="}, {"x-parley-signature": "sha256=é"},
    {"x-parley-signature": signature("another-secret", orjson.dumps(_LINE))},
    {"x-parley-signature": signature(_SECRET, orjson.dumps(_LINE)).removeprefix("sha256=")},
    {"x-parley-signature": signature(_SECRET, orjson.dumps(_LINE)).replace("sha256", "sha1")},
    {"x-parley-signature": signature(_SECRET, orjson.dumps(_LINE) + b"\n")},
])
def test_it_denies_what_is_not(given: dict[str, str]) -> None:
    with pytest.raises(Denied):
        custom.verify(custom.Config(url="x"), _SECRET, Hook(given, orjson.dumps(_LINE)))


@pytest.mark.parametrize("spell", [str.upper, str.title, lambda text: text.replace("sha256", "SHA256"),
                                   lambda text: text.replace("=", "= ")], ids=["all", "mixed", "scheme", "space"])
def test_hex_digits_count_in_either_case(spell: Any) -> None:
    body = orjson.dumps(_LINE)
    signed = "sha256=" + crypto.sign(_SECRET, body)
    custom.verify(custom.Config(url="x"), _SECRET, Hook({"x-parley-signature": spell(signed)}, body))


def test_our_signature_is_the_one_that_receivers_compute() -> None:
    """HMAC-SHA256, test case 2 of RFC 4231."""
    assert crypto.sign("Jefe", b"what do ya want for nothing?") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")


def test_it_reads_one_line_or_many() -> None:
    whole = {"id": "m-2", "from": {"id": "anna", "name": "Anna", "email": "a@example.com", "phone": "+7900"},
             "text": "Привет", "chat": {"id": "chat-9"}, "something": "else"}
    one, other = custom.parse(custom.Config(url="x"), hook([_LINE, whole]))
    assert (one.external_id, one.identity, one.text, one.chat_id, one.name) == ("m-1", ("custom", "anna"), "Hello",
                                                                                "anna", "")
    assert (other.chat_id, other.name, other.email, other.phone) == ("chat-9", "Anna", "a@example.com", "+7900")
    assert custom.parse(custom.Config(url="x"), hook(_LINE)) == [one]


@given(body=st.one_of(st.binary(max_size=60), st.recursive(
    st.none() | st.booleans() | st.integers(-2**53, 2**53)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "from", "text", "chat", "x"]),
                                                                inner, max_size=4)).map(orjson.dumps)))
def test_any_body_is_lines_or_a_value_error(body: bytes) -> None:
    try:
        lines = custom.parse(custom.Config(url="x"), hook(body))
    except ValueError:
        return
    assert all(line.external_id and line.identity[1] for line in lines)


def test_the_same_body_is_the_same_event_and_a_key_comes_before_it() -> None:
    assert custom.event_id(hook(_LINE)) == custom.event_id(hook(_LINE)) != custom.event_id(hook({**_LINE, "id": "m-2"}))
    assert custom.event_id(hook(_LINE, **{"idempotency-key": "evt-1"})) == "evt-1"
    assert len(custom.event_id(hook(_LINE, **{"idempotency-key": "k" * 5_000}))) == 200


# Out

def test_it_sends_a_signed_line_with_its_key(fake: FakeServer) -> None:
    sent = custom.send(config(fake), _SECRET, _OUT)
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
        custom.send(config(fake, idempotent=idempotent), _SECRET, _OUT)
    verdict = raised.value
    assert (verdict.permanent, verdict.in_doubt, verdict.retry_after) == (permanent, doubtful and not idempotent, wait)
    assert _SECRET not in verdict.reason and len(verdict.reason) < 255


@pytest.mark.parametrize("mode", ["bad_json", "empty", "no_id", "malformed"])
def test_an_answer_without_an_id_means_sent_all_the_same(fake: FakeServer, mode: str) -> None:
    fake.mode("channel", mode)
    assert custom.send(config(fake), _SECRET, _OUT).external_id is None


def test_a_redirect_is_not_followed_with_our_signature(fake: FakeServer) -> None:
    fake.answer("channel", {}, status=302)
    with pytest.raises(ChannelError, match="302"):
        custom.send(config(fake), _SECRET, _OUT)
    assert len(fake.calls()) == 1


@pytest.mark.parametrize(("url", "permanent"), [
    ("http://127.0.0.1:9/", False), ("http://no-such-host.invalid/", False), ("nonsense", True), ("ftp://x/", True),
    ("", True)])
def test_what_was_never_reached_is_in_no_doubt(url: str, permanent: bool) -> None:
    with pytest.raises(ChannelError) as raised:
        custom.send(custom.Config(url=url, idempotent=False), _SECRET, _OUT)
    assert (raised.value.in_doubt, raised.value.permanent) == (False, permanent)


def test_a_system_on_our_own_machine_is_not_written_to_in_production(fake: FakeServer) -> None:
    http.allow_loopback(False)
    with pytest.raises(ChannelError, match="not a public address") as raised:
        custom.send(config(fake), _SECRET, _OUT)
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
    module = CHANNELS[kind]
    assert module.LIMITS.text > 0 and callable(module.send) and module.Config
    receives = [hasattr(module, name) for name in ("verify", "event_id", "parse")]
    assert all(receives) or not any(receives)
    assert any(receives) or module.LIMITS.pull, "lines come in by a webhook, or the page fetches them itself"


@pytest.mark.parametrize("where", ["line", "person", "chat"])
@pytest.mark.parametrize("bad", ["a\x00b", "a\nb", "\x7f", ""])
def test_an_id_that_no_database_could_keep_is_refused_when_it_is_read(where: str, bad: str) -> None:
    line = {**_LINE, "from": {**_LINE["from"]}, "chat": {"id": "chat-1"}}
    place = {"line": line, "person": line["from"], "chat": line["chat"]}[where]
    place["id"] = bad
    with pytest.raises(ValueError):
        custom.parse(custom.Config(url="x"), Hook({}, orjson.dumps(line)))
