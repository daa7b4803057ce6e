"""/webhooks: only who knows the channel's secret gets in, and everything else leaves no trace."""

from typing import Any

import orjson
import pytest

from hub.lib import crypto
from hub.models.channels.channel import Channel
from hub.models.channels.inbound_event import InboundEvent
from hub.models.conversations.message import Message
from hub.models.secret import Secret
from hub.services.channels import webhooks
from tests import factories
from tests.api import world as worlds
from tests.client import Client
from tests.factories import People

BODY = '{"id": "4711", "from": {"id": "vera", "name": "Вера"}, "text": "Где мой торт?"}'.encode()


@pytest.fixture
def channel(people: People) -> Channel:
    return factories.make_custom(people.tenant, "http://127.0.0.1:9/")


def signature(secret: Secret | str, body: bytes = BODY) -> str:
    return "sha256=" + crypto.sign(secret if isinstance(secret, str) else secret.reveal(), body)


def post(client: Client, channel: Channel, signed: str | None, body: bytes = BODY, expect: int | None = None,
         path: str = "") -> Any:
    given = {} if signed is None else {"X-Parley-Signature": signed}
    return client.call("POST", path or f"/webhooks/{channel.kind}/{channel.token}", data=body, expect=expect,
                       headers={"Content-Type": "application/json", **given})


def test_a_signed_event_is_stored_as_it_came_and_becomes_a_message(client: Client, channel: Channel) -> None:
    assert post(client, channel, signature(channel.secret), expect=200).get_json() == {"ok": True, "duplicate": False}
    event = InboundEvent.get()
    assert bytes(event.body) == BODY
    assert event.state == "received"
    webhooks.process(event.id)
    line = Message.get()
    assert (line.text, line.name, line.tenant_id) == ("Где мой торт?", "Вера", channel.tenant_id)


def test_the_same_event_again_is_one_event(client: Client, channel: Channel) -> None:
    for again in (False, True, True):
        assert post(client, channel, signature(channel.secret), expect=200).get_json()["duplicate"] is again
    assert InboundEvent.select().count() == 1


@pytest.mark.parametrize(("what", "signed"), [
    ("none", None), ("empty", ""), ("a word", "nonsense"), ("only the scheme", "sha256="),
    ("another secret's", signature("not the secret")), ("an empty secret's", signature("")),
    ("another body's", "{secret}|other"), ("the digest alone", "{secret}|bare"),
    ("not ASCII", "sha256=\u00e9\u00ff"), ("very long", "sha256=" + "0" * 8000)])
def test_a_wrong_signature_is_refused_and_leaves_no_row(
        client: Client, channel: Channel, what: str, signed: str | None) -> None:
    before = worlds.picture()
    result = {"{secret}|other": signature(channel.secret, b"{}"), "{secret}|bare": signature(channel.secret)[7:]}
    answer = post(client, channel, result.get(signed or "", signed), expect=403)
    assert answer.get_json()["error"]["code"] == "WEBHOOK_SIGNATURE_INVALID"
    assert worlds.picture() == before


def test_a_digest_in_capitals_is_the_same_digest(client: Client, channel: Channel) -> None:
    post(client, channel, signature(channel.secret).upper(), expect=200)
    assert InboundEvent.select().count() == 1


@pytest.mark.parametrize("body", [
    orjson.dumps(orjson.loads(BODY)), BODY + b"\n", BODY.replace(b"4711", b"4712"), b"", BODY[:-1]],
    ids=["re-serialised", "one more newline", "one digit", "nothing", "cut"])
def test_the_signature_covers_every_byte_of_the_body(client: Client, channel: Channel, body: bytes) -> None:
    post(client, channel, signature(channel.secret), body, expect=403)
    assert InboundEvent.select().count() == 0


def test_the_secret_of_one_channel_opens_no_other(client: Client, channel: Channel, people: People) -> None:
    mine, other = (factories.make_custom(owner, "http://127.0.0.1:9/") for owner in (people.tenant, people.other))
    for stranger in (mine, other):
        post(client, channel, signature(stranger.secret), expect=403)
    assert InboundEvent.select().count() == 0


def test_what_is_no_channel_for_webhooks_does_not_exist(client: Client, channel: Channel, people: People) -> None:
    site = factories.make_site(people.tenant)
    off = factories.make_custom(people.tenant, "http://127.0.0.1:9/")
    Channel.update(is_active=False).where(Channel.id == off.id).execute()
    for kind, token, secret in (("custom", "nonsense", channel.secret), ("website", site.token, site.secret),
                                ("custom", site.token, site.secret), ("telegram", channel.token, channel.secret),
                                ("custom", off.token, off.secret), ("base", channel.token, channel.secret),
                                ("custom", "a%00b", channel.secret), ("custom", "%ed%a0%80", channel.secret),
                                ("custom", "x" * 500, channel.secret)):
        post(client, channel, signature(secret), expect=404, path=f"/webhooks/{kind}/{token}")
    assert InboundEvent.select().count() == 0


@pytest.mark.parametrize(("size", "status"), [(1024 * 1024, 200), (1024 * 1024 + 1, 413)])
def test_a_body_may_have_a_megabyte(client: Client, channel: Channel, size: int, status: int) -> None:
    body = b" " * size
    post(client, channel, signature(channel.secret, body), body, expect=status)
    assert InboundEvent.select().count() == (status == 200)


@pytest.mark.parametrize("body", [b"not json", b"[]", b"[1]", b"null", b'{"id": 1}', b"\xff\xfe", b'{"id": "1"}' * 3])
def test_a_signed_body_of_another_shape_is_kept_for_a_person_to_look_at(
        client: Client, channel: Channel, body: bytes) -> None:
    post(client, channel, signature(channel.secret, body), body, expect=200)
    event = InboundEvent.get()
    webhooks.process(event.id)
    assert InboundEvent.get().state == ("done" if body == b"[]" else "failed")
    assert Message.select().count() == 0


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                                          "text/plain", "application/octet-stream"])
def test_the_content_type_does_not_change_what_is_signed(
        client: Client, channel: Channel, content_type: str) -> None:
    client.call("POST", f"/webhooks/custom/{channel.token}", data=BODY, expect=200,
                headers={"Content-Type": content_type, "X-Parley-Signature": signature(channel.secret)})
    assert bytes(InboundEvent.get().body) == BODY
